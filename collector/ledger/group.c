/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/group.h"

void group_add_seconds(struct month_row *sum, const struct month_row *row)
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
}

void group_add_money(struct month_row *sum, const struct month_row *row)
{
	sum->high_loss_intervals += row->high_loss_intervals;
	sum->has_restitution |= row->has_restitution;
	sum->restitution_low += row->restitution_low;
	sum->restitution_high += row->restitution_high;
}

enum verdict group_worse(enum verdict a, enum verdict b)
{
	static const int ranks[] = {
		[VERDICT_NOT_JUDGED] = 0,
		[VERDICT_MET] = 1,
		[VERDICT_UNDECIDED] = 2,
		[VERDICT_MISSED] = 3,
	};
	return ranks[b] > ranks[a] ? b : a;
}

void group_count_link(struct group_links *links, enum verdict worst, bool heard)
{
	if (!heard)
		links->never++;
	else if (worst == VERDICT_MET)
		links->met++;
	else if (worst == VERDICT_MISSED)
		links->missed++;
	else if (worst == VERDICT_UNDECIDED)
		links->undecided++;
}
