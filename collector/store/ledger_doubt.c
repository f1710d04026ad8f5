/* SPDX-License-Identifier: Apache-2.0 */
/* Which slots are doubted, because two devices bore the agent's identity; and who they were. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_twin.h"
#include "collector/store/ledger_witness.h"

/* The first decision that reaches to the last second in which both were alive ends the doubt. */
static int64_t doubted_until(
	const struct settlements *settlements, uint32_t agent, const struct span *both)
{
	int64_t until = SPAN_FOREVER;

	for (size_t i = 0; i < settlements->count; i++) {
		const struct settled *item = &settlements->items[i];
		if (item->agent == agent && item->to_s >= both->to && item->to_s < until)
			until = item->to_s;
	}
	return until;
}

static int add(struct doubts *doubts, const struct doubt *doubt)
{
	struct doubt *last = doubts->count ? &doubts->items[doubts->count - 1] : NULL;
	struct doubt *items;

	if (last && last->agent == doubt->agent && doubt->from_s <= last->to_s) {
		last->to_s = doubt->to_s > last->to_s ? doubt->to_s : last->to_s;
		return 0;
	}
	items = realloc(doubts->items, (doubts->count + 1) * sizeof(*items));
	if (!items)
		return -ENOMEM;
	doubts->items = items;
	items[doubts->count++] = *doubt;
	return 0;
}

int doubts_load(struct db *db, int64_t link, const struct settlements *settlements,
	struct doubts *ret_doubts, struct err *err)
{
	struct doubts doubts = {0};
	struct query q;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT agent, from_s, to_s FROM twin WHERE ?1 = 0 OR agent IN"
		" (SELECT agent FROM binding WHERE link = ?1) ORDER BY agent, from_s, to_s");
	query_number(&q, link);
	while (!failed && query_next(&q) > 0) {
		const struct span both = {query_get_number(&q, 1), query_get_number(&q, 2)};
		struct doubt doubt = {
			.agent = (uint32_t)query_get_number(&q, 0), .from_s = both.from};
		doubt.to_s = doubted_until(settlements, doubt.agent, &both);
		failed = add(&doubts, &doubt);
	}
	r = query_end(&q, failed ? NULL : err);
	if (failed)
		r = err_errno(err, failed, "doubted slots of a link");
	if (r < 0)
		doubts_done(&doubts);
	else
		*ret_doubts = doubts;
	return r;
}

void doubts_done(struct doubts *doubts)
{
	free(doubts->items);
	*doubts = (struct doubts){0};
}

bool doubts_cover(const struct doubts *doubts, uint32_t agent, const struct span *at)
{
	for (size_t i = 0; i < doubts->count; i++) {
		const struct doubt *doubt = &doubts->items[i];
		if (doubt->agent == agent && doubt->from_s < at->to && doubt->to_s > at->from)
			return true;
	}
	return false;
}

/* ---- for whoever tells people */

int doubts_count(struct ledger_db *db, int64_t *ret_agents, struct err *err)
{
	struct settlements settlements = {0};
	struct doubts doubts = {0};
	int64_t agents = 0;
	uint32_t last = 0;
	int r = settlements_load(db->db, &settlements, err);

	if (r == 0)
		r = doubts_load(db->db, 0, &settlements, &doubts, err);
	for (size_t i = 0; r == 0 && i < doubts.count; i++) {
		if (doubts.items[i].to_s == SPAN_FOREVER && doubts.items[i].agent != last) {
			agents++;
			last = doubts.items[i].agent;
		}
	}
	doubts_done(&doubts);
	settlements_done(&settlements);
	if (r == 0)
		*ret_agents = agents;
	return r;
}

static struct ledger_twin read_twin(struct query *q)
{
	struct ledger_twin twin = {.agent = (uint32_t)query_get_number(q, 0),
		.from_s = query_get_number(q, 1),
		.to_s = query_get_number(q, 2)};

	for (int i = 0; i < 2; i++) {
		size_t length;
		const void *boot = query_get_bytes(q, 3 + i, &length);
		if (length == BOOT_BYTES)
			memcpy(twin.boots[i], boot, length);
	}
	return twin;
}

int ledger_twins_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_twin *twin),
	void *arg, struct err *err)
{
	struct settlements settlements = {0};
	struct query q;
	int stop = 0, r = settlements_load(db->db, &settlements, err);

	if (r < 0)
		return r;
	db_query(&q, db->db,
		"SELECT t.agent, t.from_s, t.to_s, a.boot, b.boot FROM twin AS t"
		" JOIN boot AS a ON a.id = t.one JOIN boot AS b ON b.id = t.other"
		" ORDER BY t.agent, t.from_s, t.one, t.other");
	while (!stop && query_next(&q) > 0) {
		struct ledger_twin twin = read_twin(&q);
		const struct span both = {twin.from_s, twin.to_s};
		twin.until_s = doubted_until(&settlements, twin.agent, &both);
		stop = each(arg, &twin);
	}
	r = query_end(&q, err);
	settlements_done(&settlements);
	return r < 0 ? r : stop;
}
