/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_witness.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_private.h"

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

static int load(struct ledger_db *db, const struct ledger_slot *slot, struct anchors *anchors,
	struct err *err)
{
	int64_t boot = 0;
	struct query q;
	int r;

	db_query(&q, db->db, "SELECT id FROM boot WHERE agent = ? AND boot = ?");
	query_number(&q, slot->agent);
	query_bytes(&q, slot->boot, sizeof(slot->boot));
	if (query_next(&q) > 0)
		boot = query_get_number(&q, 0);
	r = query_end(&q, err);
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

int ledger_conflicts(struct ledger_db *db, const struct ledger_slot *slot,
	int (*each)(void *arg, const struct ledger_conflict *conflict), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT received_us, via_wan, length(record) FROM conflict"
		" WHERE agent = ? AND run = ? AND sequence = ? ORDER BY received_us, hash");
	query_number(&q, slot->agent);
	query_number(&q, slot->run);
	query_number(&q, slot->sequence);
	while (!stop && query_next(&q) > 0) {
		struct ledger_conflict conflict = {
			.received_us = query_get_number(&q, 0),
			.bytes = (size_t)query_get_number(&q, 2),
		};
		query_copy_text(&q, 1, conflict.via_wan, sizeof(conflict.via_wan));
		stop = each(arg, &conflict);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int ledger_doubted_agents(
	struct ledger_db *db, int (*each)(void *arg, uint32_t agent), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db, "SELECT DISTINCT agent FROM conflict ORDER BY agent");
	while (!stop && query_next(&q) > 0)
		stop = each(arg, (uint32_t)query_get_number(&q, 0));
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
