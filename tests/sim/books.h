/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From facts, in the order in which they arrived, to the history that the ledger judges: dedup,
 * boots, placement. What the store does with tables, done in memory.
 */
#ifndef PANTAU_TESTS_SIM_BOOKS_H
#define PANTAU_TESTS_SIM_BOOKS_H

#include "collector/ledger/history.h"
#include "tests/sim/facts.h"

#define BOOKS_NO_PLACE INT64_MIN

struct arrival { /* borrowed */
	const size_t *order; /* indices of facts, doubles allowed */
	size_t count;
	uint64_t seed; /* to name in words */
};

/* places: one a fact, filled with the slot's first second or NO_PLACE; or NULL. */
void books_write(const struct facts *facts, const struct arrival *arrival, int64_t *places,
	struct history *ret_history);
void books_done(struct history *history);

#endif
