/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_starts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_source.h"
#include "proto/codec.h"

#define US_PER_S 1000000

struct walk {
	struct ledger_db *db;
	const struct ledger_span *span;
	const struct link_binding *bindings;
	size_t binding_count;
	int (*each)(void *arg, const struct ledger_start *start);
	void *arg;
	struct err *err;
	uint32_t agent;
	char software[SOFTWARE_MAX + 1]; /* of the last start that was read; "" none */
};

/* When the start was, if that is known and is the link's. */
static int is_wanted(const struct walk *walk, int64_t boot, int64_t *ret_at_us)
{
	const struct boot_anchors *anchors;
	int64_t at_s;
	int r = anchor_cache_get(walk->db->anchors, walk->db->db, boot, &anchors, walk->err);

	if (r < 0 || !anchors->count)
		return r;
	*ret_at_us = place_us(anchors->items, anchors->count, walk->db->record->start.mono_us);
	at_s = *ret_at_us / US_PER_S;
	if (at_s < walk->span->from_s || at_s >= walk->span->to_s)
		return 0;
	for (size_t i = 0; i < walk->binding_count; i++) {
		const struct link_binding *binding = &walk->bindings[i];

		if (binding->agent == walk->agent && binding->from_s <= at_s &&
			at_s < binding->to_s)
			return 1;
	}
	return 0;
}

/* The row of a start and of the run before it. */
static int give(struct walk *walk, struct query *q)
{
	const struct start *start = &walk->db->record->start;
	struct ledger_start found = {
		.agent = walk->agent, .run = (uint32_t)query_get_number(q, 0), .start = start};
	struct start_facts facts = {.first = query_is_null(q, 3)};
	int64_t boot = query_get_number(q, 1);
	size_t length;
	const void *bytes = query_get_bytes(q, 2, &length);
	int r;

	if (codec_record_decode(bytes, length, walk->db->record, NULL) != 0 ||
		walk->db->record->kind != RECORD_START)
		return 0; /* what is kept was sound */
	facts.same_boot = query_get_number(q, 3) == boot;
	facts.stopped = query_get_number(q, 4) != 0;
	facts.other_software = walk->software[0] && strcmp(walk->software, start->software) != 0;
	facts.reset = start->reset;
	snprintf(walk->software, sizeof(walk->software), "%s", start->software);
	found.word = start_word_of(&facts);
	r = is_wanted(walk, boot, &found.at_us);
	return r > 0 ? walk->each(walk->arg, &found) : r;
}

static int walk_agent(struct walk *walk)
{
	struct query q;
	int stop = 0, r;

	walk->software[0] = '\0';
	db_query(&q, walk->db->db,
		"SELECT m.run, m.boot, m.record, r.boot,"
		" r.stop_sequence > 0 AND r.stop_sequence = r.last_sequence"
		" FROM mark AS m LEFT JOIN agent_run AS r ON r.agent = m.agent AND r.run ="
		"  (SELECT max(b.run) FROM agent_run AS b WHERE b.agent = m.agent AND b.run < "
		"m.run)"
		" WHERE m.agent = ? AND m.kind = 'start' GROUP BY m.run, m.sequence"
		" ORDER BY m.run, m.sequence");
	query_number(&q, walk->agent);
	while (!stop && query_next(&q) > 0)
		stop = give(walk, &q);
	r = query_end(&q, stop < 0 ? NULL : walk->err);
	return stop ? stop : r;
}

int ledger_starts(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_start *start), void *arg, struct err *err)
{
	struct walk walk = {.db = db, .span = span, .each = each, .arg = arg, .err = err};
	struct link_binding *bindings;
	int r = link_bindings_load(db->db, span->link, &bindings, &walk.binding_count, err);

	if (r < 0)
		return r;
	walk.bindings = bindings;
	for (size_t i = 0; r == 0 && i < walk.binding_count; i++) {
		if (i && bindings[i].agent == bindings[i - 1].agent)
			continue; /* they stand together */
		walk.agent = bindings[i].agent;
		r = walk_agent(&walk);
	}
	free(bindings);
	return r;
}
