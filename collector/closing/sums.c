/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/sums.h"

#include <stdlib.h>
#include <string.h>

const char *sum_key(enum sla_by by, const struct sla_row *row)
{
	switch (by) {
	case SLA_BY_LINK:
	case SLA_BY_DESA: return row->desa;
	case SLA_BY_KECAMATAN: return row->kecamatan;
	case SLA_BY_KABUPATEN: return row->kabupaten;
	case SLA_BY_PROVIDER: return row->provider;
	}
	return "";
}

static int by_key(const void *left, const void *right, void *arg)
{
	const struct sum_item *a = left, *b = right;
	enum sla_by by = *(const enum sla_by *)arg;
	int order = strcmp(sum_key(by, &a->row), sum_key(by, &b->row));

	if (!order)
		order = (a->row.link > b->row.link) - (a->row.link < b->row.link);
	if (!order)
		order = (a->row.month.segment_from > b->row.month.segment_from) -
			(a->row.month.segment_from < b->row.month.segment_from);
	return order;
}

static void begin(struct sum *sum, enum sla_by by, const struct sla_row *first)
{
	struct sla_row *row = &sum->row;

	*sum = (struct sum){.row = {.as_of_s = first->as_of_s, .revision = first->revision}};
	memcpy(row->period, first->period, sizeof(row->period));
	row->has_target = true;
	row->target_ppm = first->target_ppm;
	if (by == SLA_BY_PROVIDER) {
		memcpy(row->provider, first->provider, sizeof(row->provider));
		return;
	}
	memcpy(row->kabupaten, first->kabupaten, sizeof(row->kabupaten));
	if (by != SLA_BY_KABUPATEN)
		memcpy(row->kecamatan, first->kecamatan, sizeof(row->kecamatan));
	if (by == SLA_BY_DESA)
		memcpy(row->desa, first->desa, sizeof(row->desa));
}

static void add_seconds(struct month_row *sum, const struct month_row *row)
{
	sum->s += row->s;
	sum->e += row->e;
	sum->u += row->u;
	sum->d += row->d;
	sum->n += row->n;
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		sum->n_by[i] += row->n_by[i];
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++)
		sum->d_by[i] += row->d_by[i];
	sum->outages += row->outages;
	if (row->longest_s > sum->longest_s)
		sum->longest_s = row->longest_s;
	sum->high_loss_intervals += row->high_loss_intervals;
	sum->has_restitution |= row->has_restitution;
	sum->restitution_low += row->restitution_low;
	sum->restitution_high += row->restitution_high;
}

static void add_row(struct sum *sum, const struct sla_row *row)
{
	add_seconds(&sum->row.month, &row->month);
	if (row->as_of_s > sum->row.as_of_s)
		sum->row.as_of_s = row->as_of_s;
	if (row->target_ppm != sum->row.target_ppm) {
		sum->row.has_target = false;
		sum->row.target_ppm = 0;
	}
	sum->rows++;
}

/* The worse, the higher: a link counts once, by its worst row. */
static int rank(enum verdict verdict)
{
	static const int ranks[] = {
		[VERDICT_NOT_JUDGED] = 0,
		[VERDICT_MET] = 1,
		[VERDICT_UNDECIDED] = 2,
		[VERDICT_MISSED] = 3,
	};

	return ranks[verdict];
}

static void count_link(struct sum *sum, bool heard, enum verdict worst)
{
	struct sla_row *row = &sum->row;

	sum->links++;
	if (!heard)
		row->links_never++;
	else if (worst == VERDICT_MET)
		row->links_met++;
	else if (worst == VERDICT_MISSED)
		row->links_missed++;
	else if (worst == VERDICT_UNDECIDED)
		row->links_undecided++;
}

/* The rows of one link; how many. */
static size_t add_link(struct sum *sum, const struct sum_item *items, size_t count)
{
	enum verdict worst = items[0].row.month.verdict;
	size_t taken = 0;

	for (; taken < count && items[taken].row.link == items[0].row.link; taken++) {
		const struct sla_row *row = &items[taken].row;

		add_row(sum, row);
		if (rank(row->month.verdict) > rank(worst))
			worst = row->month.verdict;
	}
	count_link(sum, items[0].heard, worst);
	return taken;
}

int sums_fold(struct sum_item *items, size_t count, enum sla_by by,
	int (*each)(void *arg, const struct sum *sum), void *arg)
{
	size_t at = 0;
	int stop = 0;

	if (count)
		qsort_r(items, count, sizeof(*items), by_key, &by);
	while (!stop && at < count) {
		const char *key = sum_key(by, &items[at].row);
		struct sum sum;

		begin(&sum, by, &items[at].row);
		while (at < count && !strcmp(sum_key(by, &items[at].row), key))
			at += add_link(&sum, items + at, count - at);
		stop = each(arg, &sum);
	}
	return stop;
}
