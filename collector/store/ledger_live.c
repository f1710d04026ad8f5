/* SPDX-License-Identifier: Apache-2.0 */
/* What the wall shows of a link, kept by the judge and read by everybody. */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"

static const char *const state_names[LIVE_COUNT] = {
	[LIVE_NEVER] = "never",
	[LIVE_UP] = "up",
	[LIVE_DOWN] = "down",
	[LIVE_UNKNOWN] = "unknown",
	[LIVE_SILENT] = "silent",
	[LIVE_EXCLUDED] = "excluded",
};

const char *live_state_name(enum live_state state)
{
	return state < LIVE_COUNT ? state_names[state] : "?";
}

static enum live_state parse_state(const char *name)
{
	for (int i = 0; i < LIVE_COUNT; i++) {
		if (!strcmp(name, state_names[i]))
			return (enum live_state)i;
	}
	return LIVE_UNKNOWN;
}

static void read_live(struct query *q, struct ledger_live *ret_live)
{
	struct ledger_live live = {
		.link = query_get_number(q, 0),
		.state = parse_state(query_get_text(q, 1)),
		.since_s = query_get_number(q, 2),
		.heard_us = query_get_number(q, 4),
		.slot_to_s = query_get_number(q, 5),
		.rtt_us = query_is_null(q, 6) ? LIVE_NONE : (int32_t)query_get_number(q, 6),
		.loss_ppm = query_is_null(q, 7) ? LIVE_NONE : (int32_t)query_get_number(q, 7),
	};

	query_copy_text(q, 3, live.cause, sizeof(live.cause));
	query_copy_text(q, 8, live.dns, sizeof(live.dns));
	live.dns_s = query_get_number(q, 9);
	*ret_live = live;
}

int ledger_live_get(
	struct ledger_db *db, int64_t link, struct ledger_live *ret_live, struct err *err)
{
	struct ledger_live live;
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT link, state, since_s, cause, heard_us, slot_to_s, rtt_us, loss_ppm, dns,"
		" dns_s FROM link_state WHERE link = ?");
	query_number(&q, link);
	found = query_next(&q);
	if (found > 0)
		read_live(&q, &live);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "link %lld was never heard of", (long long)link);
	*ret_live = live;
	return 0;
}

int ledger_live_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_live *live),
	void *arg, struct err *err)
{
	struct ledger_live live;
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT link, state, since_s, cause, heard_us, slot_to_s, rtt_us, loss_ppm, dns,"
		" dns_s FROM link_state ORDER BY link");
	while (!stop && query_next(&q) > 0) {
		read_live(&q, &live);
		stop = each(arg, &live);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

static void bind_or_null(struct query *q, int64_t value)
{
	if (value == LIVE_NONE)
		query_null(q);
	else
		query_number(q, value);
}

int ledger_put_live(struct ledger_writer *writer, const struct ledger_live *live,
	const struct ledger_run *run, bool event, struct err *err)
{
	struct outbox_event row = {.link = live->link, .kind = OUTBOX_LIVE, .live = *live};
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT OR REPLACE INTO link_state(link, state, since_s, cause, heard_us, "
		"slot_to_s,"
		" rtt_us, loss_ppm, dns, dns_s, run_up, run_since_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, live->link);
	query_text(&q, state_names[live->state]);
	query_number(&q, live->since_s);
	query_text(&q, live->cause);
	query_number(&q, live->heard_us);
	query_number(&q, live->slot_to_s);
	bind_or_null(&q, live->rtt_us);
	bind_or_null(&q, live->loss_ppm);
	query_text(&q, live->dns);
	query_number(&q, live->dns_s);
	if (run->known) {
		query_number(&q, run->up);
		query_number(&q, run->since_s);
	} else {
		query_null(&q);
		query_null(&q);
	}
	r = query_run(&q, err);
	if (r < 0 || !event)
		return r;
	row.at_s = live->since_s;
	return outbox_write(writer->db, &row, err);
}

int ledger_get_run(
	struct ledger_writer *writer, int64_t link, struct ledger_run *ret_run, struct err *err)
{
	struct ledger_run run = {0};
	struct query q;
	int r;

	db_query(&q, writer->db,
		"SELECT run_up, run_since_s FROM link_state WHERE link = ? AND run_up IS NOT NULL");
	query_number(&q, link);
	if (query_next(&q) > 0)
		run = (struct ledger_run){
			true, query_get_number(&q, 0) != 0, query_get_number(&q, 1)};
	r = query_end(&q, err);
	if (r == 0)
		*ret_run = run;
	return r;
}
