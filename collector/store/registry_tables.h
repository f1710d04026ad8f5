/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry's tables as plain rows, whatever tables there are: what an export reads and an
 * import writes. A new table comes along by itself, unless it is named in registry_tables.c as one
 * that stays here: the log of changes, closed months, and whatever holds a secret.
 */
#ifndef PANTAU_STORE_REGISTRY_TABLES_H
#define PANTAU_STORE_REGISTRY_TABLES_H

#include "collector/store/registry.h"

#define TABLE_COLUMNS_MAX 64
#define TABLE_NAME_BYTES 64 /* of a table or a column, with its 0 */

enum cell_kind { CELL_NULL, CELL_NUMBER, CELL_REAL, CELL_TEXT, CELL_BYTES };

struct cell {
	enum cell_kind kind;
	int64_t number;
	double real;
	const void *bytes; /* TEXT (no 0 behind it), BYTES; borrowed */
	size_t length;
};

struct table_row { /* all borrowed */
	const char *table;
	size_t count;
	const char *const *columns;
	const struct cell *cells;
};
/* NULL: there is no such column. */
const struct cell *table_cell(const struct table_row *row, const char *column);

/* Every row of every table that may travel: table by table in the order of their making, so that
 * what is referred to comes first, and by primary key. One moment of the registry, whose sequence
 * is then *ret_sequence. `each` as in registry.h. */
int registry_rows(struct registry *registry, int (*each)(void *arg, const struct table_row *row),
	void *arg, int64_t *ret_sequence, struct err *err);

/* ---- rows of another registry, merged into this one in one transaction */

struct registry_merge;

struct merge_counts {
	int64_t added, same, newer; /* newer: what was open here has an end there */
};

/* Takes the registry's write lock. Borrows the registry. */
int registry_merge_begin(
	struct registry *registry, struct registry_merge **ret_merge, struct err *err);
/* A row that is not here is added; one that is here with the same content is left; one that differs
 * only in cells that are empty here is completed. -EEXIST: another row is here under its number,
 * and both are named. -EINVAL: there is no such table or column, or it may not travel. */
int registry_merge_row(struct registry_merge *merge, const struct table_row *row, struct err *err);
/* Checks what rows alone cannot: contracts and bindings that overlap, terms out of range. */
int registry_merge_check(struct registry_merge *merge, struct err *err);
struct merge_counts registry_merge_counts(const struct registry_merge *merge);

struct merge_note { /* one row of the log of changes, in the same transaction */
	const char *table, *row, *after; /* `after` is JSON */
};
/* failed 0: logs, commits, *ret_sequence is the note's place in the log (also when only roster.json
 * could not be written afterwards). Otherwise nothing of the merge has happened, and `failed` is
 * returned. Frees the merge. */
int registry_merge_end(struct registry_merge *merge, int failed, const struct merge_note *note,
	int64_t *ret_sequence, struct err *err);

#endif
