/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_flag.h"

#include <errno.h>
#include <string.h>

#include "collector/store/derived.h"
#include "collector/store/kept_figures.h"
#include "collector/store/ledger_private.h"
#include "collector/store/ledger_source.h"
#include "collector/store/ledger_unserved.h"
#include "collector/store/own_outage.h"
#include "collector/store/sla_keep.h"
#include "proto/sighting.h"

#define DAY_SECONDS 86400
#define US_PER_S INT64_C(1000000)
#define DAYS_MOST 40 /* of a link in one go: a router keeps what it could not report for seven */
#define NEIGHBOURS_MIN 3
#define LOOKS_KEPT_DAYS 100

/* own: of the collector, null where it was not one alone all day. */
const char ledger_flag_schema[] =
	"CREATE TABLE seen_day(agent INTEGER NOT NULL, wan TEXT NOT NULL, day INTEGER NOT NULL,"
	"  looks INTEGER NOT NULL, min_rtt_us INTEGER NOT NULL, own BLOB, last_us INTEGER NOT NULL,"
	"  PRIMARY KEY(agent, wan, day)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE flag(link INTEGER NOT NULL, day_s INTEGER NOT NULL, kind INTEGER NOT NULL,"
	"  from_s INTEGER NOT NULL, to_s INTEGER NOT NULL, said INTEGER NOT NULL,"
	"  seen INTEGER NOT NULL, count INTEGER NOT NULL,"
	"  PRIMARY KEY(link, day_s, kind, from_s)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE target_day(link INTEGER NOT NULL, day_s INTEGER NOT NULL,"
	"  pairs INTEGER NOT NULL, only_test INTEGER NOT NULL, only_rest INTEGER NOT NULL,"
	"  both INTEGER NOT NULL, test_rtt_us INTEGER NOT NULL, rest_rtt_us INTEGER NOT NULL,"
	"  gain_us INTEGER NOT NULL, PRIMARY KEY(link, day_s)) STRICT, WITHOUT ROWID;";

/* ---- what the collector saw */

int sighting_put(
	struct ledger_writer *writer, const struct journal_record *journal, struct err *err)
{
	struct sighting sighting;
	struct query q;

	if (sighting_decode(journal->record, journal->record_length, &sighting) < 0 ||
		!sighting.min_rtt_us)
		return 0;
	/* what is read a second time was counted: it is not later than the last one */
	db_query(&q, writer->db,
		"INSERT INTO seen_day(agent, wan, day, looks, min_rtt_us, own, last_us)"
		" VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET looks = looks + 1,"
		" min_rtt_us = min(min_rtt_us, excluded.min_rtt_us),"
		" own = iif(own = excluded.own, own, NULL), last_us = excluded.last_us"
		" WHERE excluded.last_us > last_us");
	query_number(&q, journal->agent);
	query_text(&q, journal->wan);
	query_number(&q, journal->received_utc_us / US_PER_S / DAY_SECONDS);
	query_number(&q, sighting.min_rtt_us);
	query_bytes(&q, sighting.own.bytes, sighting.own.length);
	query_number(&q, journal->received_utc_us);
	return query_run(&q, err);
}

/* Of the UTC day that most of the local one lies in, and of the WAN that measures the link. */
static int get_seen(struct ledger_db *db, const struct ledger_span *day, struct seen_rtt *ret_seen,
	struct err *err)
{
	struct query q;
	int r;

	*ret_seen = (struct seen_rtt){.looks = 0};
	db_query(&q, db->db,
		"SELECT s.looks, s.min_rtt_us, s.own FROM binding b JOIN seen_day s"
		" ON s.agent = b.agent AND s.wan = b.wan AND s.day = ?2 / 86400"
		" WHERE b.link = ?1 AND b.from_s <= ?3 AND (b.to_s IS NULL OR b.to_s >= ?4)");
	query_number(&q, day->link);
	query_number(&q, (day->from_s + day->to_s) / 2);
	query_number(&q, day->from_s);
	query_number(&q, day->to_s);
	if (query_next(&q) > 0) {
		size_t length;
		const void *own = query_get_bytes(&q, 2, &length);

		ret_seen->looks = (uint32_t)query_get_number(&q, 0);
		ret_seen->min_rtt_us = (uint32_t)query_get_number(&q, 1);
		if (own && (length == 4 || length == 16)) {
			ret_seen->own.length = (uint8_t)length;
			memcpy(ret_seen->own.bytes, own, length);
		}
	}
	r = query_end(&q, err);
	return r;
}

/* ---- one day */

struct looker {
	struct ledger_writer *writer;
	const struct flag_subject *subject;
	struct crosscheck *check;
	struct ledger_span day;
	uint8_t ever;
	struct err *err;
};

static int see_slot(void *arg, const struct ledger_slot *slot)
{
	struct looker *looker = arg;
	const struct checked_slot checked = {.from_s = slot->from_s,
		.to_s = slot->to_s,
		.received_us = slot->received_us,
		.via_wan = slot->via_wan,
		.slot = slot->slot,
		.evidence = &slot->evidence,
		.cause = evidence_cause(&slot->evidence, looker->ever)};

	/* whose word it is nobody knows; and a slot is of the day in which it begins */
	if (slot->disputed || slot->from_s < looker->day.from_s)
		return 0;
	return crosscheck_slot(looker->check, &checked);
}

static int is_outside(void *arg, const struct own_outage *outage)
{
	const struct flag *flag = arg;

	return outage->from_s < flag->to_s && outage->to_s > flag->from_s;
}

static int heard(struct looker *looker, int64_t link, const struct flag *flag, bool *ret_heard)
{
	/* it begins in the second in which the last one came */
	const struct within_us within = {(flag->from_s + 1) * US_PER_S, flag->to_s * US_PER_S};

	return ledger_received_within(
		ledger_writer_view(looker->writer), link, within, ret_heard, looker->err);
}

/* 1: the collector was well, others were heard, and of this one nothing came. */
static int ask_neighbours(struct looker *looker, struct flag *flag)
{
	int64_t links[FLAG_NEIGHBOURS];
	bool any = false;
	int r = own_outages(ledger_writer_view(looker->writer), is_outside, flag, looker->err);

	if (r)
		return r < 0 ? r : 0;
	r = heard(looker, looker->day.link, flag, &any);
	if (r < 0 || any)
		return r;
	flag->count = (int64_t)looker->subject->neighbours(
		looker->subject->arg, looker->subject->link, links);
	for (int64_t i = 0; r == 0 && i < flag->count; i++) {
		r = heard(looker, links[i], flag, &any);
		flag->seen += any;
	}
	/* with many of them silent it is the provider's way to here, or ours */
	return r < 0 ? r : flag->seen >= NEIGHBOURS_MIN && flag->seen * 5 >= flag->count * 4;
}

int flag_put(struct ledger_writer *writer, const struct ledger_span *day, const struct flag *flag,
	struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT OR REPLACE INTO flag(link, day_s, kind, from_s, to_s, said, seen, count)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, day->link);
	query_number(&q, day->from_s);
	query_number(&q, flag->kind);
	query_number(&q, flag->from_s);
	query_number(&q, flag->to_s);
	query_number(&q, flag->said);
	query_number(&q, flag->seen);
	query_number(&q, flag->count);
	return query_run(&q, err);
}

static int put_flags(struct looker *looker, const struct flag *flags, size_t count)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < count; i++) {
		struct flag flag = flags[i];

		if (flag.kind == FLAG_RTT_LOW) {
			flag.from_s = looker->day.from_s;
			flag.to_s = looker->day.to_s;
		}
		r = flag.kind == FLAG_UP_UNSEEN ? ask_neighbours(looker, &flag) : 1;
		if (r > 0)
			r = flag_put(looker->writer, &looker->day, &flag, looker->err);
	}
	return r < 0 ? r : 0;
}

static int put_targets(struct looker *looker)
{
	const struct target_day day = crosscheck_targets(looker->check);
	struct query q;

	if (!day.pairs)
		return 0;
	db_query(&q, looker->writer->db,
		"INSERT OR REPLACE INTO target_day(link, day_s, pairs, only_test, only_rest, both,"
		" test_rtt_us, rest_rtt_us, gain_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, looker->day.link);
	query_number(&q, looker->day.from_s);
	query_number(&q, day.pairs);
	query_number(&q, day.only_test);
	query_number(&q, day.only_rest);
	query_number(&q, day.both);
	query_number(&q, day.test_rtt_us);
	query_number(&q, day.rest_rtt_us);
	query_number(&q, day.gain_us);
	return query_run(&q, looker->err);
}

/* But for those of speed tests, which hang on notes that may be gone (ledger_unserved.h). */
static int forget_flags(struct looker *looker)
{
	struct query q;

	db_query(&q, looker->writer->db,
		"DELETE FROM flag WHERE link = ? AND day_s = ? AND kind != ?");
	query_number(&q, looker->day.link);
	query_number(&q, looker->day.from_s);
	query_number(&q, FLAG_SPEED_UNSERVED);
	return query_run(&q, looker->err);
}

static int forget_targets(struct looker *looker)
{
	struct query q;

	db_query(&q, looker->writer->db, "DELETE FROM target_day WHERE link = ? AND day_s = ?");
	query_number(&q, looker->day.link);
	query_number(&q, looker->day.from_s);
	return query_run(&q, looker->err);
}

static int look_at_day(struct looker *looker)
{
	const struct flag *flags;
	struct seen_rtt seen;
	size_t count;
	int r = forget_flags(looker);

	if (r == 0)
		r = forget_targets(looker);
	crosscheck_clear(looker->check);
	if (r == 0)
		r = ledger_slots(ledger_writer_view(looker->writer), &looker->day, see_slot, looker,
			looker->err);
	if (r == 0)
		r = get_seen(ledger_writer_view(looker->writer), &looker->day, &seen, looker->err);
	if (r < 0)
		return r == -ENOMEM ? err_errno(looker->err, r, "a day of a link") : r;
	if (crosscheck_end(looker->check, &seen, &flags, &count) < 0)
		return err_errno(looker->err, -ENOMEM, "a day of a link");
	r = put_flags(looker, flags, count);
	if (r == 0)
		r = unserved_keep(
			looker->writer, &looker->day, looker->subject->state, looker->err);
	return r == 0 ? put_targets(looker) : r;
}

/* ---- days */

static int look_at_days(struct looker *looker, const struct span *days)
{
	int r = 0;

	for (int64_t day_s = days->from; r == 0 && day_s < days->to; day_s += DAY_SECONDS) {
		looker->day = (struct ledger_span){
			looker->subject->link->id, day_s, day_s + DAY_SECONDS};
		r = look_at_day(looker);
	}
	return r;
}

static int forget_looks(struct looker *looker, int64_t now_s)
{
	struct query q;

	db_query(&q, looker->writer->db,
		"DELETE FROM seen_day WHERE day < ? AND (agent, wan) IN"
		" (SELECT agent, wan FROM binding WHERE link = ?)");
	query_number(&q, now_s / DAY_SECONDS - LOOKS_KEPT_DAYS);
	query_number(&q, looker->subject->link->id);
	return query_run(&q, looker->err);
}

int flags_keep(struct ledger_writer *writer, const struct flag_subject *subject, int64_t now_s,
	struct err *err)
{
	struct looker looker = {
		.writer = writer, .subject = subject, .check = crosscheck_new(), .err = err};
	int32_t offset_s = subject->link->offset_s;
	struct link_first first;
	struct derived_line line;
	struct span days;
	int r;

	if (!looker.check)
		return err_errno(err, -ENOMEM, "a day of a link");
	r = derived_line(ledger_writer_view(writer), subject->link->id, &line, err);
	if (r == 0)
		r = link_ever_get(writer->db, subject->link->id, &first, err);
	if (r == 0 && line.first_s != SPAN_FOREVER) {
		looker.ever = first.ever;
		days.to = kept_day_of(now_s - SLA_KEEP_LATE_S, offset_s);
		days.from = line.figured_s > line.first_s ? line.figured_s : line.first_s;
		days.from = kept_day_of(days.from, offset_s);
		if (days.from < days.to - DAYS_MOST * DAY_SECONDS)
			days.from = days.to - DAYS_MOST * DAY_SECONDS;
		r = look_at_days(&looker, &days);
	}
	if (r == 0)
		r = forget_looks(&looker, now_s);
	crosscheck_free(looker.check);
	return r;
}

/* ---- reading */

int ledger_flags(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_flag *flag), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT link, kind, from_s, to_s, said, seen, count FROM flag"
		" WHERE (link = ?1 OR ?1 = 0) AND to_s > ?2 AND from_s < ?3"
		" ORDER BY link, from_s, kind");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!stop && query_next(&q) > 0) {
		const struct ledger_flag flag = {query_get_number(&q, 0),
			{(enum flag_kind)query_get_number(&q, 1), query_get_number(&q, 2),
				query_get_number(&q, 3), query_get_number(&q, 4),
				query_get_number(&q, 5), query_get_number(&q, 6)}};

		stop = each(arg, &flag);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

static struct target_day get_day(struct query *q)
{
	return (struct target_day){
		.pairs = (uint32_t)query_get_number(q, 2),
		.only_test = (uint32_t)query_get_number(q, 3),
		.only_rest = (uint32_t)query_get_number(q, 4),
		.both = (uint32_t)query_get_number(q, 5),
		.test_rtt_us = (uint32_t)query_get_number(q, 6),
		.rest_rtt_us = (uint32_t)query_get_number(q, 7),
		.gain_us = (int32_t)query_get_number(q, 8),
	};
}

int ledger_targets(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_targets *targets), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT link, day_s, pairs, only_test, only_rest, both, test_rtt_us, rest_rtt_us,"
		" gain_us FROM target_day WHERE (link = ?1 OR ?1 = 0) AND day_s >= ?2"
		" AND day_s < ?3 ORDER BY link, day_s");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!stop && query_next(&q) > 0) {
		const struct ledger_targets targets = {
			query_get_number(&q, 0), query_get_number(&q, 1), get_day(&q)};

		stop = each(arg, &targets);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}
