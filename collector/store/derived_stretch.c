/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stretch of a link's base is derived anew: from the known second before what was touched to the
 * next one after it, and no further.
 *
 *	slots   [ good ][ good ]      [ good ][ good ]
 *	touched                 |  |
 *	anew            ^cut                 ^cut       holes are explained and bridged in between
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "collector/store/derived_work.h"

/* Beside a hole of at most the bridge a known slot decides; no slot is longer than a minute. */
#define BESIDE_S (TERMS_BRIDGE_MAX_S + 2 * (SLOT_LENGTH_MAX_MS / 1000 + 1))
/* Slots in memory at once: so much of a link is laid out in one go. */
#define STRETCH_S (62 * 86400LL)

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- where to cut */

static bool is_known(const struct base_segment *segment)
{
	return segment->kind != BASE_UNKNOWN && !segment->bridged;
}

/* The last second before the touched ones of which nothing can have changed: known, or else, where
 * no bridge can reach, the end of the last slot. INT64_MIN: there is none. */
static int64_t cut_before(const struct work *work, const struct base *base)
{
	int64_t from = work->touched.from, cut = INT64_MIN;

	for (size_t i = 0; i < base->count && base->segments[i].from < from; i++) {
		if (is_known(&base->segments[i]) && base->segments[i].to > work->loaded.from)
			cut = smaller(base->segments[i].to, from);
	}
	if (cut != INT64_MIN)
		return cut;
	for (size_t i = 0; i < work->line.slot_count && work->line.slots[i].from < from; i++)
		cut = smaller(work->line.slots[i].to, from);
	return cut;
}

/* The first such second after them. SPAN_FOREVER: there is none. */
static int64_t cut_after(const struct work *work, const struct base *base)
{
	int64_t to = work->touched.to;

	for (size_t i = 0; i < base->count && base->segments[i].from < work->loaded.to; i++) {
		if (is_known(&base->segments[i]) && base->segments[i].to > to)
			return larger(base->segments[i].from, to);
	}
	for (size_t i = 0; i < work->line.slot_count; i++) {
		if (work->line.slots[i].to > to)
			return larger(work->line.slots[i].from, to);
	}
	return SPAN_FOREVER;
}

/* ---- one stretch */

static int load(struct work *work, struct err *err)
{
	struct ledger_span span = {work->link, work->loaded.from, work->loaded.to};
	struct history history;
	int r = ledger_history_load(ledger_writer_view(work->writer), &span, &history, err);

	if (r < 0)
		return r;
	line_done(&work->line);
	r = line_build(&history, &work->line);
	ledger_history_done(&history);
	return r < 0 ? err_errno(err, r, "timeline of link %" PRId64, work->link) : 0;
}

/* The nearest slots on either side are there, but the line beside them is only right where it was
 * asked for: so the question is widened up to them. */
static bool widen(struct work *work)
{
	const struct line *line = &work->line;
	int64_t before = INT64_MIN, after = SPAN_FOREVER;
	bool wider = false;

	for (size_t i = 0; i < line->slot_count; i++) {
		if (line->slots[i].from < work->touched.from)
			before = line->slots[i].from;
		if (line->slots[i].to > work->touched.to && after == SPAN_FOREVER)
			after = line->slots[i].to;
	}
	if (before < work->loaded.from) {
		work->loaded.from = before;
		wider = true;
	}
	if (after > work->loaded.to) {
		work->loaded.to = after;
		wider = true;
	}
	return wider;
}

static int lay_out(struct work *work, struct err *err)
{
	int r;

	work->loaded = work->touched;
	if (work->loaded.from != INT64_MIN)
		work->loaded.from -= BESIDE_S;
	if (work->loaded.to != SPAN_FOREVER)
		work->loaded.to += BESIDE_S;
	/* mostly it is the end that grows: nothing lies beyond, as widen() would find */
	if (work->loaded.to >= work->old.tail_s)
		work->loaded.to = SPAN_FOREVER;
	do
		r = load(work, err);
	while (r == 0 && widen(work));
	return r;
}

static int derive_rule(
	struct work *work, const struct terms *rule, struct derived_line *ret_line, struct err *err)
{
	const struct part_key key = {work->link, rule_key(rule)};
	struct base base;
	struct span anew;
	int r = base_build(&work->line, rule, work->now.begins_s, &base);

	if (r < 0)
		return err_errno(err, r, "timeline of link %" PRId64, work->link);
	anew = (struct span){cut_before(work, &base), cut_after(work, &base)};
	work->changed.from = smaller(work->changed.from, anew.from);
	work->changed.to = larger(work->changed.to, anew.to);
	const struct base_segment *last = &base.segments[base.count - 1];
	ret_line->tail_s = last->from;
	ret_line->tail_cause = (enum unknown_cause)last->cause;
	if (anew.to != SPAN_FOREVER) /* it ends somewhere beyond what was read */
		*ret_line = work->old;
	/* an earlier beginning: the slots behind it may be gone, and what they said stays */
	if (work->touched.from == INT64_MIN && work->forgotten.until_s > work->old.begins_s)
		anew.to = smaller(anew.to, work->old.begins_s);
	anew.from = larger(anew.from, work->now.begins_s);
	anew.to = smaller(anew.to, larger(ret_line->tail_s, work->old.tail_s));
	base.count -= last->from >= ret_line->tail_s; /* the end is kept apart */
	r = parts_replace(work->writer->db, &key, &anew, &base, err);
	base_done(&base);
	return r;
}

/* ---- the link's own row */

int work_find_first(struct work *work, int64_t contract_s, int64_t touched_s, struct err *err)
{
	int64_t first_s = work->old.first_s;
	int r = 0;

	/* behind the first slot nothing that comes or goes makes another one the first */
	if (touched_s <= first_s)
		r = ledger_first_slot(ledger_writer_view(work->writer), work->link, &first_s, NULL);
	if (r < 0 && r != -ENOENT)
		return err_errno(err, r, "first slot of link %" PRId64, work->link);
	work->now.first_s = r == 0 ? first_s : SPAN_FOREVER;
	work->now.contract_s = contract_s;
	work->now.begins_s = smaller(work->now.first_s, contract_s);
	return 0;
}

static int put_line(struct work *work, const struct derived_line *line, struct err *err)
{
	struct query q;

	if (line->contract_s == work->old.contract_s && line->begins_s == work->old.begins_s &&
		line->first_s == work->old.first_s && line->tail_s == work->old.tail_s &&
		line->tail_cause == work->old.tail_cause && line->figured_s == work->old.figured_s)
		return 0;
	db_query(&q, work->writer->db,
		"INSERT OR REPLACE INTO link_line(link, contract_s, begins_s, first_s, tail_s,"
		" tail_cause, figured_s) VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, work->link);
	query_until(&q, line->contract_s);
	query_number(&q, line->begins_s);
	query_until(&q, line->first_s);
	query_number(&q, line->tail_s);
	query_number(&q, line->tail_cause);
	query_number(&q, line->figured_s);
	return query_run(&q, err);
}

/* Some rules, one stretch. */
static int derive_stretch(
	struct work *work, const struct terms *rules, size_t count, struct err *err)
{
	struct derived_line line = work->old;
	int r = lay_out(work, err);

	for (size_t i = 0; r == 0 && i < count; i++)
		r = derive_rule(work, &rules[i], &line, err);
	line_done(&work->line);
	line.contract_s = work->now.contract_s;
	line.begins_s = work->now.begins_s;
	line.first_s = work->now.first_s;
	line.figured_s = work->now.figured_s;
	if (r == 0)
		r = put_line(work, &line, err);
	work->old = line;
	return r;
}

int work_derive(struct work *work, const struct span *touched, const struct terms *rules,
	size_t count, struct err *err)
{
	int64_t end = larger(work->old.tail_s, work->now.begins_s);
	int64_t at = touched->from;
	int r = 0;

	while (r == 0 && at < touched->to) {
		int64_t from = larger(at, work->now.begins_s);
		work->touched = (struct span){at, touched->to};
		if (touched->to > from + STRETCH_S && from + STRETCH_S < end)
			work->touched.to = from + STRETCH_S;
		r = derive_stretch(work, rules, count, err);
		at = work->touched.to;
	}
	return r;
}
