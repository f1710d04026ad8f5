/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_tables.h"

#include <errno.h>
#include <string.h>

#include "collector/store/registry_shape.h"

const struct cell *table_cell(const struct table_row *row, const char *column)
{
	for (size_t i = 0; i < row->count; i++) {
		if (!strcmp(row->columns[i], column))
			return &row->cells[i];
	}
	return NULL;
}

struct cell query_cell(struct query *q, int column)
{
	struct cell cell = {.kind = CELL_NULL};

	if (query_is_null(q, column))
		return cell;
	if (query_is_real(q, column)) {
		cell.kind = CELL_REAL;
		cell.real = query_get_real(q, column);
	} else if (query_is_number(q, column)) {
		cell.kind = CELL_NUMBER;
		cell.number = query_get_number(q, column);
	} else {
		cell.kind = query_is_text(q, column) ? CELL_TEXT : CELL_BYTES;
		cell.bytes = query_get_bytes(q, column, &cell.length);
	}
	return cell;
}

struct walk {
	struct registry *registry;
	int (*each)(void *arg, const struct table_row *row);
	void *arg;
};

static int give_row(const struct walk *walk, const struct shape *shape, struct query *q)
{
	struct cell cells[TABLE_COLUMNS_MAX];
	const char *columns[TABLE_COLUMNS_MAX];
	struct table_row row = {shape->table, shape->count, columns, cells};

	for (size_t i = 0; i < shape->count; i++) {
		columns[i] = shape->columns[i].name;
		cells[i] = query_cell(q, (int)i);
	}
	return walk->each(walk->arg, &row);
}

static int give_rows(const struct walk *walk, const struct shape *shape, struct err *err)
{
	char sql[SHAPE_SQL_BYTES];
	struct query q;
	int stop = 0, r;

	shape_select_all(shape, sql);
	db_query_once(&q, walk->registry->db, sql);
	while (!stop && query_next(&q) > 0)
		stop = give_row(walk, shape, &q);
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

static int give_table(void *arg, const char *table, struct err *err)
{
	const struct walk *walk = arg;
	struct shape shape;
	int r = shape_load(walk->registry->db, table, &shape, err);

	return r < 0 || !shape.travels ? r : give_rows(walk, &shape, err);
}

int registry_rows(struct registry *registry, int (*each)(void *arg, const struct table_row *row),
	void *arg, int64_t *ret_sequence, struct err *err)
{
	struct walk walk = {registry, each, arg};
	int r = db_begin_read(registry->db, err);

	if (r < 0)
		return r;
	r = registry_sequence(registry, ret_sequence, err);
	if (r == 0)
		r = shape_tables(registry->db, give_table, &walk, err);
	db_rollback(registry->db);
	return r;
}
