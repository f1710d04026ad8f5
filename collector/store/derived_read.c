/* SPDX-License-Identifier: Apache-2.0 */
/* From strips to the states of a span. */
#include <errno.h>

#include "collector/ledger/decisive.h"
#include "collector/store/derived_private.h"
#include "collector/store/derived_shelf.h"
#include "collector/store/forget_link.h"

struct kept { /* what is kept of a link under a rule */
	struct derived_line line;
	int64_t since_s; /* nothing before it */
	bool complete;
};

void derived_line_read(struct query *q, int column, struct derived_line *ret_line)
{
	*ret_line = (struct derived_line){
		.contract_s = query_get_until(q, column),
		.begins_s = query_get_number(q, column + 1),
		.first_s = query_get_until(q, column + 2),
		.tail_s = query_get_number(q, column + 3),
		.tail_cause = (enum unknown_cause)query_get_number(q, column + 4),
		.figured_s = query_get_number(q, column + 5),
	};
}

int derived_line(struct ledger_db *db, int64_t link, struct derived_line *ret_line, struct err *err)
{
	struct derived_line line;
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT contract_s, begins_s, first_s, tail_s, tail_cause, figured_s"
		" FROM link_line WHERE link = ?");
	query_number(&q, link);
	found = query_next(&q);
	if (found > 0)
		derived_line_read(&q, 0, &line);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "link %lld is not derived", (long long)link);
	*ret_line = line;
	return 0;
}

static int query_kept(
	struct ledger_db *db, const struct derived_of *of, struct kept *ret_kept, struct err *err)
{
	struct kept kept = {.since_s = INT64_MIN};
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT l.contract_s, l.begins_s, l.first_s, l.tail_s, l.tail_cause, l.figured_s,"
		" r.waits_s, r.since_s"
		" FROM link_line AS l JOIN link_rule AS r ON r.link = l.link"
		" WHERE l.link = ? AND r.rule = ?");
	query_number(&q, of->link);
	query_number(&q, rule_key(of->terms));
	found = query_next(&q);
	if (found > 0) {
		derived_line_read(&q, 0, &kept.line);
		kept.complete = query_is_null(&q, 6);
		if (!query_is_null(&q, 7))
			kept.since_s = query_get_number(&q, 7);
	}
	r = query_end(&q, err);
	if (r == 0)
		*ret_kept = kept;
	return r;
}

static int read_kept(
	struct ledger_db *db, const struct derived_of *of, struct kept *ret_kept, struct err *err)
{
	const struct part_key key = {of->link, rule_key(of->terms)};
	const struct shelf_rule *rule;
	int found = shelf_find_rule(db->shelf, &key, &rule);

	if (found < 0)
		return query_kept(db, of, ret_kept, err);
	*ret_kept = found ? (struct kept){rule->line, rule->since_s, !rule->waits}
			  : (struct kept){.since_s = INT64_MIN};
	return 0;
}

/* Whether what is kept was derived from where the timeline begins now. */
static bool is_current(const struct kept *kept, const struct derived_of *of)
{
	int64_t begins = kept->line.first_s < of->contract_s ? kept->line.first_s : of->contract_s;

	return kept->complete && kept->line.begins_s == begins;
}

/* ---- the strips that are needed */

struct reader {
	struct ledger_db *db;
	const struct derived_of *of;
	struct kept kept;
	struct span parts; /* numbers of parts, [from, to) */
	struct decisive decisive;
};

/* The timeline's own parts limit what can be read. */
static void clamp_parts(struct reader *reader)
{
	int64_t first = part_of(reader->kept.line.begins_s);
	int64_t end = part_of(reader->kept.line.tail_s) + 1;
	struct span *parts = &reader->parts, *sound = &reader->decisive.sound;

	parts->from = parts->from < first ? first : parts->from < end ? parts->from : end - 1;
	parts->to = parts->to > end ? end : parts->to > parts->from ? parts->to : parts->from + 1;
	sound->from = parts->from > first ? parts->from * PART_S : INT64_MIN;
	sound->to = parts->to < end ? parts->to * PART_S : SPAN_FOREVER;
}

static int load_strip(struct reader *reader, struct strip *ret_strip, struct err *err)
{
	const struct part_key key = {reader->of->link, rule_key(reader->of->terms)};
	int r = 0;

	for (int64_t part = reader->parts.from; r == 0 && part < reader->parts.to; part++) {
		const struct span one = {part, part + 1};
		struct shelf_body body;
		int found = shelf_find_part(reader->db->shelf, &key, part, &body);
		if (found < 0)
			r = parts_load(reader->db->db, &key, &one, ret_strip, err);
		else if (found)
			r = strip_decode(ret_strip, part * PART_S, body.bytes, body.length);
	}
	return r;
}

static int load_base(struct reader *reader, struct base *ret_base, struct err *err)
{
	const struct derived_line *line = &reader->kept.line;
	struct span within = reader->decisive.sound;
	struct base_segment last = {.kind = BASE_GOOD, .cause = BASE_NO_CAUSE};
	struct strip strip = {0};
	int r = load_strip(reader, &strip, err);

	if (within.from == INT64_MIN)
		within.from = line->begins_s;
	if (within.to == SPAN_FOREVER) {
		within.to = line->tail_s;
		last = (struct base_segment){
			.kind = BASE_UNKNOWN, .cause = (uint8_t)line->tail_cause};
	}
	if (r == 0) {
		r = strip_base(&strip, &within, last, ret_base);
		if (r < 0)
			err_errno(err, r, "runs of link %lld", (long long)reader->of->link);
	}
	strip_done(&strip);
	return r;
}

static int read_states(struct reader *reader, struct states *ret_states, struct err *err)
{
	struct decisive *decisive = &reader->decisive;
	struct base base = {0};
	bool enough = false;
	int r = 0;

	while (r == 0 && !enough) {
		int64_t more = reader->parts.to - reader->parts.from;
		base_done(&base);
		clamp_parts(reader);
		r = load_base(reader, &base, err);
		enough = r == 0 && decisive_cut(decisive, &base);
		reader->parts.from -= decisive->short_before ? more : 0;
		reader->parts.to += decisive->short_after ? more : 0;
	}
	if (r == 0) {
		r = states_of_base(&base, reader->of->terms, ret_states);
		if (r < 0)
			err_errno(err, r, "states of link %lld", (long long)reader->of->link);
	}
	base_done(&base);
	return r;
}

/* A rule that came after the slots had gone. */
static int refuse_gone(int64_t link, struct err *err)
{
	return err_set(err, -ESTALE,
		"link %lld: its slots of then are gone (keep_months), and nothing was derived of "
		"them"
		" under these terms before",
		(long long)link);
}

int derived_states(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	struct reader reader = {.db = db, .of = of};
	const struct derived_line *line = &reader.kept.line;
	struct span *asked = &reader.decisive.asked;
	int64_t window_s = of->terms->window_s;
	int r = read_kept(db, of, &reader.kept, err);

	if (r < 0)
		return r;
	if (!is_current(&reader.kept, of))
		return err_set(err, -ENOENT, "link %lld is not derived under these terms",
			(long long)of->link);
	asked->from = span->from > line->begins_s ? span->from : line->begins_s;
	asked->to = span->to < line->tail_s ? span->to : line->tail_s;
	if (asked->from < reader.kept.since_s && asked->from < asked->to)
		return refuse_gone(of->link, err);
	reader.decisive.window_s = of->terms->window_s;
	reader.parts = (struct span){
		part_of(asked->from - window_s), part_of(asked->to + window_s) + 1};
	r = read_states(&reader, &ret_derived->states, err);
	if (r < 0)
		return r;
	ret_derived->right = reader.decisive.right;
	ret_derived->first_s = line->first_s;
	return 0;
}

int derived_get(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	struct forgotten_link forgotten;
	int r = derived_states(db, of, span, ret_derived, NULL);

	if (r == -ENOENT) {
		r = forgotten_get(db->db, of->link, &forgotten, err);
		if (r < 0)
			return r;
		if (span->from >= forgotten.until_s)
			return derived_from_slots(db, of, span, ret_derived, err);
		r = -ESTALE;
	}
	if (r == -ESTALE)
		return refuse_gone(of->link, err);
	return r < 0 ? err_errno(err, r, "states of link %lld", (long long)of->link) : 0;
}
