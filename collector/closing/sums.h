/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of links summed by what they lie in, out of the rows alone: seconds, causes, rupiah and
 * links add up; percentiles do not, and a desa of several rows has seconds of its own.
 */
#ifndef PANTAU_CLOSING_SUMS_H
#define PANTAU_CLOSING_SUMS_H

#include "collector/store/sla.h"

struct sum_item {
	struct sla_row row; /* by link */
	bool heard; /* the link was ever heard of */
};

struct sum {
	struct sla_row row; /* figures: none */
	size_t links, rows; /* that it is the sum of */
};

/* What a row of a link is summed under, as text: its desa, ..., its provider. Borrowed. */
const char *sum_key(enum sla_by by, const struct sla_row *row);

/* Sorts the items by key and link and calls `each` for each sum, in the order of the keys. `by` is
 * not SLA_BY_LINK. A return other than 0 stops and is returned. */
int sums_fold(struct sum_item *items, size_t count, enum sla_by by,
	int (*each)(void *arg, const struct sum *sum), void *arg);

#endif
