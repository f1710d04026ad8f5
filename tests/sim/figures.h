/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures of the day as text, from facts in some order of arrival: dedup, placement, timeline,
 * states and the row of the contract, all with the ledger's own code. The text must be the same for
 * every order.
 */
#ifndef PANTAU_TESTS_SIM_FIGURES_H
#define PANTAU_TESTS_SIM_FIGURES_H

#include "common/buf.h"
#include "tests/sim/books.h"
#include "tests/sim/facts.h"

struct figures_day {
	int64_t from_s, to_s; /* UTC */
	uint64_t seed;
	int64_t *places; /* one a fact: filled with the slot's first second, or NO_PLACE; or NULL */
};

/* `order` has `count` indices of facts, doubles allowed. Appends the text. */
void figures_write(const struct facts *facts, const size_t *order, size_t count,
	const struct figures_day *day, struct buf *text);

#endif
