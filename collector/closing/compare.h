/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between a month as it was issued and as it comes out now. How much was measured
 * (evidence), how the revision is called, and what an outage did after the month are no difference.
 */
#ifndef PANTAU_CLOSING_COMPARE_H
#define PANTAU_CLOSING_COMPARE_H

#include "collector/closing/document.h"

/* table,row,column,before,after; NULL: out of memory. */
struct table *changes_new(void);
/* Adds a row for each cell that differs; rows that came or went are "absent" or "present" in the
 * column "row". 0 or -ENOMEM. */
int changes_find(
	const struct document *before, const struct document *after, struct table *changes);

#endif
