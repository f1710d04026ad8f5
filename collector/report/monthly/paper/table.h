/* SPDX-License-Identifier: Apache-2.0 */
/* A grid on paper: chosen columns, a head on every page, rows that are never cut in two. */
#ifndef PANTAU_REPORT_MONTHLY_PAPER_TABLE_H
#define PANTAU_REPORT_MONTHLY_PAPER_TABLE_H

#include "collector/report/monthly/grid.h"
#include "collector/report/monthly/paper/paper.h"

enum column_look {
	LOOK_PLAIN,
	LOOK_STRONG,
	LOOK_VERDICT, /* coloured by what it says */
	LOOK_BAR, /* of u, n, d and e in s; no text */
};

struct paper_column { /* an array of them ends with share 0 */
	double share; /* of the width */
	const char *key; /* of the grid; NULL: the row's number */
	const char *below; /* a second line, small; NULL none */
	enum column_look look;
	const char *id, *en; /* title; NULL: the grid's */
};

struct table_view {
	const struct grid *grid;
	const struct paper_column *columns;
	const size_t *rows; /* which, in this order; NULL: all as they are */
	size_t row_count;
	struct say say; /* the zone is each cell's own */
};

void table_draw(struct paper *paper, const struct table_view *view);

/* A stacked bar of the seconds: up, undetermined, down, excluded. */
struct bar_parts {
	int64_t u, n, d, e;
};
void bar_draw(struct paper *paper, const cairo_rectangle_t *box, const struct bar_parts *parts);

/* Two columns without a head: what it is, and what it says. An array ends with label NULL. */
enum fact_weight {
	FACT_PLAIN,
	FACT_STRONG, /* what it says */
	FACT_TERM, /* what it is */
};
struct paper_fact {
	const char *label, *value;
	enum fact_weight weight;
};
void facts_draw(struct paper *paper, const struct paper_fact *facts, double label_width);

#endif
