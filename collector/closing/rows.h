/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month's rows for whoever asks: as they were issued when the month is closed, else as they come
 * out now (sla_rows()). The command line and the web both ask here.
 */
#ifndef PANTAU_CLOSING_ROWS_H
#define PANTAU_CLOSING_ROWS_H

#include "collector/store/closed_month.h"
#include "collector/store/sla.h"

struct closing_question {
	struct sla_query sla; /* as_of_s: read only where the rows are counted now */
	bool live; /* counted now, although the month is closed */
	int64_t revision; /* CLOSED_LATEST, or the one that is wanted */
};

/* The errors of sla_rows(); -ENOENT: there is no such revision; -ENOTSUP: a desa of which the
 * filter leaves out a link, which was never issued. A sum that the filter cuts is made of the rows
 * issued, and has no percentiles. row->revision is borrowed for the call. */
int closing_rows(const struct sla_source *source, const struct closing_question *question,
	int (*each)(void *arg, const struct sla_row *row), void *arg, struct err *err);

#endif
