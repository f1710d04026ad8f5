/* SPDX-License-Identifier: Apache-2.0 */
/* The report on paper (PDF): which parts there are, in which order. */
#ifndef PANTAU_REPORT_MONTHLY_PAPER_REPORT_H
#define PANTAU_REPORT_MONTHLY_PAPER_REPORT_H

#include "collector/report/monthly/grids.h"
#include "collector/report/monthly/letterhead.h"

/* Appends the PDF. 0 or a negative errno with words. */
int paper_report(const struct report *report, const struct letterhead *letterhead,
	enum report_language language, struct buf *out, struct err *err);

#endif
