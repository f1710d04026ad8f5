/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link's slots one after the other, whatever pages they are in. Pages that overlap are read
 * together and their slots sorted; those that do not follow each other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_chosen.h"

struct found { /* a slot of one of the present pages, or one that is kept beside them */
	struct placed_slot placed;
	uint32_t agent, run, sequence;
	bool disputed;
	struct evidence evidence;
	size_t source, i; /* in a page, or */
	const struct chosen_slot *chosen;
};

struct giver {
	struct ledger_db *db;
	const struct ledger_span *span;
	const struct sources *sources;
	struct found *items;
	size_t count, room;
	bool mixed; /* not found in their order */
	struct chosen chosen;
	bool places;
	int (*each)(void *arg, const struct ledger_slot *slot);
	void *arg;
};

static int by_place(const void *left, const void *right)
{
	const struct found *a = left, *b = right;

	if (a->placed.at.from != b->placed.at.from)
		return a->placed.at.from < b->placed.at.from ? -1 : 1;
	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

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
	giver->mixed |= giver->count && by_place(&giver->items[giver->count - 1], found) > 0;
	giver->items[giver->count++] = *found;
	return 0;
}

/* Whether it is given at all, and disputed. */
static bool see_found(struct giver *giver, const struct source *source, struct found *found)
{
	const struct chosen_key key = {
		found->agent, found->run, found->sequence, source->ref.boot, found->disputed};
	enum chosen_say say = chosen_ask(&giver->chosen, &key, &found->placed.at);

	found->disputed = say == CHOSEN_DISPUTED;
	return say != CHOSEN_HIDDEN && found->placed.at.to > giver->span->from_s &&
		found->placed.at.from < giver->span->to_s;
}

static int find_slots(struct giver *giver, size_t number, struct err *err)
{
	const struct source *source = &giver->sources->items[number];
	const struct boot_anchors *anchors;
	const struct bundle *bundle;
	int r;

	if (source->hull.to <= giver->span->from_s || source->hull.from >= giver->span->to_s)
		return 0;
	r = bundle_load(giver->db, &source->ref, &bundle, err);
	if (r == 0)
		r = anchor_cache_get(
			giver->db->anchors, giver->db->db, source->ref.boot, &anchors, err);
	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		const struct bundle_item *item = bundle_item(bundle, i);
		struct found found = {
			.agent = giver->sources->bindings[source->binding].agent,
			.run = source->ref.run,
			.sequence = item->sequence,
			.disputed = item->disputed,
			.evidence = item->evidence,
			.source = number,
			.i = i,
		};
		if (source_place(source, giver->sources, anchors, item, &found.placed) &&
			see_found(giver, source, &found) && add_found(giver, &found) < 0)
			r = err_errno(err, -ENOMEM, "slots of a link");
	}
	return r;
}

static int find_chosen(struct giver *giver, struct err *err)
{
	for (size_t i = 0; i < giver->chosen.count; i++) {
		const struct chosen_slot *chosen = &giver->chosen.items[i];
		const struct found found = {
			.placed = chosen->placed,
			.agent = chosen->agent,
			.run = chosen->run,
			.sequence = chosen->sequence,
			.evidence = chosen->evidence,
			.chosen = chosen,
		};
		if (!chosen->twice && chosen->placed.at.to > giver->span->from_s &&
			chosen->placed.at.from < giver->span->to_s && add_found(giver, &found) < 0)
			return err_errno(err, -ENOMEM, "slots of a link");
	}
	return 0;
}

/* Of a page: decoded into db->record. */
static int read_found(struct giver *giver, const struct found *found, struct page_slot *ret_beside,
	struct err *err)
{
	const struct bundle *bundle;
	int r;

	if (found->chosen)
		return chosen_read(giver->db, found->chosen, ret_beside, err);
	r = bundle_load(giver->db, &giver->sources->items[found->source].ref, &bundle, err);
	return r < 0 ? r : bundle_slot(bundle, found->i, giver->db->record, ret_beside, err);
}

static int give(struct giver *giver, const struct found *found, struct err *err)
{
	struct ledger_slot slot = {
		.agent = found->agent,
		.run = found->run,
		.sequence = found->sequence,
		.link = giver->span->link,
		.from_s = found->placed.at.from,
		.to_s = found->placed.at.to,
		.start_utc_us = found->placed.start_utc_us,
		.evidence = found->evidence,
		.disputed = found->disputed,
		.packed = !found->chosen && giver->sources->items[found->source].ref.packed,
	};
	struct page_slot beside;
	int r;

	if (giver->places)
		return giver->each(giver->arg, &slot);
	r = read_found(giver, found, &beside, err);
	if (r < 0)
		return r;
	slot.slot = &giver->db->record->slot;
	memcpy(slot.boot, slot.slot->boot, BOOT_BYTES);
	memcpy(slot.via_wan, beside.via_wan, sizeof(slot.via_wan));
	slot.length_ms = slot.slot->length_ms;
	slot.received_us = beside.received_us;
	return giver->each(giver->arg, &slot);
}

/* Those of pages [first, last), in order; those beside the pages with all of them. */
static int give_pages(struct giver *giver, size_t first, size_t last, struct err *err)
{
	int r = 0;

	giver->count = 0;
	giver->mixed = false;
	for (size_t i = first; r == 0 && i < last; i++)
		r = find_slots(giver, i, err);
	if (r == 0)
		r = find_chosen(giver, err);
	if (r == 0 && giver->mixed)
		qsort(giver->items, giver->count, sizeof(*giver->items), by_place);
	for (size_t i = 0; r == 0 && i < giver->count; i++)
		r = give(giver, &giver->items[i], err);
	return r;
}

/* Pages from `first` on overlap up to here. */
static size_t overlapping(const struct giver *giver, size_t first)
{
	const struct source *items = giver->sources->items;
	int64_t to = items[first].hull.to;
	size_t last = first + 1;

	for (; last < giver->sources->count && items[last].hull.from < to; last++) {
		if (items[last].hull.to > to)
			to = items[last].hull.to;
	}
	return last;
}

int ledger_slots_among(struct ledger_db *db, const struct sources *sources,
	const struct ledger_span *span, const struct slots_to *to, struct err *err)
{
	struct giver giver = {.db = db,
		.span = span,
		.sources = sources,
		.places = to->places,
		.each = to->each,
		.arg = to->arg};
	size_t first = 0, last;
	int r = chosen_load(db, sources, span, &giver.chosen, err);

	if (r == 0 && giver.chosen.count)
		r = give_pages(&giver, 0, sources->count, err);
	for (; r == 0 && !giver.chosen.count && first < sources->count; first = last) {
		last = overlapping(&giver, first);
		r = give_pages(&giver, first, last, err);
	}
	chosen_done(&giver.chosen);
	free(giver.items);
	return r;
}

static int give_span(struct ledger_db *db, const struct ledger_span *span,
	const struct slots_to *to, struct err *err)
{
	struct sources sources;
	int r = sources_find(db, span, &sources, err);

	if (r < 0)
		return r;
	r = ledger_slots_among(db, &sources, span, to, err);
	sources_done(&sources);
	return r;
}

int ledger_slots(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err)
{
	return give_span(db, span, &(struct slots_to){each, arg, false}, err);
}

int ledger_slot_places(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err)
{
	return give_span(db, span, &(struct slots_to){each, arg, true}, err);
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
