/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/month.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/outage.h"
#include "collector/ledger/restitution.h"
#include "collector/ledger/service.h"
#include "common/digits.h"
#include "common/muldiv.h"

static const char *const verdict_names[] = {
	[VERDICT_MET] = "MEMENUHI",
	[VERDICT_MISSED] = "TIDAK MEMENUHI",
	[VERDICT_UNDECIDED] = "DATA TIDAK CUKUP",
	[VERDICT_NOT_JUDGED] = "TIDAK DINILAI",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

enum verdict month_verdict(const struct terms *terms, int64_t u, int64_t n, int64_t judged)
{
	/* in integers, never on a rounded figure */
	int64_t needed = (int64_t)terms->target_ppm * judged;
	if (!judged)
		return VERDICT_NOT_JUDGED;
	if (u * TERMS_PPM >= needed)
		return VERDICT_MET;
	return (u + n) * TERMS_PPM < needed ? VERDICT_MISSED : VERDICT_UNDECIDED;
}

void month_percent(int64_t part, int64_t whole, char ret_text[MONTH_PERCENT_BYTES])
{
	ret_text[0] = 0;
	if (!whole)
		return;
	/* millionths of a percent, truncated */
	int64_t scaled = (int64_t)muldiv((uint64_t)part, 100 * 1000000, (uint64_t)whole, NULL);
	char *at = digits_put(ret_text, scaled / 1000000);
	*at++ = '.';
	*digits_put_padded(at, (uint64_t)(scaled % 1000000), 6) = '\0';
}

static struct span clip(const struct month_period *period, const struct span *contract)
{
	struct span p = {period->from, period->to};
	if (contract->from > p.from)
		p.from = contract->from;
	if (contract->to < p.to)
		p.to = contract->to;
	if (period->as_of < p.to)
		p.to = period->as_of;
	return p;
}

static void sum_states(const struct states *states, struct month_row *row)
{
	for (size_t i = 0; i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		int64_t seconds = spans_within(&row->counted, run->from, run->to);
		if (run->state == STATE_U) {
			row->u += seconds;
		} else if (run->state == STATE_D) {
			row->d += seconds;
			row->d_by[run->cause] += seconds;
		} else {
			row->n += seconds;
			row->n_by[run->cause] += seconds;
		}
	}
}

static int count_outages(const struct states *states, struct month_row *row)
{
	struct outage *outages = NULL;
	size_t count = 0;
	int failed = outages_find(states, row->segment_to, &outages, &count);
	if (failed)
		return failed;
	for (size_t i = 0; i < count; i++) {
		int64_t down = outage_down_within(&outages[i], states, &row->counted);
		if (down > 0)
			row->outages++;
		if (down > row->longest_s)
			row->longest_s = down;
	}
	free(outages);
	return 0;
}

static void count_high_loss(const struct states *states, struct month_row *row)
{
	for (size_t i = 0; i < states->high_loss.count; i++) {
		int64_t from = states->high_loss.items[i].from;
		if (spans_within(&row->period, from, from + 1))
			row->high_loss_intervals++;
	}
}

/* Z: contracted seconds of the whole month, as if the contract ran all of it. */
static int whole_month(const struct month_period *period, const struct terms *terms, int64_t *ret_s)
{
	const struct span month = {period->from, period->to};
	struct spans served = {0};
	int failed = service_spans(&terms->service, &month, period->offset_s, &served);
	if (!failed)
		*ret_s = spans_total(&served);
	spans_done(&served);
	return failed;
}

static int pay(const struct terms *terms, const struct month_period *period, struct month_row *row)
{
	struct restitution_month month = {.row_s = row->s, .judged_s = row->s - row->e};
	row->has_restitution = row->verdict != VERDICT_NOT_JUDGED;
	if (!row->has_restitution || row->verdict == VERDICT_MET)
		return 0;
	int failed = whole_month(period, terms, &month.whole_s);
	if (failed)
		return failed;
	row->restitution_high = restitution_compute(terms, &month, row->d + row->n);
	if (row->verdict == VERDICT_MISSED)
		row->restitution_low = restitution_compute(terms, &month, row->d);
	return 0;
}

/* What is left of P without E. */
static int take_out(const struct month_case *month_case, struct month_row *row)
{
	const struct span segment = {row->segment_from, row->segment_to};
	struct spans excluded = {0};
	int failed = exclusions_spans(
		month_case->exclusions, month_case->terms, month_case->states, &segment, &excluded);
	if (!failed)
		failed = spans_subtract(&row->period, &excluded, &row->counted);
	spans_done(&excluded);
	return failed;
}

/* P, S and E. */
static int measure_out(const struct month_period *period, const struct month_case *month_case,
	struct month_row *row)
{
	struct span segment = clip(period, month_case->contract);
	int failed;
	if (segment.from >= segment.to)
		return -ENODATA;
	row->segment_from = segment.from;
	row->segment_to = segment.to;
	failed = service_spans(
		&month_case->terms->service, &segment, period->offset_s, &row->period);
	if (!failed)
		failed = take_out(month_case, row);
	row->s = spans_total(&row->period);
	row->e = row->s - spans_total(&row->counted);
	return failed;
}

int month_compute(const struct month_period *period, const struct month_case *month_case,
	struct month_row *ret_row)
{
	const struct states *states = month_case->states;
	struct month_row row = {0};
	int failed = measure_out(period, month_case, &row);
	if (failed)
		goto free_row;
	sum_states(states, &row);
	if (row.u + row.d + row.n + row.e != row.s) {
		failed = -ERANGE;
		goto free_row;
	}
	failed = count_outages(states, &row);
	if (failed)
		goto free_row;
	count_high_loss(states, &row);
	row.verdict = month_verdict(month_case->terms, row.u, row.n, row.s - row.e);
	failed = pay(month_case->terms, period, &row);
	if (failed)
		goto free_row;
	*ret_row = row;
	return 0;

free_row:
	month_row_done(&row);
	return failed;
}

void month_row_done(struct month_row *row)
{
	spans_done(&row->period);
	spans_done(&row->counted);
	*row = (struct month_row){0};
}
