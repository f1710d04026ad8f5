/* SPDX-License-Identifier: Apache-2.0 */
/* A link's history out of the tables: pieces, boots, gap records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/span.h"
#include "collector/store/ledger_private.h"
#include "collector/store/ledger_settlement.h"

/* No piece is longer: a slot of a minute whose edges were floored. */
#define PIECE_MAX_S (SLOT_LENGTH_MAX_MS / 1000 + 1)

struct link_binding { /* which agents measured the link, when */
	uint32_t agent;
	int64_t from_s, to_s;
};

struct boot_row {
	int64_t id;
	uint64_t alive_us; /* the last moment of which a record other than a slot speaks */
};

struct loader {
	struct ledger_db *db;
	int64_t link, from_s, to_s;
	struct link_binding *bindings; /* by agent and beginning */
	size_t binding_count;
	struct settlements settlements;
	struct boot_row *boot_rows; /* by id; those of history.boots, in the same order */
	size_t boot_room, slot_room, drop_room;
	struct history history;
};

int evidence_flags(const struct evidence *evidence)
{
	return evidence->carrier_down | evidence->no_address << 1 |
		evidence->gateway_resolved << 2 | evidence->gateway_failed << 3;
}

void evidence_set_flags(struct evidence *evidence, int flags)
{
	evidence->carrier_down = flags & 1;
	evidence->no_address = flags >> 1 & 1;
	evidence->gateway_resolved = flags >> 2 & 1;
	evidence->gateway_failed = flags >> 3 & 1;
}

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

static int load_bindings(struct loader *loader, struct err *err)
{
	struct query q;
	size_t room = 0;
	int failed = 0, r;

	db_query(&q, loader->db->db,
		"SELECT agent, from_s, to_s FROM binding WHERE link = ? ORDER BY agent, from_s");
	query_number(&q, loader->link);
	while (!failed && query_next(&q) > 0) {
		failed = grow((void **)&loader->bindings, &room, loader->binding_count,
			sizeof(*loader->bindings));
		if (!failed)
			loader->bindings[loader->binding_count++] = (struct link_binding){
				(uint32_t)query_get_number(&q, 0), query_get_number(&q, 1),
				query_get_until(&q, 2)};
	}
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "bindings of a link") : r;
}

/* Every piece that touches loader->from_s begins after this. */
static int64_t first_from(const struct loader *loader)
{
	return loader->from_s == INT64_MIN ? INT64_MIN : loader->from_s - PIECE_MAX_S;
}

/* ---- boots */

static int find_boot(const struct loader *loader, int64_t id, uint32_t *ret_index)
{
	size_t low = 0, high = loader->history.boot_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (loader->boot_rows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == loader->history.boot_count || loader->boot_rows[low].id != id)
		return -ENOENT;
	*ret_index = (uint32_t)low;
	return 0;
}

static int read_boot(struct loader *loader, struct query *q)
{
	struct history *history = &loader->history;
	size_t room = loader->boot_room, count = history->boot_count;
	int failed = grow((void **)&loader->boot_rows, &room, count, sizeof(*loader->boot_rows));

	if (!failed)
		failed = grow((void **)&history->boots, &loader->boot_room, count,
			sizeof(*history->boots));
	if (failed)
		return failed;
	loader->boot_rows[count] = (struct boot_row){
		query_get_number(q, 0), (uint64_t)query_get_number(q, 6)};
	history->boots[history->boot_count++] = (struct history_boot){
		.agent = (uint32_t)query_get_number(q, 1),
		.first_run = (uint32_t)query_get_number(q, 2),
		.last_run = (uint32_t)query_get_number(q, 3),
		.stopped = query_get_number(q, 4) != 0,
		.has_unplaced = query_get_number(q, 5) != 0,
	};
	return 0;
}

/* Boots of the agents that ever measured the link, by row: the order in which they were heard of
 * says nothing, so line_build() goes by runs. With from_s only those that can matter after it. */
static int load_boots(struct loader *loader, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, loader->db->db,
		"WITH bound AS (SELECT DISTINCT agent, wan FROM binding WHERE link = ?1),"
		" first AS (SELECT agent, min(run) AS run FROM piece"
		"  WHERE link = ?1 AND from_s > ?2 GROUP BY agent)"
		" SELECT b.id, b.agent, b.first_run, b.last_run,"
		" b.stop_run = b.last_run AND b.stop_sequence = b.last_sequence,"
		" EXISTS (SELECT 1 FROM slot_hot AS s WHERE s.standing < 2 AND s.standing = 0"
		"  AND s.agent = b.agent AND s.boot = b.id AND s.wan IN"
		"  (SELECT wan FROM bound WHERE bound.agent = b.agent)),"
		" max(coalesce((SELECT max(a.mono_us) FROM anchor AS a WHERE a.boot = b.id), 0),"
		"  coalesce((SELECT max(m.mono_us) FROM mark AS m WHERE m.boot = b.id"
		"   AND m.agent = b.agent AND m.run BETWEEN b.first_run AND b.last_run), 0))"
		" FROM boot AS b WHERE b.agent IN (SELECT agent FROM bound)"
		" AND b.last_run >= coalesce((SELECT run FROM first WHERE first.agent = b.agent), "
		"0)"
		" ORDER BY b.id");
	query_number(&q, loader->link);
	query_number(&q, first_from(loader));
	while (!failed && query_next(&q) > 0)
		failed = read_boot(loader, &q);
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "boots of a link") : r;
}

/* Monotonic 0 lies before every anchor, so the first one that can place does. */
static int place_boot(struct loader *loader, size_t i, struct err *err)
{
	struct history_boot *boot = &loader->history.boots[i];
	const struct boot_anchors *anchors;
	const struct boot_row *row = &loader->boot_rows[i];
	int r = anchor_cache_get(loader->db->anchors, loader->db->db, row->id, &anchors, err);

	if (r < 0)
		return r;
	boot->placed = anchors->count > 0;
	if (!boot->placed)
		return 0;
	boot->booted_s = place_s(anchors->items, anchors->count, 0);
	boot->alive_s = place_s(anchors->items, anchors->count, row->alive_us);
	return 0;
}

/* ---- slots */

static const struct link_binding *binding_at(
	const struct loader *loader, uint32_t agent, int64_t second)
{
	for (size_t i = 0; i < loader->binding_count; i++) {
		const struct link_binding *binding = &loader->bindings[i];
		if (binding->agent == agent && binding->from_s <= second && second < binding->to_s)
			return binding;
	}
	return NULL;
}

static int read_slot(struct loader *loader, struct query *q)
{
	struct history *history = &loader->history;
	struct history_slot slot = {
		.from = query_get_number(q, 0),
		.to = query_get_number(q, 1),
		.agent = (uint32_t)query_get_number(q, 2),
		.enrolled = (uint64_t)query_get_number(q, 2),
		.run = (uint32_t)query_get_number(q, 3),
		.sequence = (uint32_t)query_get_number(q, 4),
		.evidence =
			{
				.due = (uint16_t)query_get_number(q, 6),
				.made = (uint16_t)query_get_number(q, 7),
				.lost = (uint16_t)query_get_number(q, 8),
				.asked = (uint8_t)query_get_number(q, 9),
				.answered = (uint8_t)query_get_number(q, 10),
				.ever = (uint8_t)query_get_number(q, 11),
			},
		.disputed = query_get_number(q, 13) != 0,
	};
	const struct link_binding *binding = binding_at(loader, slot.agent, slot.from);
	int r = find_boot(loader, query_get_number(q, 5), &slot.boot);

	if (r == 0)
		r = grow((void **)&history->slots, &loader->slot_room, history->slot_count,
			sizeof(*history->slots));
	if (r < 0)
		return r;
	evidence_set_flags(&slot.evidence, (int)query_get_number(q, 12));
	slot.accepted_s = binding ? binding->from_s : slot.from;
	if (slot.disputed &&
		settlements_cover(&loader->settlements, slot.agent, slot.from, slot.to))
		slot.disputed = false;
	history->slots[history->slot_count++] = slot;
	return 0;
}

static int load_slots(struct loader *loader, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, loader->db->db,
		"SELECT from_s, to_s, agent, run, sequence, boot, due, made, lost, asked, answered,"
		" ever, flags, disputed FROM piece WHERE link = ?1 AND from_s > ?2 AND to_s > ?3"
		" AND from_s < ?4 ORDER BY from_s");
	query_number(&q, loader->link);
	query_number(&q, first_from(loader));
	query_number(&q, loader->from_s);
	query_number(&q, loader->to_s);
	while (!failed && query_next(&q) > 0)
		failed = read_slot(loader, &q);
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "slots of a link") : r;
}

static int load_ever(struct loader *loader, struct err *err)
{
	struct query q;

	db_query(&q, loader->db->db, "SELECT ever FROM link_ever WHERE link = ?");
	query_number(&q, loader->link);
	if (query_next(&q) > 0)
		loader->history.ever = (uint8_t)query_get_number(&q, 0);
	return query_end(&q, err);
}

/* ---- gap records: for the whole agent, as far as it was bound to the link */

static int add_drop(struct loader *loader, uint32_t agent, int64_t from_s, int64_t to_s)
{
	struct history *history = &loader->history;

	for (size_t i = 0; i < loader->binding_count; i++) {
		const struct link_binding *binding = &loader->bindings[i];
		struct history_drop drop = {
			.agent = agent,
			.from = from_s > binding->from_s ? from_s : binding->from_s,
			.to = to_s < binding->to_s ? to_s : binding->to_s,
		};
		if (binding->agent != agent || drop.from >= drop.to)
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
	query_number(&q, loader->link);
	while (!failed && query_next(&q) > 0) {
		failed = anchor_cache_get(loader->db->anchors, loader->db->db,
			query_get_number(&q, 1), &anchors, err);
		if (failed || !anchors->count)
			continue;
		failed = add_drop(loader, (uint32_t)query_get_number(&q, 0),
			place_s(anchors->items, anchors->count, (uint64_t)query_get_number(&q, 2)),
			place_s(anchors->items, anchors->count, (uint64_t)query_get_number(&q, 3)));
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "gap records of a link") : r;
}

/* The nearest slots beside the span are in it then. */
static int widen(struct loader *loader, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, loader->db->db,
		"SELECT from_s FROM piece WHERE link = ? AND from_s < ? ORDER BY from_s DESC LIMIT "
		"1");
	query_number(&q, loader->link);
	query_number(&q, loader->from_s);
	if (query_next(&q) > 0)
		loader->from_s = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	db_query(&q, loader->db->db,
		"SELECT from_s FROM piece WHERE link = ? AND from_s >= ? ORDER BY from_s LIMIT 1");
	query_number(&q, loader->link);
	query_number(&q, loader->to_s);
	loader->to_s = SPAN_FOREVER;
	if (query_next(&q) > 0)
		loader->to_s = query_get_number(&q, 0) + 1;
	return query_end(&q, err);
}

int ledger_history_load(struct ledger_db *db, const struct ledger_span *span,
	struct history *ret_history, struct err *err)
{
	struct loader loader = {
		.db = db, .link = span->link, .from_s = span->from_s, .to_s = span->to_s};
	int r = widen(&loader, err);

	if (r == 0)
		r = load_bindings(&loader, err);
	if (r == 0)
		r = settlements_load(db->db, &loader.settlements, err);
	if (r == 0)
		r = load_boots(&loader, err);
	for (size_t i = 0; r == 0 && i < loader.history.boot_count; i++)
		r = place_boot(&loader, i, err);
	if (r == 0)
		r = load_slots(&loader, err);
	if (r == 0)
		r = load_drops(&loader, err);
	if (r == 0)
		r = load_ever(&loader, err);
	free(loader.boot_rows);
	free(loader.bindings);
	settlements_done(&loader.settlements);
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
	*history = (struct history){0};
}
