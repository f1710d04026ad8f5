/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month as the collector's ingest would have written it down, for the real ledger: the same
 * records, encoded, in the order and at the time of their arrival.
 */
#ifndef PANTAU_TESTS_SIM_MONTH_JOURNAL_H
#define PANTAU_TESTS_SIM_MONTH_JOURNAL_H

#include "common/buf.h"
#include "tests/sim/month/keep.h"

struct journal_plan { /* borrowed */
	const char *folder;
	uint32_t agent;
	int64_t utc_at_zero_us;
};

/* Appends the encoded record of all that is no slot: the fact says everything but the nonce. */
void journal_encode(const struct fact *fact, uint64_t nonce, uint64_t seed, struct buf *out);
/* Writes what arrived and prints where the journal ends. */
void journal_write(const struct keep *keep, const struct journal_plan *plan);

#endif
