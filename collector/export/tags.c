/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tags {
	struct registry *registry;
	int64_t sequence; /* of the registry; -1: nothing read yet */
	struct line_tags *items; /* by link */
	size_t count;
};

struct list {
	struct line_tags *items;
	size_t count, room;
};

static int add_link(void *arg, const struct registry_link *link)
{
	struct list *list = arg;

	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 64;
		struct line_tags *items = realloc(list->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		list->items = items;
		list->room = room;
	}
	struct line_tags *item = &list->items[list->count++];
	item->link = link->id;
	region_parent(link->desa, REGION_DESA, item->desa);
	region_parent(link->desa, REGION_KECAMATAN, item->kecamatan);
	region_parent(link->desa, REGION_KABUPATEN, item->kabupaten);
	memcpy(item->provider, link->provider, sizeof(item->provider));
	return 0;
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
	free(tags->items);
	free(tags);
}

int tags_refresh(struct tags *tags, struct err *err)
{
	struct list list = {0};
	int64_t sequence;
	int r = registry_sequence(tags->registry, &sequence, err);

	if (r < 0 || sequence == tags->sequence)
		return r;
	r = registry_links(tags->registry, NULL, add_link, &list, err);
	if (r < 0) {
		free(list.items);
		return r;
	}
	free(tags->items);
	tags->items = list.items;
	tags->count = list.count;
	tags->sequence = sequence;
	return 0;
}

const struct line_tags *tags_find(const struct tags *tags, int64_t link)
{
	size_t low = 0, high = tags->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tags->items[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tags->count && tags->items[low].link == link ? &tags->items[low] : NULL;
}
