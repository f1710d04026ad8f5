/* SPDX-License-Identifier: Apache-2.0 */
/* The table `run`: strips, in parts. A part without a row is good all through. */
#include <errno.h>
#include <string.h>

#include "collector/store/derived_private.h"

/* Most that one part can hold: every other second another kind. */
#define PART_MAX_BYTES (16 << 20)

const char derived_schema[] =
	"CREATE TABLE link_line(link INTEGER PRIMARY KEY, contract_s INTEGER,"
	"  begins_s INTEGER NOT NULL, first_s INTEGER, tail_s INTEGER NOT NULL,"
	"  tail_cause INTEGER NOT NULL, figured_s INTEGER NOT NULL) STRICT;"
	"CREATE INDEX link_line_figured ON link_line(figured_s);"
	"CREATE TABLE link_rule(link INTEGER NOT NULL, rule INTEGER NOT NULL,"
	/* since_s: before that the slots were gone when the rule was first asked for */
	"  waits_s INTEGER, since_s INTEGER, PRIMARY KEY(link, rule)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX link_rule_waits ON link_rule(link) WHERE waits_s IS NOT NULL;"
	"CREATE TABLE run(part INTEGER NOT NULL, link INTEGER NOT NULL, rule INTEGER NOT NULL,"
	"  body BLOB NOT NULL, PRIMARY KEY(part, link, rule)) STRICT, WITHOUT ROWID;";

int64_t part_of(int64_t second)
{
	int64_t part = second / PART_S;

	return second < part * PART_S ? part - 1 : part;
}

/* bits 0-7 uncharged, 8-23 bridge, from 24 threshold */
int64_t rule_key(const struct terms *terms)
{
	_Static_assert(DOWN_CAUSE_COUNT <= 8, "the uncharged causes fit eight bits");
	return (int64_t)terms->loss_threshold_ppm << 24 | (int64_t)terms->bridge_s << 8 |
		(terms->uncharged & 0xff);
}

bool derived_same_rule(const struct terms *a, const struct terms *b)
{
	return rule_key(a) == rule_key(b);
}

static int load_part(struct db *db, const struct part_key *key, int64_t part, struct strip *strip,
	struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, db, "SELECT body FROM run WHERE part = ? AND link = ? AND rule = ?");
	query_number(&q, part);
	query_number(&q, key->link);
	query_number(&q, key->rule);
	if (query_next(&q) > 0) {
		size_t length;
		const uint8_t *body = query_get_bytes(&q, 0, &length);
		failed = strip_decode(strip, part * PART_S, body, length);
	}
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "runs of link %lld", (long long)key->link) : r;
}

int parts_load(struct db *db, const struct part_key *key, const struct span *parts,
	struct strip *ret_strip, struct err *err)
{
	int r = 0;

	for (int64_t part = parts->from; r == 0 && part < parts->to; part++)
		r = load_part(db, key, part, ret_strip, err);
	return r;
}

static int delete_part(struct db *db, const struct part_key *key, int64_t part, struct err *err)
{
	struct query q;

	db_query(&q, db, "DELETE FROM run WHERE part = ? AND link = ? AND rule = ?");
	query_number(&q, part);
	query_number(&q, key->link);
	query_number(&q, key->rule);
	return query_run(&q, err);
}

static int save_part(struct db *db, const struct part_key *key, int64_t part,
	const struct strip *strip, struct err *err)
{
	struct query q;
	struct buf body;
	int r;

	if (!strip->count)
		return delete_part(db, key, part, err);
	buf_init(&body, PART_MAX_BYTES);
	r = strip_encode(strip, part * PART_S, &body);
	if (r < 0) {
		err_errno(err, r, "runs of link %lld", (long long)key->link);
	} else {
		db_query(&q, db,
			"INSERT OR REPLACE INTO run(part, link, rule, body) VALUES (?, ?, ?, ?)");
		query_number(&q, part);
		query_number(&q, key->link);
		query_number(&q, key->rule);
		query_bytes(&q, buf_peek(&body), buf_length(&body));
		r = query_run(&q, err);
	}
	buf_done(&body);
	return r;
}

static bool is_same(const struct strip *a, const struct strip *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct base_segment *x = &a->items[i], *y = &b->items[i];
		if (x->from != y->from || x->to != y->to || x->kind != y->kind ||
			x->cause != y->cause || x->bridged != y->bridged)
			return false;
	}
	return true;
}

/* The base's segments may be many: only those from here on are looked at. */
static size_t first_after(const struct base *base, int64_t second)
{
	size_t low = 0, high = base->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (base->segments[middle].to <= second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int replace_in_part(struct db *db, const struct part_key *key, const struct span *within,
	const struct base *base, struct err *err)
{
	int64_t part = part_of(within->from);
	size_t first = first_after(base, within->from);
	struct strip old = {0}, fresh = {0};
	const struct span all = {INT64_MIN, INT64_MAX};
	int r = load_part(db, key, part, &old, err);

	if (r < 0)
		goto free_strips;
	r = strip_add(&fresh, old.items, old.count, &all);
	if (r == 0)
		r = strip_replace(&fresh, base->segments + first, base->count - first, within);
	if (r < 0) {
		err_errno(err, r, "runs of link %lld", (long long)key->link);
		goto free_strips;
	}
	if (!is_same(&old, &fresh))
		r = save_part(db, key, part, &fresh, err);
free_strips:
	strip_done(&fresh);
	strip_done(&old);
	return r;
}

int parts_replace(struct db *db, const struct part_key *key, const struct span *within,
	const struct base *base, struct err *err)
{
	int r = 0;

	for (int64_t at = within->from; r == 0 && at < within->to;) {
		int64_t end = (part_of(at) + 1) * PART_S;
		struct span span = {at, end < within->to ? end : within->to};
		r = replace_in_part(db, key, &span, base, err);
		at = span.to;
	}
	return r;
}
