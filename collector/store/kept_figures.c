/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/kept_figures.h"

#include <errno.h>
#include <stdlib.h>

#include "common/civil.h"

#define BODY_MAX_BYTES 65536 /* every bucket of both histograms, and to spare */
#define ZONE_MAX_S (14 * 3600) /* no place is further from UTC */

/* Months lie beside each other by month: a province's month is read in one go. */
const char kept_figures_schema[] =
	"CREATE TABLE day(link INTEGER NOT NULL, day_s INTEGER NOT NULL, seconds INTEGER NOT NULL,"
	"  body BLOB NOT NULL, PRIMARY KEY(link, day_s, seconds)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE month(month INTEGER NOT NULL, link INTEGER NOT NULL,"
	"  seconds INTEGER NOT NULL, to_s INTEGER NOT NULL, body BLOB NOT NULL,"
	"  PRIMARY KEY(month, link, seconds)) STRICT, WITHOUT ROWID;";

int64_t kept_month_number(int64_t second, int32_t offset_s)
{
	char name[8];

	civil_month_name(second, offset_s, name);
	return strtoll(name, NULL, 10) * 100 + strtoll(name + 5, NULL, 10);
}

int64_t kept_day_of(int64_t second, int32_t offset_s)
{
	int64_t local = second + offset_s, day = local / DAY_S;

	if (local < day * DAY_S)
		day--;
	return day * DAY_S - offset_s;
}

static uint64_t mix(uint64_t hash, int64_t number)
{
	hash = (hash ^ (uint64_t)number) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

int64_t kept_hash(const struct spans *seconds, int64_t to_s)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < seconds->count && seconds->items[i].from < to_s; i++) {
		const struct span *span = &seconds->items[i];
		hash = mix(hash, span->from);
		hash = mix(hash, span->to < to_s ? span->to : to_s);
	}
	return (int64_t)hash;
}

static void bind_key(struct query *q, const struct kept_key *key)
{
	query_number(q, key->at);
	query_number(q, key->link);
}

static int read_body(struct query *q, int column, struct figures *into)
{
	size_t length;
	const uint8_t *body = query_get_bytes(q, column, &length);

	return figures_decode(into, body, length);
}

static int bind_body_and_run(struct query *q, const struct figures *figures, struct err *err)
{
	struct buf body;
	int failed, r;

	buf_init(&body, BODY_MAX_BYTES);
	failed = figures_encode(figures, &body);
	query_bytes(q, buf_peek(&body), buf_length(&body));
	if (failed) {
		query_end(q, NULL);
		r = err_errno(err, failed, "figures of a link");
	} else {
		r = query_run(q, err);
	}
	buf_done(&body);
	return r;
}

/* ---- days */

int kept_day_get(struct db *db, const struct kept_key *key, const struct spans *seconds,
	struct figures *into, struct err *err)
{
	struct query q;
	int found, failed = 0, r;

	db_query(&q, db, "SELECT body FROM day WHERE day_s = ? AND link = ? AND seconds = ?");
	bind_key(&q, key);
	query_number(&q, kept_hash(seconds, SPAN_FOREVER));
	found = query_next(&q);
	if (found > 0)
		failed = read_body(&q, 0, into);
	r = query_end(&q, err);
	if (failed)
		return err_errno(err, failed, "figures of link %lld", (long long)key->link);
	return r < 0 ? r : found;
}

int kept_day_put(struct db *db, const struct kept_key *key, const struct spans *seconds,
	const struct figures *figures, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT OR REPLACE INTO day(day_s, link, seconds, body) VALUES (?, ?, ?, ?)");
	bind_key(&q, key);
	query_number(&q, kept_hash(seconds, SPAN_FOREVER));
	return bind_body_and_run(&q, figures, err);
}

int kept_days_drop(struct db *db, int64_t link, const struct span *days, struct err *err)
{
	struct query q;

	db_query(&q, db, "DELETE FROM day WHERE link = ? AND day_s >= ? AND day_s < ?");
	query_number(&q, link);
	query_number(&q, days->from);
	query_number(&q, days->to);
	return query_run(&q, err);
}

/* ---- months */

int kept_month_get(struct db *db, const struct kept_key *key, const struct spans *seconds,
	struct kept_month *into, struct err *err)
{
	struct query q;
	int found = 0, failed = 0, r;

	db_query(&q, db,
		"SELECT seconds, to_s, body FROM month WHERE month = ? AND link = ?"
		" ORDER BY to_s DESC");
	bind_key(&q, key);
	while (!found && query_next(&q) > 0) {
		int64_t to_s = query_get_number(&q, 1);
		if (kept_hash(seconds, to_s) != query_get_number(&q, 0))
			continue;
		failed = read_body(&q, 2, into->figures);
		into->to_s = to_s;
		found = 1;
	}
	r = query_end(&q, err);
	if (failed)
		return err_errno(err, failed, "figures of link %lld", (long long)key->link);
	return r < 0 ? r : found;
}

int kept_month_put(struct db *db, const struct kept_key *key, const struct kept_sum *sum,
	const struct figures *figures, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT OR REPLACE INTO month(month, link, seconds, to_s, body)"
		" VALUES (?, ?, ?, ?, ?)");
	bind_key(&q, key);
	query_number(&q, sum->hash);
	query_number(&q, sum->to_s);
	return bind_body_and_run(&q, figures, err);
}

int kept_month_has(
	struct db *db, const struct kept_key *key, const struct kept_sum *sum, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db,
		"SELECT 1 FROM month WHERE month = ? AND link = ? AND seconds = ? AND to_s = ?");
	bind_key(&q, key);
	query_number(&q, sum->hash);
	query_number(&q, sum->to_s);
	found = query_next(&q);
	r = query_end(&q, err);
	return r < 0 ? r : found;
}

static int find_other(struct db *db, const struct kept_key *key, const struct kept_hashes *hashes,
	int64_t *ret_hash, struct err *err)
{
	struct query q;
	int found = 0, r;

	db_query(&q, db, "SELECT seconds FROM month WHERE month = ? AND link = ?");
	bind_key(&q, key);
	while (!found && query_next(&q) > 0) {
		*ret_hash = query_get_number(&q, 0);
		found = 1;
		for (size_t i = 0; i < hashes->count; i++)
			found &= hashes->items[i] != *ret_hash;
	}
	r = query_end(&q, err);
	return r < 0 ? r : found;
}

int kept_month_drop_others(struct db *db, const struct kept_key *key,
	const struct kept_hashes *hashes, struct err *err)
{
	int64_t other;
	int r;

	while ((r = find_other(db, key, hashes, &other, err)) > 0) {
		struct query q;
		db_query(&q, db, "DELETE FROM month WHERE month = ? AND link = ? AND seconds = ?");
		bind_key(&q, key);
		query_number(&q, other);
		r = query_run(&q, err);
		if (r < 0)
			return r;
	}
	return r;
}

/* ---- when slots change */

static int drop_months(struct db *db, int64_t link, const struct span *span, struct err *err)
{
	int64_t month = kept_month_number(span->from, -ZONE_MAX_S);
	int64_t last = kept_month_number(span->to, ZONE_MAX_S);
	int r = 0;

	while (r == 0 && month <= last) {
		struct query q;
		db_query(&q, db, "DELETE FROM month WHERE month = ? AND link = ? AND to_s > ?");
		query_number(&q, month);
		query_number(&q, link);
		query_number(&q, span->from);
		r = query_run(&q, err);
		month += month % 100 == 12 ? 89 : 1;
	}
	return r;
}

int kept_touch(struct db *db, int64_t link, const struct span *span, struct err *err)
{
	const struct span days = {span->from - DAY_S + 1, span->to};
	int r = kept_days_drop(db, link, &days, err);

	return r < 0 ? r : drop_months(db, link, span, err);
}
