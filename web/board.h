/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board: every link with its live state, ordered by desa and link, as of one moment. What the
 * list, the metrics and the page's first look are made of.
 */
#ifndef PANTAU_WEB_BOARD_H
#define PANTAU_WEB_BOARD_H

#include <stddef.h>

#include "web/daybook.h"
#include "web/filter.h"

struct board_row {
	struct registry_link link;
	struct ledger_live live; /* NEVER when the ledger says nothing */
	enum live_state desa_state; /* of all links of the desa, whatever was filtered */
	struct sla_day day; /* link 0: nothing is known of it */
};

struct board {
	struct board_row *rows;
	size_t count, room;
	int64_t event_id; /* events after this one are not in the rows yet */
};

/* Filters by all of `filter`. 0 or a negative errno with words. */
int board_read(const struct books *books, const struct registry_filter *filter,
	struct board *ret_board, struct err *err);
void board_done(struct board *board);
/* Adds the last day of each link. */
void board_add_days(struct board *board, struct daybook *daybook);

/* The state of a desa whose links are in these: up where any is, down (excluded, ...) where all
 * are, otherwise unknown. Pure. */
enum live_state board_combine(enum live_state a, enum live_state b);

#endif
