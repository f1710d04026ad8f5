/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/rank.h"

#include <math.h>
#include <stdlib.h>

#define PPM 1000000

static int by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static size_t same(const int64_t *items, size_t count, size_t at, int64_t value)
{
	size_t end = at;

	while (end < count && items[end] == value)
		end++;
	return end - at;
}

void rank_higher(
	int64_t *own, size_t own_count, int64_t *others, size_t other_count, struct rank *ret_rank)
{
	double m = (double)own_count, n = (double)other_count, all = m + n, u = 0, ties = 0;
	size_t i = 0, k = 0;
	double variance, z;

	*ret_rank = (struct rank){own_count, other_count, PPM};
	if (own_count < RANK_MIN || other_count < RANK_MIN)
		return;
	qsort(own, own_count, sizeof(*own), by_size);
	qsort(others, other_count, sizeof(*others), by_size);
	while (i < own_count || k < other_count) { /* value by value */
		int64_t value = k == other_count || (i < own_count && own[i] <= others[k])
			? own[i]
			: others[k];
		size_t a = same(own, own_count, i, value), b = same(others, other_count, k, value);
		double t = (double)(a + b);

		u += (double)a * ((double)k + (double)b / 2); /* pairs in which ours is higher */
		ties += t * t * t - t;
		i += a;
		k += b;
	}
	variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));
	if (variance <= 0)
		return; /* all are alike */
	z = (u - m * n / 2 - 0.5) / sqrt(variance);
	ret_rank->p_ppm = (uint32_t)lround(erfc(z / sqrt(2)) / 2 * PPM);
}
