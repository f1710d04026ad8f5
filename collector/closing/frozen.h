/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last date: a contract's final_days after the month's end, what comes later revises nothing.
 * Rows of such contracts stay as they were issued, with the outages of their links; sums are made
 * of what stays; what would have changed is noted.
 *
 *	issued   link 1 (final)   link 2           stays    link 1 (as issued)   link 2 (now)
 *	now      link 1           link 2     ->    noted    link 1: d 0, would be 600
 */
#ifndef PANTAU_CLOSING_FROZEN_H
#define PANTAU_CLOSING_FROZEN_H

#include "collector/closing/document.h"

/* table,row,column,issued,now: as the table of changes has it. NULL: out of memory. */
struct table *frozen_notes_new(void);

struct frozen { /* borrowed */
	const struct document *before; /* as it was issued */
	const struct document *after; /* the tables as they come out now */
	int64_t now_s;
	const char *revision; /* what the rows say */
	struct table *notes; /* gets a row for each cell that stays as it was */
};

enum frozen_rows {
	FROZEN_NONE, /* every row that differs may be revised: nothing was done */
	FROZEN_SOME, /* rows stay: all tables were written anew into `content` */
	FROZEN_ALL, /* the month stays as it is */
};

/* One of these, or a negative errno with words. */
int frozen_keep(const struct frozen *frozen, struct buf *content, struct err *err);

#endif
