/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"
#include "proto/codec.h"

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

/* ---- those that lost their key to another device */

#define ANCHOR_RECORD_BYTES 80 /* more than an anchor takes; slots are longer */

struct rivals {
	struct db *db;
	int64_t boot;
	uint8_t id[BOOT_BYTES];
	struct record_key last; /* the one before */
	struct record *record; /* decoded, scratch */
	struct loading *loading;
};

/* Of contents of one key and boot only the one with the smallest digest counts, as elsewhere. */
static int append_rival(struct rivals *rivals, struct query *q, struct err *err)
{
	const struct anchor *anchor = &rivals->record->anchor;
	struct kept_anchor kept = {
		.key = {(uint32_t)query_get_number(q, 0), (uint32_t)query_get_number(q, 1)}};
	struct kept_anchor standing;
	size_t length;
	const void *bytes = query_get_bytes(q, 2, &length);
	int r;

	if (codec_record_decode(bytes, length, rivals->record, NULL) != 0 ||
		rivals->record->kind != RECORD_ANCHOR ||
		memcmp(anchor->boot, rivals->id, BOOT_BYTES) != 0 ||
		(kept.key.run == rivals->last.run && kept.key.sequence == rivals->last.sequence))
		return 0;
	rivals->last = kept.key;
	r = anchors_find(rivals->db, rivals->boot, kept.key, &standing, err);
	if (r != -ENOENT)
		return r;
	kept.mono_us = anchor->mono_us;
	kept.utc_us = anchor->utc_us;
	kept.error_us = anchor->error_us;
	return append(rivals->loading, &kept);
}

/* Two devices with one identity: each one's clock is told by its own anchors, whichever of two
 * under one key stands. */
static int append_rivals(struct db *db, int64_t boot, struct loading *loading, struct err *err)
{
	struct rivals rivals = {.db = db, .boot = boot, .loading = loading};
	struct query q;
	size_t length;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT c.run, c.sequence, c.record, b.boot FROM boot AS b JOIN conflict AS c"
		" ON c.agent = b.agent AND c.run BETWEEN b.first_run AND b.last_run"
		" WHERE b.id = ?1 AND length(c.record) <= ?2 AND instr(c.record, b.boot) > 0"
		" ORDER BY c.run, c.sequence, c.hash");
	query_number(&q, boot);
	query_number(&q, ANCHOR_RECORD_BYTES);
	while (!failed && query_next(&q) > 0) {
		const void *id = query_get_bytes(&q, 3, &length);
		if (!rivals.record)
			rivals.record = calloc(1, sizeof(*rivals.record));
		if (!rivals.record || length != BOOT_BYTES) {
			failed = rivals.record ? -EBADMSG : -ENOMEM;
			break;
		}
		memcpy(rivals.id, id, BOOT_BYTES);
		failed = append_rival(&rivals, &q, err);
	}
	r = query_end(&q, failed ? NULL : err);
	free(rivals.record);
	return failed ? err_errno(err, failed, "anchors of a boot") : r;
}

/* The chosen ones stay in memory for long: the room that the others had does not. */
static void give_back(struct boot_anchors *anchors)
{
	struct place_anchor *items = NULL;

	if (anchors->count)
		items = realloc(anchors->items, anchors->count * sizeof(*items));
	if (items)
		anchors->items = items;
}

int boot_anchors_load(
	struct db *db, int64_t boot, struct boot_anchors *ret_anchors, struct err *err)
{
	struct boot_anchors anchors = {.boot = boot};
	struct loading loading = {.anchors = &anchors};
	int r = anchors_each(db, boot, append, &loading, err);

	if (r == 0)
		r = append_rivals(db, boot, &loading, err);
	if (r < 0) {
		free(anchors.items);
		return r;
	}
	if (anchors.count)
		anchors.count = place_choose(anchors.items, anchors.count);
	give_back(&anchors);
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
