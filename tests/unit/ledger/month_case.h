/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month of one link as JSON (tests/data/vectors/README.md), read for the code that counts.
 */
#ifndef PANTAU_TESTS_MONTH_CASE_H
#define PANTAU_TESTS_MONTH_CASE_H

#include <jansson.h>

#include "collector/ledger/month.h"

struct month_case {
	struct line line;
	struct exclusion *exclusions;
	size_t exclusion_count;
	int64_t begins;
	struct month_period period;
	const json_t *contracts; /* borrowed from the JSON */
};

/* `input` is borrowed for the life of the case. Aborts on what is no case: tests write them. */
void month_case_read(const json_t *input, struct month_case *ret_case);
void month_case_done(struct month_case *month_case);

/* The row of contract number `index`: 0, or -ENODATA where it has none. */
int month_case_row(const struct month_case *month_case, size_t index, struct month_row *ret_row);

#endif
