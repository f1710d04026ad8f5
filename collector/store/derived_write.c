/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch does to the derived tables. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "collector/store/derived_work.h"
#include "collector/store/forget_link.h"
#include "collector/store/kept_figures.h"

/* What waits is derived by so much of a link at a time, so that a batch stays short. */
#define WORK_S (93 * 86400LL)

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int get_old(struct work *work, struct err *err)
{
	int r = derived_line(ledger_writer_view(work->writer), work->link, &work->old, NULL);

	if (r == -ENOENT) {
		work->old = (struct derived_line){
			.contract_s = SPAN_FOREVER,
			.begins_s = SPAN_FOREVER,
			.first_s = SPAN_FOREVER,
			.tail_s = INT64_MIN,
			.tail_cause = UNKNOWN_SILENT,
			.figured_s = INT64_MIN,
		};
		r = 0;
	}
	return r < 0 ? err_errno(err, r, "runs of link %" PRId64, work->link) : 0;
}

static int begin_work(struct work *work, struct ledger_writer *writer, int64_t link,
	int64_t touched_s, struct err *err)
{
	int r;

	*work = (struct work){.writer = writer, .link = link, .changed = {SPAN_FOREVER, INT64_MIN}};
	r = get_old(work, err);
	work->now.figured_s = work->old.figured_s;
	if (r == 0)
		r = rules_load(writer->db, link, &work->rules, err);
	if (r == 0)
		r = forgotten_get(writer->db, link, &work->forgotten, err);
	return r < 0 ? r : work_find_first(work, work->old.contract_s, touched_s, err);
}

/* Figures may be there up to this second: while they are looked at again, month by month, those not
 * reached yet are. */
static int64_t kept_up_to(const struct derived_line *line)
{
	if (line->tail_s == INT64_MIN || line->figured_s > line->tail_s - 3 * DAY_S)
		return line->figured_s;
	return line->tail_s + DAY_S;
}

/* Slots have changed in the span: figures that were made from them go. */
static int touch_figures(struct work *work, const struct span *touched, struct err *err)
{
	struct span span = {larger(touched->from, smaller(work->old.begins_s, work->now.begins_s)),
		smaller(touched->to, kept_up_to(&work->old))};

	if (work->forgotten.until_s != INT64_MIN)
		span.from = larger(span.from, work->forgotten.until_s + FORGOTTEN_ZONES_S);
	if (span.from >= span.to)
		return 0;
	work->now.figured_s = smaller(work->old.figured_s, span.from);
	return kept_touch(work->writer->db, work->link, &span, err);
}

static void end_work(struct work *work)
{
	free(work->rules.items);
}

static bool is_kept(const struct work *work)
{
	return work->old.begins_s != SPAN_FOREVER;
}

static int derive_kept(struct work *work, const struct span *span, struct err *err)
{
	return work_derive(work, span, work->rules.items, work->rules.count, err);
}

/* No contract, and no slot any more: there is no timeline. */
static int forget(struct work *work, struct err *err)
{
	struct query q;
	int r = 0;

	work->changed = (struct span){INT64_MIN, SPAN_FOREVER};
	if (work->old.figured_s > work->old.begins_s)
		r = kept_touch(work->writer->db, work->link,
			&(struct span){work->old.begins_s, work->old.figured_s}, err);
	if (r < 0)
		return r;
	db_query(&q, work->writer->db, "DELETE FROM link_line WHERE link = ?");
	query_number(&q, work->link);
	return query_run(&q, err);
}

/* Where the timeline begins now may be elsewhere than what is kept says; where nothing is kept, all
 * of it is derived. */
static int derive_head(struct work *work, struct err *err)
{
	struct span head = {INT64_MIN, SPAN_FOREVER};

	if (work->now.begins_s == SPAN_FOREVER)
		return is_kept(work) ? forget(work, err) : 0;
	if (is_kept(work))
		head.to = larger(work->old.begins_s, work->now.begins_s);
	if (is_kept(work) && work->old.begins_s == work->now.begins_s &&
		work->old.first_s == work->now.first_s &&
		work->old.contract_s == work->now.contract_s)
		return 0;
	return derive_kept(work, &head, err);
}

int derived_touch(struct ledger_writer *writer, const struct ledger_span *touched,
	struct span *ret_changed, struct err *err)
{
	struct span span = {touched->from_s, touched->to_s};
	struct work work;
	int r = begin_work(&work, writer, touched->link, touched->from_s, err);
	bool kept = is_kept(&work) && work.now.begins_s != SPAN_FOREVER;

	if (r == 0)
		r = touch_figures(&work, &span, err);
	if (r == 0)
		r = derive_head(&work, err);
	/* where slots are gone, what they said stays */
	span.from = larger(span.from, work.forgotten.until_s);
	if (r == 0 && kept && span.from < span.to)
		r = derive_kept(&work, &span, err);
	end_work(&work);
	if (r == 0)
		*ret_changed = work.changed;
	return r;
}

int derived_settle(struct ledger_writer *writer, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < writer->touched_count; i++) {
		struct ledger_span *touched = &writer->touched[i];
		struct span changed;
		r = derived_touch(writer, touched, &changed, err);
		if (r < 0)
			break;
		touched->from_s = smaller(touched->from_s, changed.from);
		touched->to_s = larger(touched->to_s, changed.to);
	}
	return r;
}

int derived_follow(struct ledger_writer *writer, const struct derived_link *link, struct err *err)
{
	struct work work;
	int r = begin_work(&work, writer, link->link, INT64_MIN, err);

	if (r == 0)
		r = rules_note(
			writer->db, link, is_kept(&work) ? work.now.begins_s : INT64_MIN, err);
	if (r == 0) {
		free(work.rules.items);
		work.rules.items = NULL;
		r = rules_load(writer->db, link->link, &work.rules, err);
	}
	if (r == 0)
		r = work_find_first(&work, link->contract_s, INT64_MIN, err);
	if (r == 0)
		r = derive_head(&work, err);
	if (r == 0) /* months that hold what they must are left as they are */
		r = derived_put_figured(writer, link->link, INT64_MIN, err);
	if (r == 0 && work.changed.from < work.changed.to)
		r = touched_add(writer,
			&(struct ledger_span){link->link, work.changed.from, work.changed.to}, err);
	end_work(&work);
	return r;
}

/* The stretch that waits under one rule, and no further than a batch may last. */
static int derive_waiting(
	struct work *work, const struct terms *rule, int64_t waits_s, struct err *err)
{
	int64_t from = larger(waits_s, work->forgotten.until_s);
	int64_t to = larger(from, work->now.begins_s) + WORK_S;
	bool all = to >= work->old.tail_s;
	const struct span span = {from, all ? SPAN_FOREVER : to};
	int r = work_derive(work, &span, rule, 1, err);

	if (r < 0)
		return r;
	return rule_put(work->writer->db, &(struct part_key){work->link, rule_key(rule)},
		all ? SPAN_FOREVER : to, err);
}

int derived_work(struct ledger_writer *writer, int64_t link, bool *ret_more, struct err *err)
{
	struct work work;
	struct terms rule;
	int64_t waits_s;
	int r = begin_work(&work, writer, link, INT64_MIN, err);

	if (r == 0)
		r = rules_waiting(writer->db, link, &rule, &waits_s, err);
	*ret_more = r == 0;
	if (r == 0 && !is_kept(&work))
		r = rule_put(
			writer->db, &(struct part_key){link, rule_key(&rule)}, SPAN_FOREVER, err);
	else if (r == 0)
		r = derive_waiting(&work, &rule, waits_s, err);
	end_work(&work);
	return r == -ENOENT ? 0 : r;
}
