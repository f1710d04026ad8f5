/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_witness.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_private.h"

struct anchors { /* of one boot, by moment */
	struct ledger_anchor *items;
	struct place_anchor *usable; /* those that place */
	size_t count, room, usable_count;
};

static int append(struct anchors *anchors, struct query *q)
{
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
		.run = (uint32_t)query_get_number(q, 0),
		.sequence = (uint32_t)query_get_number(q, 1),
		.mono_us = (uint64_t)query_get_number(q, 2),
		.utc_us = query_get_number(q, 3),
		.error_us = (uint64_t)query_get_number(q, 4),
		.source = (enum anchor_source)query_get_number(q, 5),
		.received_us = query_get_number(q, 6),
	};
	return 0;
}

static int load(struct ledger_db *db, const struct ledger_slot *slot, struct anchors *anchors,
	struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, db->db,
		"SELECT a.run, a.sequence, a.mono_us, a.utc_us, a.error_us, a.source,"
		" a.received_us FROM anchor AS a JOIN boot AS b ON b.id = a.boot"
		" WHERE b.agent = ? AND b.boot = ? ORDER BY a.mono_us, a.error_us, a.utc_us");
	query_number(&q, slot->agent);
	query_bytes(&q, slot->boot, sizeof(slot->boot));
	while (!failed && query_next(&q) > 0)
		failed = append(anchors, &q);
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "anchors of a slot") : r;
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
