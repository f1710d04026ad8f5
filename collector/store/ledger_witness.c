/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_witness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"
#include "proto/codec.h"

struct anchors { /* of one boot, by moment */
	struct ledger_anchor *items;
	struct place_anchor *usable; /* those that place */
	size_t count, room, usable_count;
};

static int append(void *arg, const struct kept_anchor *anchor)
{
	struct anchors *anchors = arg;

	if (anchors->count == anchors->room) {
		size_t room = anchors->room ? anchors->room * 2 : 16;
		struct ledger_anchor *items = realloc(anchors->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		anchors->items = items;
		anchors->room = room;
	}
	anchors->items[anchors->count++] = (struct ledger_anchor){
		.there = true,
		.run = anchor->key.run,
		.sequence = anchor->key.sequence,
		.mono_us = anchor->mono_us,
		.utc_us = anchor->utc_us,
		.error_us = anchor->error_us,
		.source = (enum anchor_source)anchor->source,
		.received_us = anchor->received_us,
	};
	return 0;
}

static int by_moment(const void *left, const void *right)
{
	const struct ledger_anchor *a = left, *b = right;

	if (a->mono_us != b->mono_us)
		return a->mono_us < b->mono_us ? -1 : 1;
	if (a->error_us != b->error_us)
		return a->error_us < b->error_us ? -1 : 1;
	return (a->utc_us > b->utc_us) - (a->utc_us < b->utc_us);
}

/* 0: nothing of it is known. */
static int boot_row(struct ledger_db *db, uint32_t agent, const uint8_t boot[BOOT_BYTES],
	int64_t *ret_row, struct err *err)
{
	struct query q;

	*ret_row = 0;
	db_query(&q, db->db, "SELECT id FROM boot WHERE agent = ? AND boot = ?");
	query_number(&q, agent);
	query_bytes(&q, boot, BOOT_BYTES);
	if (query_next(&q) > 0)
		*ret_row = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int load(struct ledger_db *db, const struct ledger_slot *slot, struct anchors *anchors,
	struct err *err)
{
	int64_t boot = 0;
	int r = boot_row(db, slot->agent, slot->boot, &boot, err);

	if (r == 0)
		r = anchors_each(db->db, boot, append, anchors, err);
	if (anchors->count)
		qsort(anchors->items, anchors->count, sizeof(*anchors->items), by_moment);
	return r;
}

static int choose(struct anchors *anchors)
{
	anchors->usable = calloc(anchors->count + 1, sizeof(*anchors->usable));
	if (!anchors->usable)
		return -ENOMEM;
	for (size_t i = 0; i < anchors->count; i++)
		anchors->usable[i] = (struct place_anchor){anchors->items[i].mono_us,
			anchors->items[i].utc_us, anchors->items[i].error_us};
	anchors->usable_count = place_choose(anchors->usable, anchors->count);
	return 0;
}

/* The record of a usable anchor. */
static struct ledger_anchor find(const struct anchors *anchors, size_t usable)
{
	const struct place_anchor *wanted = &anchors->usable[usable];

	for (size_t i = 0; i < anchors->count; i++) {
		const struct ledger_anchor *anchor = &anchors->items[i];
		if (anchor->mono_us == wanted->mono_us && anchor->utc_us == wanted->utc_us &&
			anchor->error_us == wanted->error_us)
			return *anchor;
	}
	return (struct ledger_anchor){0};
}

static struct ledger_clock look(const struct anchors *anchors, uint64_t mono_us)
{
	struct ledger_clock clock = {.anchors = anchors->count, .usable = anchors->usable_count};
	size_t used = 0;

	if (!anchors->usable_count)
		return clock;
	/* as place_us() has it: the last one at or before the moment, or else the first */
	while (used + 1 < anchors->usable_count && anchors->usable[used + 1].mono_us <= mono_us)
		used++;
	clock.used = find(anchors, used);
	if (used > 0)
		clock.before = find(anchors, used - 1);
	if (used + 1 < anchors->usable_count)
		clock.after = find(anchors, used + 1);
	return clock;
}

int ledger_clock_of(struct ledger_db *db, const struct ledger_slot *slot,
	struct ledger_clock *ret_clock, struct err *err)
{
	struct anchors anchors = {0};
	int r = load(db, slot, &anchors, err);

	if (r == 0) {
		r = choose(&anchors);
		if (r < 0)
			err_errno(err, r, "anchors of a slot");
	}
	if (r == 0)
		*ret_clock = look(&anchors, slot->slot->start_us);
	free(anchors.usable);
	free(anchors.items);
	return r;
}

/* ---- what else came under its key */

static int place_content(struct ledger_db *db, uint32_t agent, const struct slot *content,
	struct ledger_conflict *conflict, struct err *err)
{
	const struct boot_anchors *anchors;
	int64_t boot = 0;
	int r = boot_row(db, agent, content->boot, &boot, err);

	if (r == 0)
		r = anchor_cache_get(db->anchors, db->db, boot, &anchors, err);
	if (r < 0 || !anchors->count)
		return r;
	conflict->placed = true;
	conflict->from_s = place_s(anchors->items, anchors->count, content->start_us);
	conflict->to_s = place_s(
		anchors->items, anchors->count, content->start_us + content->length_ms * 1000ULL);
	return 0;
}

struct contents { /* of one key */
	struct ledger_db *db;
	const struct ledger_slot *slot;
	struct record *record; /* decoded, scratch: the slot is still in the handle's */
	int (*each)(void *arg, const struct ledger_conflict *conflict);
	void *arg;
};

static int give_content(struct contents *contents, struct query *q, struct err *err)
{
	const struct slot *content = &contents->record->slot;
	struct ledger_conflict conflict = {.received_us = query_get_number(q, 0)};
	const void *bytes = query_get_bytes(q, 2, &conflict.bytes);
	int r = 0;

	query_copy_text(q, 1, conflict.via_wan, sizeof(conflict.via_wan));
	conflict.is_slot = codec_record_decode(bytes, conflict.bytes, contents->record, NULL) ==
			0 &&
		contents->record->kind == RECORD_SLOT;
	if (conflict.is_slot) {
		memcpy(conflict.boot, content->boot, BOOT_BYTES);
		conflict.address = content->facts.address;
		r = place_content(contents->db, contents->slot->agent, content, &conflict, err);
	}
	return r < 0 ? r : contents->each(contents->arg, &conflict);
}

int ledger_conflicts(struct ledger_db *db, const struct ledger_slot *slot,
	int (*each)(void *arg, const struct ledger_conflict *conflict), void *arg, struct err *err)
{
	struct contents contents = {.db = db,
		.slot = slot,
		.record = malloc(sizeof(struct record)),
		.each = each,
		.arg = arg};
	struct query q;
	int stop = 0, r;

	if (!contents.record)
		return err_errno(err, -ENOMEM, "contents of a slot");
	db_query(&q, db->db,
		"SELECT received_us, via_wan, record FROM conflict"
		" WHERE agent = ? AND run = ? AND sequence = ? ORDER BY received_us, hash");
	query_number(&q, slot->agent);
	query_number(&q, slot->run);
	query_number(&q, slot->sequence);
	while (!stop && query_next(&q) > 0)
		stop = give_content(&contents, &q, err);
	r = query_end(&q, stop < 0 ? NULL : err);
	free(contents.record);
	return stop ? stop : r;
}

int ledger_find_boot(struct ledger_db *db, uint32_t agent, const char *prefix,
	uint8_t ret_boot[BOOT_BYTES], struct err *err)
{
	int64_t found = 0;
	size_t length;
	struct query q;
	int r;

	db_query(&q, db->db,
		"SELECT boot FROM boot WHERE agent = ?1 AND"
		" substr(lower(hex(boot)), 1, length(?2)) = lower(?2)");
	query_number(&q, agent);
	query_text(&q, prefix);
	for (; query_next(&q) > 0; found++) {
		const void *boot = query_get_bytes(&q, 0, &length);
		if (found == 0 && length == BOOT_BYTES)
			memcpy(ret_boot, boot, BOOT_BYTES);
	}
	r = query_end(&q, err);
	if (r < 0 || found == 1)
		return r;
	return found
		? err_set(err, -EEXIST, "boot %s: several of agent %u begin so", prefix, agent)
		: err_set(err, -ENOENT, "boot %s: agent %u has none that begins so", prefix, agent);
}

int ledger_doubted_agents(
	struct ledger_db *db, int (*each)(void *arg, uint32_t agent), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT agent FROM conflict UNION SELECT agent FROM twin ORDER BY agent");
	while (!stop && query_next(&q) > 0)
		stop = each(arg, (uint32_t)query_get_number(&q, 0));
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
