/* SPDX-License-Identifier: Apache-2.0 */
/* A link's history out of the tables: slots where they lie, boots, gap records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_chosen.h"
#include "collector/store/ledger_lost.h"

struct loader {
	struct ledger_db *db;
	struct near_sources near; /* widened until the neighbours are in it */
	int64_t *boot_ids; /* of history.boots, in the same order */
	size_t boot_room, id_room, slot_room, drop_room;
	struct chosen chosen;
	struct history history;
};

/* Room for one more item. */
static int grow(void **items, size_t *room, size_t count, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *grown;

	if (count < *room)
		return 0;
	grown = realloc(*items, wanted * size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*room = wanted;
	return 0;
}

/* ---- boots */

static int alive_at(struct loader *loader, int64_t boot, uint64_t *ret_mono_us, struct err *err)
{
	struct query q;
	int r = anchors_last(loader->db->db, boot, ret_mono_us, err);

	if (r < 0)
		return r;
	db_query(&q, loader->db->db,
		"SELECT max(m.mono_us) FROM boot AS b JOIN mark AS m ON m.agent = b.agent"
		" AND m.run BETWEEN b.first_run AND b.last_run AND m.boot = b.id WHERE b.id = ?");
	query_number(&q, boot);
	if (query_next(&q) > 0 && (uint64_t)query_get_number(&q, 0) > *ret_mono_us)
		*ret_mono_us = (uint64_t)query_get_number(&q, 0);
	return query_end(&q, err);
}

/* Monotonic 0 lies before every anchor, so the first one that can place does. */
static int place_boot(struct loader *loader, int64_t id, struct history_boot *boot, struct err *err)
{
	const struct boot_anchors *anchors;
	uint64_t alive_us;
	int r = anchor_cache_get(loader->db->anchors, loader->db->db, id, &anchors, err);

	boot->placed = r == 0 && anchors->count > 0;
	if (r < 0 || !boot->placed)
		return r;
	r = alive_at(loader, id, &alive_us, err);
	if (r < 0)
		return r;
	boot->booted_s = place_s(anchors->items, anchors->count, 0);
	boot->alive_s = place_s(anchors->items, anchors->count, alive_us);
	return 0;
}

static int read_boot(
	struct loader *loader, int64_t id, struct history_boot *ret_boot, struct err *err)
{
	struct query q;

	db_query(&q, loader->db->db,
		"SELECT b.agent, b.first_run, b.last_run,"
		" coalesce(r.stop_sequence > 0 AND r.stop_sequence = r.last_sequence, 0),"
		" coalesce((SELECT m.reset FROM mark AS m WHERE m.agent = b.agent"
		"  AND m.run BETWEEN b.first_run AND b.last_run AND m.boot = b.id"
		"  AND m.kind = 'start' ORDER BY m.run, m.sequence LIMIT 1), 0)"
		" FROM boot AS b LEFT JOIN agent_run AS r"
		" ON r.agent = b.agent AND r.run = b.last_run AND r.boot = b.id WHERE b.id = ?");
	query_number(&q, id);
	if (query_next(&q) > 0)
		*ret_boot = (struct history_boot){
			.agent = (uint32_t)query_get_number(&q, 0),
			.first_run = (uint32_t)query_get_number(&q, 1),
			.last_run = (uint32_t)query_get_number(&q, 2),
			.stopped = query_get_number(&q, 3) != 0,
			.reset = (uint8_t)query_get_number(&q, 4),
		};
	return query_end(&q, err);
}

static int add_boot(struct loader *loader, int64_t id, bool unplaced, struct err *err)
{
	struct history *history = &loader->history;
	struct history_boot boot = {0};
	int r = read_boot(loader, id, &boot, err);

	if (r == 0)
		r = place_boot(loader, id, &boot, err);
	if (r < 0)
		return r;
	boot.has_unplaced = unplaced;
	if (grow((void **)&loader->boot_ids, &loader->id_room, history->boot_count,
		    sizeof(*loader->boot_ids)) < 0 ||
		grow((void **)&history->boots, &loader->boot_room, history->boot_count,
			sizeof(boot)) < 0)
		return err_errno(err, -ENOMEM, "boots of a link");
	loader->boot_ids[history->boot_count] = id;
	history->boots[history->boot_count++] = boot;
	return 0;
}

/* One after the other has mostly the same one. */
static int find_boot(struct loader *loader, int64_t id, uint32_t *ret_index, struct err *err)
{
	for (size_t i = loader->history.boot_count; i-- > 0;) {
		if (loader->boot_ids[i] == id) {
			*ret_index = (uint32_t)i;
			return 0;
		}
	}
	*ret_index = (uint32_t)loader->history.boot_count;
	return add_boot(loader, id, false, err);
}

/* Boots without a place explain holes of their agent's. */
static int load_unplaced(struct loader *loader, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, loader->db->db,
		"SELECT id FROM boot AS b WHERE to_s IS NULL AND agent IN"
		"  (SELECT agent FROM binding WHERE link = ?1)"
		" AND EXISTS (SELECT 1 FROM page AS p WHERE p.boot = b.id AND p.wan IN"
		"  (SELECT wan FROM binding WHERE link = ?1 AND agent = b.agent)) ORDER BY id");
	query_number(&q, loader->near.span.link);
	while (!failed && query_next(&q) > 0)
		failed = add_boot(loader, query_get_number(&q, 0), true, err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

/* ---- slots */

static int64_t accepted_s(const struct loader *loader, uint32_t agent, int64_t second)
{
	for (size_t i = 0; i < loader->near.sources.binding_count; i++) {
		const struct link_binding *binding = &loader->near.sources.bindings[i];
		if (binding->agent == agent && binding->from_s <= second && second < binding->to_s)
			return binding->from_s;
	}
	return second;
}

static int add_slot(struct loader *loader, const struct source *source,
	const struct bundle_item *item, const struct placed_slot *placed, uint32_t boot)
{
	struct history *history = &loader->history;
	uint32_t agent = loader->near.sources.bindings[source->binding].agent;
	const struct chosen_key key = {
		agent, source->ref.run, item->sequence, source->ref.boot, item->disputed};
	enum chosen_say say = chosen_ask(&loader->chosen, &key, &placed->at);

	if (say == CHOSEN_HIDDEN)
		return 0;
	if (placed->at.to <= loader->near.span.from_s || placed->at.from >= loader->near.span.to_s)
		return 0;
	if (grow((void **)&history->slots, &loader->slot_room, history->slot_count,
		    sizeof(*history->slots)) < 0)
		return -ENOMEM;
	history->slots[history->slot_count++] = (struct history_slot){
		.from = placed->at.from,
		.to = placed->at.to,
		.accepted_s = accepted_s(loader, agent, placed->at.from),
		.enrolled = agent,
		.agent = agent,
		.run = source->ref.run,
		.sequence = item->sequence,
		.boot = boot,
		.evidence = item->evidence,
		.disputed = say == CHOSEN_DISPUTED,
		.twin = say == CHOSEN_DISPUTED &&
			doubts_cover(&loader->chosen.doubts, agent, &placed->at),
	};
	return 0;
}

static int load_source(struct loader *loader, const struct source *source, struct err *err)
{
	const struct boot_anchors *anchors;
	const struct bundle *bundle;
	struct placed_slot placed;
	uint32_t boot = 0;
	int r = find_boot(loader, source->ref.boot, &boot, err);

	if (r == 0)
		r = anchor_cache_get(
			loader->db->anchors, loader->db->db, source->ref.boot, &anchors, err);
	if (r == 0)
		r = bundle_load(loader->db, &source->ref, &bundle, err);
	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		const struct bundle_item *item = bundle_item(bundle, i);
		if (source_place(source, &loader->near.sources, anchors, item, &placed) &&
			add_slot(loader, source, item, &placed, boot) < 0)
			r = err_errno(err, -ENOMEM, "slots of a link");
	}
	return r;
}

static int by_place(const void *left, const void *right)
{
	const struct history_slot *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static void sort_slots(struct history *history)
{
	for (size_t i = 1; i < history->slot_count; i++) {
		if (by_place(&history->slots[i - 1], &history->slots[i]) > 0) {
			qsort(history->slots, history->slot_count, sizeof(*history->slots),
				by_place);
			return;
		}
	}
}

/* What is kept beside the pages, of boots that people have chosen. */
static int add_chosen(struct loader *loader, const struct chosen_slot *chosen, struct err *err)
{
	const struct source source = {
		.ref = {.run = chosen->run, .boot = chosen->settled->boot_row},
		.binding = chosen->binding,
	};
	const struct bundle_item item = {
		.sequence = chosen->sequence, .evidence = chosen->evidence};
	uint32_t boot = 0;
	int r = find_boot(loader, chosen->settled->boot_row, &boot, err);

	if (r == 0 && add_slot(loader, &source, &item, &chosen->placed, boot) < 0)
		r = err_errno(err, -ENOMEM, "slots of a link");
	return r;
}

static int load_slots(struct loader *loader, struct err *err)
{
	const struct chosen *chosen = &loader->chosen;
	int r = 0;

	if (!loader->near.found) {
		sources_done(&loader->near.sources);
		r = sources_find(loader->db, &loader->near.span, &loader->near.sources, err);
	}
	if (r == 0)
		r = chosen_load(loader->db, &loader->near.sources, &loader->near.span,
			&loader->chosen, err);
	for (size_t i = 0; r == 0 && i < loader->near.sources.count; i++) {
		const struct source *source = &loader->near.sources.items[i];
		if (source->hull.from < loader->near.span.to_s &&
			source->hull.to > loader->near.span.from_s)
			r = load_source(loader, source, err);
	}
	for (size_t i = 0; r == 0 && i < chosen->count; i++) {
		if (!chosen->items[i].twice)
			r = add_chosen(loader, &chosen->items[i], err);
	}
	sort_slots(&loader->history);
	return r;
}

/* ---- gap records: for the whole agent, as far as it was bound to the link */

static int add_drop(struct loader *loader, uint32_t agent, const struct span *at)
{
	struct history *history = &loader->history;

	for (size_t i = 0; i < loader->near.sources.binding_count; i++) {
		const struct link_binding *binding = &loader->near.sources.bindings[i];
		struct history_drop drop = {
			.agent = agent,
			.from = at->from > binding->from_s ? at->from : binding->from_s,
			.to = at->to < binding->to_s ? at->to : binding->to_s,
		};
		if (binding->agent != agent || drop.from >= drop.to ||
			drop.to <= loader->near.span.from_s || drop.from >= loader->near.span.to_s)
			continue;
		int failed = grow((void **)&history->drops, &loader->drop_room, history->drop_count,
			sizeof(*history->drops));
		if (failed)
			return failed;
		history->drops[history->drop_count++] = drop;
	}
	return 0;
}

static int load_drops(struct loader *loader, struct err *err)
{
	const struct boot_anchors *anchors;
	struct query q;
	int failed = 0, r;

	db_query(&q, loader->db->db,
		"SELECT agent, boot, from_us, to_us FROM dropped"
		" WHERE agent IN (SELECT agent FROM binding WHERE link = ?)");
	query_number(&q, loader->near.span.link);
	while (!failed && query_next(&q) > 0) {
		struct span at;
		failed = anchor_cache_get(loader->db->anchors, loader->db->db,
			query_get_number(&q, 1), &anchors, err);
		if (failed || !anchors->count)
			continue;
		at.from = place_s(
			anchors->items, anchors->count, (uint64_t)query_get_number(&q, 2));
		at.to = place_s(anchors->items, anchors->count, (uint64_t)query_get_number(&q, 3));
		failed = add_drop(loader, (uint32_t)query_get_number(&q, 0), &at);
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "gap records of a link") : r;
}

int ledger_history_load(struct ledger_db *db, const struct ledger_span *span,
	struct history *ret_history, struct err *err)
{
	struct loader loader = {.db = db};
	struct link_first first = {0};
	int r = sources_near(db, span, &loader.near, err);

	if (r == 0)
		r = load_slots(&loader, err);
	if (r == 0)
		r = load_unplaced(&loader, err);
	if (r == 0)
		r = load_drops(&loader, err);
	if (r == 0)
		r = history_load_lost(db, span->link, &loader.history, err);
	if (r == 0)
		r = link_ever_get(db->db, span->link, &first, err);
	chosen_done(&loader.chosen);
	sources_done(&loader.near.sources);
	free(loader.boot_ids);
	loader.history.ever = first.ever;
	if (r < 0)
		ledger_history_done(&loader.history);
	else
		*ret_history = loader.history;
	return r;
}

void ledger_history_done(struct history *history)
{
	free(history->slots);
	free(history->boots);
	free(history->drops);
	free(history->lost);
	*history = (struct history){0};
}
