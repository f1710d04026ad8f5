/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A printed row of `pantau sla` read back: the inverse of sla_report_add(), so that what was issued
 * can be filtered, summed and checked without the ledger. Columns are found by their names; those
 * that follow from others (percentages) are not read.
 */
#ifndef PANTAU_REPORT_SLA_PARSE_H
#define PANTAU_REPORT_SLA_PARSE_H

#include "collector/store/sla.h"

struct sla_cells { /* borrowed */
	const char *const *keys; /* of the columns */
	const char *const *cells; /* as many */
	size_t count;
};

/* ret_row->revision borrows its cell; the sets of spans stay empty. -EINVAL with column and value:
 * no such column, or not of its form. */
int sla_row_parse(const struct sla_cells *cells, struct sla_row *ret_row, struct err *err);

#endif
