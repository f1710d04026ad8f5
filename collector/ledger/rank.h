/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether one group's figures lie higher than another's, whatever their distribution: the rank-sum
 * test of Mann and Whitney (Annals of Mathematical Statistics 18, 1947), with the variance that
 * ties leave. Pure.
 */
#ifndef PANTAU_LEDGER_RANK_H
#define PANTAU_LEDGER_RANK_H

#include <stddef.h>
#include <stdint.h>

#define RANK_MIN 8 /* of each group: the normal approximation holds from there on */

struct rank {
	size_t own, others;
	/* the chance, in millionths, of ranks at least as high as these where there is no
	 * difference; 1000000 with fewer than RANK_MIN on either side */
	uint32_t p_ppm;
};

/* Sorts both. */
void rank_higher(
	int64_t *own, size_t own_count, int64_t *others, size_t other_count, struct rank *ret_rank);

#endif
