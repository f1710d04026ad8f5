/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/figures.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/ledger/month.h"
#include "tests/sim/books.h"
#include "tests/sim/fail.h"

static void print(struct buf *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print(struct buf *text, const char *format, ...)
{
	char line[400];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	buf_append(text, line, strlen(line));
}

static void print_row(const struct month_row *row, struct buf *text)
{
	int i;

	print(text, "s %" PRId64 " u %" PRId64 " d %" PRId64 " n %" PRId64 " %s\n", row->s, row->u,
		row->d, row->n, verdict_name(row->verdict));
	print(text,
		"outages %u longest %" PRId64 " high loss %u restitution %" PRId64 " %" PRId64 "\n",
		row->outages, row->longest_s, row->high_loss_intervals, row->restitution_low,
		row->restitution_high);
	for (i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		print(text, "n %s %" PRId64 "\n", unknown_cause_name((enum unknown_cause)i),
			row->n_by[i]);
	for (i = 0; i < DOWN_CAUSE_COUNT; i++)
		print(text, "d %s %" PRId64 "\n", down_cause_name((enum down_cause)i),
			row->d_by[i]);
}

static void print_states(const struct states *states, struct buf *text)
{
	size_t i;

	for (i = 0; i < states->count; i++)
		print(text, "%" PRId64 " %" PRId64 " %d %d\n", states->runs[i].from,
			states->runs[i].to, (int)states->runs[i].state, states->runs[i].cause);
}

static void write_month(const struct line *line, const struct figures_day *day, struct buf *text)
{
	struct month_period period = {day->from_s, day->to_s, day->to_s};
	struct span contract = {day->from_s, SPAN_FOREVER};
	struct exclusions none = {.items = NULL};
	struct states states;
	struct month_row row;
	struct terms terms;

	terms_init(&terms);
	terms.target_ppm = 995000;
	terms.fee_rupiah = 1200000;
	terms.formula = FORMULA_EXCESS;
	if (states_compute(line, &terms, day->from_s, &states) < 0)
		sim_fail(day->seed, "states_compute");
	const struct month_case month_case = {&contract, &terms, &states, &none};
	if (month_compute(&period, &month_case, &row) < 0)
		sim_fail(day->seed, "month_compute: U + D + N + E is not S");
	print_row(&row, text);
	print_states(&states, text);
	month_row_done(&row);
	states_done(&states);
}

void figures_write(const struct facts *facts, const size_t *order, size_t count,
	const struct figures_day *day, struct buf *text)
{
	const struct arrival arrival = {order, count, day->seed};
	struct history history;
	struct line line;

	books_write(facts, &arrival, day->places, &history);
	print(text, "slots %zu gaps %zu\n", history.slot_count, history.drop_count);
	if (line_build(&history, &line) < 0)
		sim_fail(day->seed, "line_build");
	write_month(&line, day, text);
	line_done(&line);
	books_done(&history);
}
