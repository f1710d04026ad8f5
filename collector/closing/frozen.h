/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last date (a contract's final_days after the month's end): what comes later revises nothing.
 * The rows of such contracts stay as they were issued, the sums are made of what stays, and what
 * would have changed is noted.
 */
#ifndef PANTAU_CLOSING_FROZEN_H
#define PANTAU_CLOSING_FROZEN_H

#include "collector/closing/document.h"

struct frozen { /* borrowed */
	const struct document *before; /* as it was issued */
	int64_t now_s;
	struct table *notes; /* of frozen_notes_new(): gets a row for each cell that stays */
};

/* link,contract,column,issued,now; NULL: out of memory. */
struct table *frozen_notes_new(void);

/* Where rows stay, writes the tables anew into `content`; *ret_any says whether there are such. */
int frozen_keep(const struct frozen *frozen, const struct document *after, struct buf *content,
	bool *ret_any, struct err *err);

#endif
