/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_shape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Of this instance alone: its version, its own log, the months that its officers closed, the tokens
 * that it gave out, the certificates that its CA signed. */
static const char *const staying[] = {"meta", "change", "closing", "user", "session", "token",
	"enrolment", "certificate", "parked"};
/* A table with one of these holds secrets, whatever it is called. */
static const char *const secret[] = {"password", "secret", "token", "private_key", "salt"};

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

#define IS_AMONG(name, names) is_among(name, names, sizeof(names) / sizeof(*(names)))

int shape_tables(struct db *db, int (*each)(void *arg, const char *table, struct err *err),
	void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		" ORDER BY rowid");
	while (!stop && query_next(&q) > 0)
		stop = each(arg, query_get_text(&q, 0), err);
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

static int add_column(struct shape *shape, struct query *q, struct err *err)
{
	const char *name = query_get_text(q, 0);
	struct shape_column *column = &shape->columns[shape->count];

	if (shape->count == TABLE_COLUMNS_MAX || strlen(name) >= sizeof(column->name))
		return err_set(err, -E2BIG, "table %s: column %.80s is one too many, or too long",
			shape->table, name);
	strcpy(column->name, name);
	column->key = (int)query_get_number(q, 1);
	shape->travels = shape->travels && !IS_AMONG(name, secret);
	shape->count++;
	return 0;
}

int shape_load(struct db *db, const char *table, struct shape *ret_shape, struct err *err)
{
	struct shape shape = {.travels = !IS_AMONG(table, staying) && strncmp(table, "sqlite_", 7)};
	struct query q;
	int failed = 0, r;

	if (strlen(table) >= sizeof(shape.table))
		return err_set(err, -EINVAL, "table %.80s: there is none", table);
	strcpy(shape.table, table);
	db_query(&q, db, "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid");
	query_text(&q, table);
	while (!failed && query_next(&q) > 0)
		failed = add_column(&shape, &q, err);
	r = query_end(&q, failed ? NULL : err);
	if (failed || r < 0)
		return failed ? failed : r;
	if (!shape.count)
		return err_set(err, -EINVAL, "table %s: there is none", table);
	*ret_shape = shape;
	return 0;
}

int shape_find(const struct shape *shape, const char *column)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (!strcmp(shape->columns[i].name, column))
			return (int)i;
	}
	return -1;
}

void shape_select_all(const struct shape *shape, char ret_sql[SHAPE_SQL_BYTES])
{
	size_t length = (size_t)sprintf(ret_sql, "SELECT");
	int keys = 0;

	for (size_t i = 0; i < shape->count; i++)
		length += (size_t)sprintf(
			ret_sql + length, "%s \"%s\"", i ? "," : "", shape->columns[i].name);
	length += (size_t)sprintf(ret_sql + length, " FROM \"%s\"", shape->table);
	for (size_t i = 0; i < shape->count; i++) {
		if (shape->columns[i].key)
			length += (size_t)sprintf(ret_sql + length, "%s \"%s\"",
				keys++ ? "," : " ORDER BY", shape->columns[i].name);
	}
}

void query_bind_cell(struct query *q, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_NULL: query_null(q); break;
	case CELL_NUMBER: query_number(q, cell->number); break;
	case CELL_REAL: query_real(q, cell->real); break;
	case CELL_TEXT: query_text_part(q, cell->bytes, cell->length); break;
	case CELL_BYTES: query_bytes(q, cell->bytes, cell->length); break;
	}
}
