/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of the report with typed cells, made once and printed by CSV, XLSX and paper alike: what
 * a number is stands here, how it is written stands there.
 */
#ifndef PANTAU_REPORT_MONTHLY_GRID_H
#define PANTAU_REPORT_MONTHLY_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/report/monthly/say.h"
#include "common/buf.h"

enum grid_kind {
	GRID_TEXT,
	GRID_ID, /* a number that nobody adds up: link, contract */
	GRID_COUNT,
	GRID_SECONDS,
	GRID_RUPIAH,
	GRID_PERCENT, /* millionths of a percent, truncated */
	GRID_TIME, /* UTC seconds, and the offset of the zone in which people read it */
};

struct grid_column { /* an array of them ends with a key that is NULL */
	const char *key; /* in CSV */
	enum grid_kind kind;
	const char *id, *en; /* titles */
};

struct grid_cell {
	bool empty;
	int64_t number; /* of text: where it begins in the grid's texts */
	int32_t offset_s; /* GRID_TIME */
};

struct grid {
	const char *name; /* "links": of the CSV table, of files */
	const char *id, *en; /* of sheets and headings */
	const struct grid_column *columns; /* borrowed */
	size_t column_count;
	struct grid_cell *cells; /* row by row */
	size_t cell_count, cell_room;
	struct buf texts;
	int failed; /* 0 or the first negative errno */
};

#define GRID_TEXTS_MAX (256u * 1024 * 1024)

/* The title stays borrowed; columns too. */
void grid_init(struct grid *grid, const char *name, const struct grid_column *columns);
void grid_done(struct grid *grid);

/* The next cell. Text is copied, and what is no text in it replaced. */
void grid_text(struct grid *grid, const char *text);
void grid_number(struct grid *grid, int64_t number);
void grid_empty(struct grid *grid);
void grid_time(struct grid *grid, int64_t utc_s, int32_t offset_s);
/* part / whole in millionths of a percent; empty where whole is 0. */
void grid_share(struct grid *grid, int64_t part, int64_t whole);
/* The number, or the empty cell. */
void grid_number_if(struct grid *grid, bool known, int64_t number);

size_t grid_rows(const struct grid *grid);
const struct grid_cell *grid_cell(const struct grid *grid, size_t row, size_t column);
/* Of a cell of text; "" when it is empty. */
const char *grid_text_of(const struct grid *grid, const struct grid_cell *cell);
/* -1: there is no such column. */
int grid_find(const struct grid *grid, const char *key);
const char *grid_title(const struct grid_column *column, enum report_language language);

#endif
