/* SPDX-License-Identifier: Apache-2.0 */
/* A row as it would be: by the same code, over other states or other exclusions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/inbox_private.h"

static int compute(const struct inbox_row *row, const struct states *states,
	const struct exclusions *rules, struct month_row *ret_month)
{
	const struct span contract = {row->contract->from_s, row->contract->to_s};
	const struct month_case month_case = {&contract, &row->contract->terms, states, rules};

	return month_compute(&row->link->period, &month_case, ret_month);
}

static void append(struct states *states, struct state_run run, int64_t from, int64_t to)
{
	if (from >= to)
		return;
	run.from = from;
	run.to = to;
	states->runs[states->count++] = run;
}

/* The runs, with U instead of all else in the span. */
static int lift(const struct states *states, const struct span *span, struct states *ret_lifted)
{
	const struct state_run up = {.state = STATE_U};
	struct states lifted = *states;

	lifted.count = 0;
	lifted.runs = calloc(states->count + 2, sizeof(*lifted.runs));
	if (!lifted.runs)
		return -ENOMEM;
	for (size_t i = 0; i < states->count; i++) {
		const struct state_run run = states->runs[i];
		int64_t from = run.from > span->from ? run.from : span->from;
		int64_t to = run.to < span->to ? run.to : span->to;
		if (from >= to) {
			append(&lifted, run, run.from, run.to);
			continue;
		}
		append(&lifted, run, run.from, from);
		append(&lifted, up, from, to);
		append(&lifted, run, to, run.to);
	}
	*ret_lifted = lifted;
	return 0;
}

int inbox_if_up(const struct inbox_row *row, const struct span *span, int64_t *ret_rupiah)
{
	const struct exclusions rules = {row->link->rules, row->link->rule_count};
	struct month_row month;
	struct states lifted;
	int failed = lift(&row->states, span, &lifted);

	if (failed)
		return failed;
	failed = compute(row, &lifted, &rules, &month);
	free(lifted.runs); /* the rest is the row's own */
	if (failed)
		return failed;
	*ret_rupiah = row->month.restitution_high - month.restitution_high;
	month_row_done(&month);
	return 0;
}

int inbox_if_rules(const struct inbox_row *row, const struct exclusions *rules, int64_t *ret_rupiah,
	int64_t *ret_seconds)
{
	struct month_row month;
	int failed = compute(row, &row->states, rules, &month);

	if (failed)
		return failed;
	*ret_rupiah = row->month.restitution_high - month.restitution_high;
	*ret_seconds = month.e - row->month.e;
	month_row_done(&month);
	return 0;
}
