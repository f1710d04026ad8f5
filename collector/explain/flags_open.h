/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many flags of witnesses (ledger/crosscheck.h) wait for a person: as many as the inbox has
 * items of them, without what the inbox computes beside. For those who show that there are any.
 */
#ifndef PANTAU_EXPLAIN_FLAGS_OPEN_H
#define PANTAU_EXPLAIN_FLAGS_OPEN_H

#include "collector/store/sla.h"

#define FLAGS_OPEN_DAYS 62 /* this month and the one before, whichever; older ones wait in theirs */

struct flags_open {
	int64_t count;
	int64_t link, day_s; /* the latest one's; its local midnight */
};

/* link 0: of all. */
int flags_open(const struct sla_source *source, int64_t link, int64_t now_s,
	struct flags_open *ret_open, struct err *err);

#endif
