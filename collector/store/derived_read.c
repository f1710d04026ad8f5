/* SPDX-License-Identifier: Apache-2.0 */
/* From strips to the states of a span. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/derived_private.h"

struct kept { /* what is kept of a link under a rule */
	struct derived_line line;
	bool complete;
};

struct part_range {
	int64_t first, last; /* both included */
};

static void read_line(struct query *q, struct derived_line *ret_line)
{
	*ret_line = (struct derived_line){
		.contract_s = query_get_until(q, 0),
		.begins_s = query_get_number(q, 1),
		.first_s = query_get_until(q, 2),
		.tail_s = query_get_number(q, 3),
		.tail_cause = (enum unknown_cause)query_get_number(q, 4),
	};
}

int derived_line(struct ledger_db *db, int64_t link, struct derived_line *ret_line, struct err *err)
{
	struct derived_line line;
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT contract_s, begins_s, first_s, tail_s, tail_cause FROM link_line"
		" WHERE link = ?");
	query_number(&q, link);
	found = query_next(&q);
	if (found > 0)
		read_line(&q, &line);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "link %lld is not derived", (long long)link);
	*ret_line = line;
	return 0;
}

static int read_kept(
	struct ledger_db *db, const struct derived_of *of, struct kept *ret_kept, struct err *err)
{
	struct kept kept = {.complete = false};
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT l.contract_s, l.begins_s, l.first_s, l.tail_s, l.tail_cause, r.waits_s"
		" FROM link_line AS l JOIN link_rule AS r ON r.link = l.link"
		" WHERE l.link = ? AND r.rule = ?");
	query_number(&q, of->link);
	query_number(&q, rule_key(of->terms));
	found = query_next(&q);
	if (found > 0) {
		read_line(&q, &kept.line);
		kept.complete = query_is_null(&q, 5);
	}
	r = query_end(&q, err);
	if (r == 0)
		*ret_kept = kept;
	return r;
}

/* Whether what is kept was derived from where the timeline begins now. */
static bool is_current(const struct kept *kept, const struct derived_of *of)
{
	int64_t begins = kept->line.first_s < of->contract_s ? kept->line.first_s : of->contract_s;

	return kept->complete && kept->line.begins_s == begins;
}

/* ---- cutting out what decides */

struct good_run {
	int64_t from, to;
	size_t after; /* the first segment behind it */
};

/* The next run of good seconds, from the segment on. False: there is none. */
static bool next_good(const struct base *base, size_t at, struct good_run *ret_run)
{
	while (at < base->count && base->segments[at].kind != BASE_GOOD)
		at++;
	if (at == base->count)
		return false;
	ret_run->from = base->segments[at].from;
	while (at < base->count && base->segments[at].kind == BASE_GOOD)
		at++;
	ret_run->to = base->segments[at - 1].to;
	ret_run->after = at;
	return true;
}

/* Does the run's part within the limits last at least W? */
static bool decides(int64_t from, int64_t to, const struct terms *terms)
{
	return from < to && (uint64_t)to - (uint64_t)from >= terms->window_s;
}

/* The last second before `from` from which on everything is decided, and is up. */
static bool find_left(
	const struct base *base, int64_t from, const struct terms *terms, int64_t *ret_cut)
{
	struct good_run run;
	bool found = false;

	for (size_t at = 0; next_good(base, at, &run) && run.from < from; at = run.after) {
		int64_t to = run.to < from ? run.to : from;
		if (!decides(run.from, to, terms))
			continue;
		*ret_cut = to - terms->window_s;
		found = true;
	}
	return found;
}

/* The first second of `within` at which it is up and decided; the rest is of no importance. */
static bool find_right(const struct base *base, const struct span *within,
	const struct terms *terms, int64_t *ret_cut)
{
	struct good_run run;

	for (size_t at = 0; next_good(base, at, &run); at = run.after) {
		int64_t from = run.from > within->from ? run.from : within->from;
		if (!decides(from, run.to < within->to ? run.to : within->to, terms))
			continue;
		*ret_cut = from + terms->window_s;
		return true;
	}
	return false;
}

/* The base from the second on. */
static void cut_before(struct base *base, int64_t second)
{
	size_t first = 0;

	while (first + 1 < base->count && base->segments[first].to <= second)
		first++;
	base->count -= first;
	memmove(base->segments, base->segments + first, base->count * sizeof(*base->segments));
	if (base->segments[0].from < second)
		base->segments[0].from = second;
}

/* Good without end from the second on, up to which a run of good reaches. */
static void cut_after(struct base *base, int64_t second)
{
	struct base_segment *last = &base->segments[base->count - 1];

	while (last > base->segments && last->from >= second)
		last--;
	if (last->bridged) { /* a bridge has two ends: strip_base() left room for one more */
		last->to = last->to < second ? last->to : second;
		last++;
		*last = (struct base_segment){
			last[-1].to, SPAN_FOREVER, BASE_GOOD, BASE_NO_CAUSE, false};
	}
	last->to = SPAN_FOREVER;
	base->count = (size_t)(last - base->segments) + 1;
}

/* ---- the parts that are needed */

struct reader {
	struct ledger_db *db;
	const struct derived_of *of;
	struct span span; /* that of the question, as far as the timeline reaches */
	struct kept kept;
	struct part_range parts;
	int64_t loaded_to_s;
	struct span right;
	bool left_end, right_end; /* the parts reach as far as the link's timeline */
};

static void clamp_parts(struct reader *reader)
{
	int64_t first = part_of(reader->kept.line.begins_s);
	int64_t last = part_of(reader->kept.line.tail_s);

	if (last < first)
		last = first;
	reader->left_end = reader->parts.first <= first;
	reader->right_end = reader->parts.last >= last;
	if (reader->parts.first < first)
		reader->parts.first = first;
	if (reader->parts.last > last)
		reader->parts.last = last;
	if (reader->parts.first > last)
		reader->parts.first = last;
	if (reader->parts.last < first)
		reader->parts.last = first;
}

static int load_base(struct reader *reader, struct base *ret_base, struct err *err)
{
	const struct derived_line *line = &reader->kept.line;
	const struct part_key key = {reader->of->link, rule_key(reader->of->terms)};
	struct span within = {reader->parts.first * PART_S, (reader->parts.last + 1) * PART_S};
	struct base_segment last = {.kind = BASE_GOOD, .cause = BASE_NO_CAUSE};
	struct strip strip = {0};
	int r = parts_load(
		reader->db->db, &key, reader->parts.first, reader->parts.last, &strip, err);

	if (reader->left_end)
		within.from = line->begins_s;
	if (reader->right_end) {
		within.to = line->tail_s;
		last = (struct base_segment){
			.kind = BASE_UNKNOWN, .cause = (uint8_t)line->tail_cause};
	}
	reader->loaded_to_s = reader->right_end ? SPAN_FOREVER : within.to;
	if (r == 0) {
		r = strip_base(&strip, &within, last, ret_base);
		if (r < 0)
			err_errno(err, r, "runs of link %lld", (long long)reader->of->link);
	}
	strip_done(&strip);
	return r;
}

/* Cuts off what does not matter. False: more has to be read first, on the side that says so. */
static bool cut(struct reader *reader, struct base *base)
{
	const struct terms *terms = reader->of->terms;
	int64_t left = INT64_MIN, right = SPAN_FOREVER;
	struct span after = {reader->span.to, reader->loaded_to_s};
	bool has_left = find_left(base, reader->span.from, terms, &left);
	bool has_right = find_right(base, &after, terms, &right);

	if (!has_left && !reader->left_end)
		reader->parts.first -= reader->parts.last - reader->parts.first + 1;
	if (!has_right && !reader->right_end)
		reader->parts.last += reader->parts.last - reader->parts.first + 1;
	if ((!has_left && !reader->left_end) || (!has_right && !reader->right_end))
		return false;
	if (has_right)
		cut_after(base, right);
	if (has_left)
		cut_before(base, left);
	reader->right = (struct span){left, right};
	return true;
}

static int read_states(struct reader *reader, struct states *ret_states, struct err *err)
{
	struct base base = {0};
	bool enough = false;
	int r = 0;

	while (r == 0 && !enough) {
		base_done(&base);
		clamp_parts(reader);
		r = load_base(reader, &base, err);
		if (r == 0)
			enough = cut(reader, &base);
	}
	if (r == 0) {
		r = states_of_base(&base, reader->of->terms, ret_states);
		if (r < 0)
			err_errno(err, r, "states of link %lld", (long long)reader->of->link);
	}
	base_done(&base);
	return r;
}

int derived_states(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	struct reader reader = {.db = db, .of = of};
	const struct derived_line *line = &reader.kept.line;
	int64_t window_s = of->terms->window_s;
	int r = read_kept(db, of, &reader.kept, err);

	if (r < 0)
		return r;
	if (!is_current(&reader.kept, of))
		return err_set(err, -ENOENT, "link %lld is not derived under these terms",
			(long long)of->link);
	reader.span.from = span->from > line->begins_s ? span->from : line->begins_s;
	reader.span.to = span->to < line->tail_s ? span->to : line->tail_s;
	reader.parts = (struct part_range){
		part_of(reader.span.from - window_s), part_of(reader.span.to + window_s)};
	r = read_states(&reader, &ret_derived->states, err);
	if (r < 0)
		return r;
	ret_derived->right = reader.right;
	ret_derived->first_s = line->first_s;
	return 0;
}

/* ---- without any of it */

int derived_from_slots(struct ledger_db *db, const struct derived_of *of,
	struct derived *ret_derived, struct err *err)
{
	struct derived derived = {.right = {INT64_MIN, SPAN_FOREVER}, .first_s = SPAN_FOREVER};
	const struct ledger_span all = {of->link, INT64_MIN, SPAN_FOREVER};
	struct history history;
	struct line line = {0};
	int r = ledger_history_load(db, &all, &history, err);

	if (r < 0)
		return r;
	r = line_build(&history, &line);
	ledger_history_done(&history);
	if (r == 0) {
		if (line.slot_count)
			derived.first_s = line.slots[0].from;
		r = states_compute(&line, of->terms,
			derived.first_s < of->contract_s ? derived.first_s : of->contract_s,
			&derived.states);
	}
	line_done(&line);
	if (r < 0)
		return err_errno(err, r, "states of link %lld", (long long)of->link);
	*ret_derived = derived;
	return 0;
}

int derived_get(struct ledger_db *db, const struct derived_of *of, const struct span *span,
	struct derived *ret_derived, struct err *err)
{
	int r = derived_states(db, of, span, ret_derived, err);

	return r == -ENOENT ? derived_from_slots(db, of, ret_derived, err) : r;
}
