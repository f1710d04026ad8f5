/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"

#define CHAINS 4096
/* 24 bytes each: what a thousand routers gather in a quarter of a year at one an hour. When it is
 * full everything is forgotten and read again as it is needed. */
#define CACHED_MAX 2000000

struct anchor_cache {
	struct boot_anchors *chains[CHAINS];
	size_t total; /* anchors in memory */
	bool pinned; /* nothing is forgotten for now */
};

struct anchor_cache *anchor_cache_new(void)
{
	return calloc(1, sizeof(struct anchor_cache));
}

void anchor_cache_clear(struct anchor_cache *cache)
{
	for (size_t i = 0; i < CHAINS; i++) {
		while (cache->chains[i]) {
			struct boot_anchors *first = cache->chains[i];
			cache->chains[i] = first->next;
			free(first->items);
			free(first);
		}
	}
	cache->total = 0;
}

void anchor_cache_free(struct anchor_cache *cache)
{
	if (!cache)
		return;
	anchor_cache_clear(cache);
	free(cache);
}

static struct boot_anchors **find(struct anchor_cache *cache, int64_t boot)
{
	struct boot_anchors **at = &cache->chains[(uint64_t)boot % CHAINS];

	while (*at && (*at)->boot != boot)
		at = &(*at)->next;
	return at;
}

void anchor_cache_drop(struct anchor_cache *cache, int64_t boot)
{
	struct boot_anchors **at = find(cache, boot), *gone = *at;

	if (!gone)
		return;
	*at = gone->next;
	cache->total -= gone->count;
	free(gone->items);
	free(gone);
}

void anchor_cache_pin(struct anchor_cache *cache, bool pinned)
{
	cache->pinned = pinned;
	if (!pinned && cache->total > CACHED_MAX)
		anchor_cache_clear(cache);
}

int boot_anchors_copy(const struct boot_anchors *from, struct boot_anchors *ret_anchors)
{
	struct place_anchor *items = calloc(from->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	if (from->count)
		memcpy(items, from->items, from->count * sizeof(*items));
	*ret_anchors = (struct boot_anchors){
		.boot = from->boot, .items = items, .count = from->count};
	return 0;
}

struct loading {
	struct boot_anchors *anchors;
	size_t room;
};

static int append(void *arg, const struct kept_anchor *anchor)
{
	struct loading *loading = arg;
	struct boot_anchors *anchors = loading->anchors;

	if (anchors->count == loading->room) {
		size_t wanted = loading->room ? loading->room * 2 : 8;
		struct place_anchor *items = realloc(anchors->items, wanted * sizeof(*items));
		if (!items)
			return -ENOMEM;
		anchors->items = items;
		loading->room = wanted;
	}
	anchors->items[anchors->count++] = (struct place_anchor){
		anchor->mono_us, anchor->utc_us, anchor->error_us};
	return 0;
}

int boot_anchors_load(
	struct db *db, int64_t boot, struct boot_anchors *ret_anchors, struct err *err)
{
	struct boot_anchors anchors = {.boot = boot};
	struct loading loading = {.anchors = &anchors};
	int r = anchors_each(db, boot, append, &loading, err);

	if (r < 0) {
		free(anchors.items);
		return r;
	}
	if (anchors.count)
		anchors.count = place_choose(anchors.items, anchors.count);
	*ret_anchors = anchors;
	return 0;
}

int anchor_cache_get(struct anchor_cache *cache, struct db *db, int64_t boot,
	const struct boot_anchors **ret_anchors, struct err *err)
{
	struct boot_anchors **at = find(cache, boot), *fresh;
	int r;

	if (*at) {
		*ret_anchors = *at;
		return 0;
	}
	if (cache->total > CACHED_MAX && !cache->pinned)
		anchor_cache_clear(cache);
	fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return err_errno(err, -ENOMEM, "anchors of a boot");
	r = boot_anchors_load(db, boot, fresh, err);
	if (r < 0) {
		free(fresh);
		return r;
	}
	fresh->next = cache->chains[(uint64_t)boot % CHAINS];
	cache->chains[(uint64_t)boot % CHAINS] = fresh;
	cache->total += fresh->count;
	*ret_anchors = fresh;
	return 0;
}

int anchor_cache_note(
	struct anchor_cache *cache, struct db *db, int64_t boot, bool *ret_noted, struct err *err)
{
	const struct boot_anchors *anchors;
	int r = anchor_cache_get(cache, db, boot, &anchors, err);

	if (r < 0)
		return r;
	*ret_noted = anchors->noted;
	(*find(cache, boot))->noted = true;
	return 0;
}
