/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's slots one after the other, whatever pages they are in. Pages that overlap are read
 * together and their slots sorted; those that do not follow each other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_source.h"

struct found { /* a slot of one of the present pages */
	struct placed_slot placed;
	uint32_t run, sequence;
	size_t source, i;
};

struct giver {
	struct ledger_db *db;
	const struct ledger_span *span;
	struct sources sources;
	struct found *items;
	size_t count, room;
	struct settlements settlements;
	bool settled; /* they were loaded */
	int (*each)(void *arg, const struct ledger_slot *slot);
	void *arg;
};

static int add_found(struct giver *giver, const struct found *found)
{
	if (giver->count == giver->room) {
		size_t room = giver->room ? giver->room * 2 : 256;
		struct found *items = realloc(giver->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		giver->items = items;
		giver->room = room;
	}
	giver->items[giver->count++] = *found;
	return 0;
}

static int find_slots(struct giver *giver, size_t number, struct err *err)
{
	const struct source *source = &giver->sources.items[number];
	const struct boot_anchors *anchors;
	const struct bundle *bundle;
	int r = bundle_load(giver->db, &source->ref, &bundle, err);

	if (r == 0)
		r = anchor_cache_get(
			giver->db->anchors, giver->db->db, source->ref.boot, &anchors, err);
	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		const struct bundle_item *item = bundle_item(bundle, i);
		struct found found = {.run = source->ref.run,
			.sequence = item->sequence,
			.source = number,
			.i = i};
		if (!source_place(source, &giver->sources, anchors, item, &found.placed) ||
			found.placed.at.to <= giver->span->from_s ||
			found.placed.at.from >= giver->span->to_s)
			continue;
		if (add_found(giver, &found) < 0)
			r = err_errno(err, -ENOMEM, "slots of a link");
	}
	return r;
}

static uint32_t agent_of(const struct giver *giver, const struct found *found)
{
	return giver->sources.bindings[giver->sources.items[found->source].binding].agent;
}

static int by_place(const void *left, const void *right, void *arg)
{
	const struct found *a = left, *b = right;
	uint32_t a_agent = agent_of(arg, a), b_agent = agent_of(arg, b);

	if (a->placed.at.from != b->placed.at.from)
		return a->placed.at.from < b->placed.at.from ? -1 : 1;
	if (a_agent != b_agent)
		return a_agent < b_agent ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static int is_settled(
	struct giver *giver, const struct ledger_slot *slot, bool *ret_settled, struct err *err)
{
	int r = 0;

	if (!giver->settled)
		r = settlements_load(giver->db->db, &giver->settlements, err);
	giver->settled = r == 0;
	*ret_settled = r == 0 &&
		settlements_cover(&giver->settlements, slot->agent, slot->from_s, slot->to_s);
	return r;
}

static int give(struct giver *giver, const struct found *found, struct err *err)
{
	const struct source *source = &giver->sources.items[found->source];
	struct ledger_slot slot = {
		.agent = agent_of(giver, found),
		.run = found->run,
		.sequence = found->sequence,
		.link = giver->span->link,
		.from_s = found->placed.at.from,
		.to_s = found->placed.at.to,
		.start_utc_us = found->placed.start_utc_us,
		.packed = source->ref.packed,
		.slot = &giver->db->record->slot,
	};
	const struct bundle *bundle;
	struct page_slot beside;
	bool settled = false;
	int r = bundle_load(giver->db, &source->ref, &bundle, err);

	if (r == 0)
		r = bundle_slot(bundle, found->i, giver->db->record, &beside, err);
	if (r < 0)
		return r;
	memcpy(slot.boot, slot.slot->boot, BOOT_BYTES);
	memcpy(slot.via_wan, beside.via_wan, sizeof(slot.via_wan));
	slot.length_ms = slot.slot->length_ms;
	slot.received_us = beside.received_us;
	slot.evidence = bundle_item(bundle, found->i)->evidence;
	if (beside.disputed)
		r = is_settled(giver, &slot, &settled, err);
	slot.disputed = beside.disputed && !settled;
	return r < 0 ? r : giver->each(giver->arg, &slot);
}

/* Those of pages [first, last), in order. */
static int give_pages(struct giver *giver, size_t first, size_t last, struct err *err)
{
	int r = 0;

	giver->count = 0;
	for (size_t i = first; r == 0 && i < last; i++)
		r = find_slots(giver, i, err);
	if (r == 0 && giver->count)
		qsort_r(giver->items, giver->count, sizeof(*giver->items), by_place, giver);
	for (size_t i = 0; r == 0 && i < giver->count; i++)
		r = give(giver, &giver->items[i], err);
	return r;
}

int ledger_slots(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err)
{
	struct giver giver = {.db = db, .span = span, .each = each, .arg = arg};
	size_t first = 0;
	int r = sources_find(db, span, &giver.sources, err);

	while (r == 0 && first < giver.sources.count) {
		const struct source *items = giver.sources.items;
		int64_t to = items[first].hull.to;
		size_t last = first + 1;
		for (; last < giver.sources.count && items[last].hull.from < to; last++) {
			if (items[last].hull.to > to)
				to = items[last].hull.to;
		}
		r = give_pages(&giver, first, last, err);
		first = last;
	}
	settlements_done(&giver.settlements);
	sources_done(&giver.sources);
	free(giver.items);
	return r;
}

static int boot_id(
	struct ledger_db *db, const struct ledger_slot *slot, int64_t *ret_id, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db->db, "SELECT id FROM boot WHERE agent = ? AND boot = ?");
	query_number(&q, slot->agent);
	query_bytes(&q, slot->boot, sizeof(slot->boot));
	found = query_next(&q);
	if (found > 0)
		*ret_id = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "boot of agent %u is unknown", slot->agent);
	return r;
}

int ledger_place_us(struct ledger_db *db, const struct ledger_slot *slot, uint64_t mono_us,
	int64_t *ret_utc_us, struct err *err)
{
	const struct boot_anchors *anchors;
	int64_t id = 0;
	int r = boot_id(db, slot, &id, err);

	if (r == 0)
		r = anchor_cache_get(db->anchors, db->db, id, &anchors, err);
	if (r < 0)
		return r;
	if (!anchors->count)
		return err_set(err, -ENODATA, "boot of agent %u has no anchor", slot->agent);
	*ret_utc_us = place_us(anchors->items, anchors->count, mono_us);
	return 0;
}
