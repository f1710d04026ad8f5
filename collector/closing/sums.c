/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/sums.h"

#include <stdlib.h>
#include <string.h>

#include "collector/ledger/group.h"

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

static void add_row(struct sum *sum, const struct sla_row *row)
{
	group_add_seconds(&sum->row.month, &row->month);
	group_add_money(&sum->row.month, &row->month);
	if (row->as_of_s > sum->row.as_of_s)
		sum->row.as_of_s = row->as_of_s;
	if (row->target_ppm != sum->row.target_ppm) {
		sum->row.has_target = false;
		sum->row.target_ppm = 0;
	}
	sum->rows++;
}

static void count_link(struct sum *sum, bool heard, enum verdict worst)
{
	struct group_links links = {0};

	group_count_link(&links, worst, heard);
	sum->links++;
	sum->row.links_met += links.met;
	sum->row.links_missed += links.missed;
	sum->row.links_undecided += links.undecided;
	sum->row.links_never += links.never;
}

/* The rows of one link; how many. */
static size_t add_link(struct sum *sum, const struct sum_item *items, size_t count)
{
	enum verdict worst = items[0].row.month.verdict;
	size_t taken = 0;

	for (; taken < count && items[taken].row.link == items[0].row.link; taken++) {
		const struct sla_row *row = &items[taken].row;

		add_row(sum, row);
		worst = group_worse(worst, row->month.verdict);
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
