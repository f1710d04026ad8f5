/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month of one link as JSON (tests/data/vectors/README.md), read for the code that counts.
 */
#ifndef PANTAU_TESTS_WORKED_MONTH_H
#define PANTAU_TESTS_WORKED_MONTH_H

#include <jansson.h>

#include "collector/ledger/month.h"

struct worked_month {
	struct line line;
	struct exclusion *exclusions;
	size_t exclusion_count;
	int64_t begins;
	struct month_period period;
	const json_t *contracts; /* borrowed from the JSON */
};

/* `input` is borrowed for the life of the case. Aborts on what is no case: tests write them. */
void worked_month_read(const json_t *input, struct worked_month *ret_case);
void worked_month_done(struct worked_month *worked);

/* The row of contract number `index`: 0, or -ENODATA where it has none. */
int worked_month_row(const struct worked_month *worked, size_t index, struct month_row *ret_row);

#endif
