/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX_BYTES (256 * 1024 * 1024) /* the country's links take 8 MB */

struct heads {
	struct line_head *items; /* by link */
	size_t count, room;
	struct buf texts; /* what they point to, one after the other */
};

struct tags {
	struct registry *registry;
	int64_t sequence; /* of the registry; -1: nothing read yet */
	struct heads heads;
};

static void heads_done(struct heads *heads)
{
	free(heads->items);
	buf_done(&heads->texts);
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct heads *heads = arg;
	size_t length = buf_length(&heads->texts);
	struct line_tags tags = {.link = link->id};
	int r;

	if (heads->count == heads->room) {
		size_t room = heads->room ? heads->room * 2 : 64;
		struct line_head *items = realloc(heads->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		heads->items = items;
		heads->room = room;
	}
	region_parent(link->desa, REGION_DESA, tags.desa);
	region_parent(link->desa, REGION_KECAMATAN, tags.kecamatan);
	region_parent(link->desa, REGION_KABUPATEN, tags.kabupaten);
	memcpy(tags.provider, link->provider, sizeof(tags.provider));
	r = line_tags_append(&heads->texts, &tags);
	if (r < 0)
		return r;
	heads->items[heads->count++] = (struct line_head){
		.link = link->id, .length = buf_length(&heads->texts) - length};
	return 0;
}

/* Now that they move no more. */
static void point(struct heads *heads)
{
	const char *text = (const char *)buf_peek(&heads->texts);

	for (size_t i = 0; i < heads->count; i++) {
		heads->items[i].text = text;
		text += heads->items[i].length;
	}
}

int tags_open(const char *state, struct tags **ret_tags, struct err *err)
{
	struct tags *tags = calloc(1, sizeof(*tags));
	int r;

	if (!tags)
		return err_errno(err, -ENOMEM, "%s", state);
	tags->sequence = -1;
	r = registry_open(state, REGISTRY_READ, NULL, &tags->registry, err);
	if (r < 0) {
		tags_close(tags);
		return r;
	}
	*ret_tags = tags;
	return 0;
}

void tags_close(struct tags *tags)
{
	if (!tags)
		return;
	registry_close(tags->registry);
	heads_done(&tags->heads);
	free(tags);
}

int tags_refresh(struct tags *tags, struct err *err)
{
	struct heads heads = {0};
	int64_t sequence;
	int r = registry_sequence(tags->registry, &sequence, err);

	if (r < 0 || sequence == tags->sequence)
		return r;
	buf_init(&heads.texts, TEXTS_MAX_BYTES);
	r = registry_links(tags->registry, NULL, add_link, &heads, err);
	if (r < 0) {
		heads_done(&heads);
		return r;
	}
	point(&heads);
	heads_done(&tags->heads);
	tags->heads = heads;
	tags->sequence = sequence;
	return 0;
}

const struct line_head *tags_find(const struct tags *tags, int64_t link)
{
	const struct line_head *items = tags->heads.items;
	size_t low = 0, high = tags->heads.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (items[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tags->heads.count && items[low].link == link ? &items[low] : NULL;
}
