/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_private.h"

#define CHAINS 4096
/* 24 bytes each: what a thousand routers gather in a quarter of a year at one an hour. When it is
 * full everything is forgotten and read again as it is needed. */
#define CACHED_MAX 2000000

struct anchor_cache {
	struct boot_anchors *chains[CHAINS];
	size_t total; /* anchors in memory */
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

int anchor_cache_take(struct anchor_cache *cache, int64_t boot, struct place_anchor **ret_items,
	size_t *ret_count)
{
	struct boot_anchors **at = find(cache, boot), *gone = *at;

	if (!gone)
		return -ENOENT;
	*at = gone->next;
	cache->total -= gone->count;
	*ret_items = gone->items;
	*ret_count = gone->count;
	free(gone);
	return 0;
}

static int append(struct boot_anchors *anchors, size_t *room, struct place_anchor anchor)
{
	if (anchors->count == *room) {
		size_t wanted = *room ? *room * 2 : 8;
		struct place_anchor *items = realloc(anchors->items, wanted * sizeof(*items));
		if (!items)
			return -ENOMEM;
		anchors->items = items;
		*room = wanted;
	}
	anchors->items[anchors->count++] = anchor;
	return 0;
}

static int load(struct db *db, struct boot_anchors *anchors, struct err *err)
{
	struct query q;
	size_t room = 0;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT mono_us, utc_us, error_us FROM anchor WHERE boot = ? ORDER BY mono_us");
	query_number(&q, anchors->boot);
	while (!failed && query_next(&q) > 0) {
		struct place_anchor anchor = {
			.mono_us = (uint64_t)query_get_number(&q, 0),
			.utc_us = query_get_number(&q, 1),
			.error_us = (uint64_t)query_get_number(&q, 2),
		};
		failed = append(anchors, &room, anchor);
	}
	r = query_end(&q, err);
	if (r == 0 && failed)
		r = err_errno(err, failed, "anchors of a boot");
	if (r == 0 && anchors->count)
		anchors->count = place_choose(anchors->items, anchors->count);
	return r;
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
	if (cache->total > CACHED_MAX)
		anchor_cache_clear(cache);
	fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return err_errno(err, -ENOMEM, "anchors of a boot");
	fresh->boot = boot;
	r = load(db, fresh, err);
	if (r < 0) {
		free(fresh->items);
		free(fresh);
		return r;
	}
	fresh->next = cache->chains[(uint64_t)boot % CHAINS];
	cache->chains[(uint64_t)boot % CHAINS] = fresh;
	cache->total += fresh->count;
	*ret_anchors = fresh;
	return 0;
}
