/* SPDX-License-Identifier: Apache-2.0 */
/* How a table of the registry is made, as the database itself says it, and a merge under way.
 * Private to registry_tables.c and registry_merge*.c. */
#ifndef PANTAU_STORE_REGISTRY_SHAPE_H
#define PANTAU_STORE_REGISTRY_SHAPE_H

#include "collector/store/registry_private.h"
#include "collector/store/registry_tables.h"

/* "INSERT INTO name(64 names) VALUES (64 marks)", quoted */
#define SHAPE_SQL_BYTES ((TABLE_COLUMNS_MAX + 1) * 2 * (TABLE_NAME_BYTES + 16))

struct shape {
	char table[TABLE_NAME_BYTES];
	size_t count;
	struct shape_column {
		char name[TABLE_NAME_BYTES];
		int key; /* place in the primary key, from 1; 0: none */
	} columns[TABLE_COLUMNS_MAX];
	bool travels;
};

/* Tables in the order of their making. A return other than 0 stops. */
int shape_tables(struct db *db, int (*each)(void *arg, const char *table, struct err *err),
	void *arg, struct err *err);
/* -EINVAL: there is no such table. */
int shape_load(struct db *db, const char *table, struct shape *ret_shape, struct err *err);
/* -1: there is no such column. */
int shape_find(const struct shape *shape, const char *column);

/* Names were read from the database, so that they can stand in a statement, quoted. */
void shape_select_all(const struct shape *shape, char ret_sql[SHAPE_SQL_BYTES]);

struct registry_merge {
	struct registry *registry;
	struct change change;
	struct shape shape; /* of the row before, usually of this one too */
	bool logs_rows; /* regions are logged as one */
	int64_t regions;
	struct merge_counts counts;
};

struct cell query_cell(struct query *q, int column);
/* Binds it as what it is. */
void query_bind_cell(struct query *q, const struct cell *cell);

#endif
