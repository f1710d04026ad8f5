/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_facts.h"

#include <string.h>

#include "collector/store/ledger_private.h"

/* run, sequence, received_us, via_wan, reject code, record. Anchors come first, so that whoever
 * takes the records in this order places each slot once. */
static const char *const selects[] = {
	"SELECT run, sequence, received_us, '', 0, record FROM anchor WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM mark WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM dropped WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM speed WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM speed WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, via_wan, 0, record FROM slot_hot WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, via_wan, 0, record FROM conflict WHERE agent = ?"
	" ORDER BY run, sequence, hash",
	"SELECT run, sequence, received_us, '', code, record FROM rejected WHERE agent = ?"
	" ORDER BY run, sequence, hash",
};

struct fact_walk {
	uint32_t agent;
	int (*each)(void *arg, const struct journal_record *record);
	void *arg;
};

static int give(const struct fact_walk *walk, struct query *q)
{
	struct journal_record record = {
		.agent = walk->agent,
		.key = {(uint32_t)query_get_number(q, 0), (uint32_t)query_get_number(q, 1)},
		.received_utc_us = query_get_number(q, 2),
		.reject_code = (uint8_t)query_get_number(q, 4),
	};

	query_copy_text(q, 3, record.wan, sizeof(record.wan));
	record.record = query_get_bytes(q, 5, &record.record_length);
	return walk->each(walk->arg, &record);
}

static int walk_select(
	const struct fact_walk *walk, struct db *db, const char *select, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db, select);
	query_number(&q, walk->agent);
	while (!stop && query_next(&q) > 0)
		stop = give(walk, &q);
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

int ledger_facts(struct ledger_db *db, uint32_t agent,
	int (*each)(void *arg, const struct journal_record *record), void *arg, struct err *err)
{
	struct fact_walk walk = {agent, each, arg};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(selects) / sizeof(*selects); i++)
		r = walk_select(&walk, db->db, selects[i], err);
	return r;
}
