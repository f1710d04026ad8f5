/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_shape.h"
#include "common/json.h"

#define ROW_JSON_MAX (1024 * 1024) /* a row of the log of changes */
#define VALUE_BYTES 48 /* of a cell, in words */

int registry_merge_begin(
	struct registry *registry, struct registry_merge **ret_merge, struct err *err)
{
	struct registry_merge *merge = calloc(1, sizeof(*merge));
	int r;

	if (!merge)
		return err_errno(err, -ENOMEM, "%s", registry->state);
	merge->registry = registry;
	r = change_begin(registry, &merge->change, err);
	/* Rows may refer to such as come later. */
	if (r == 0)
		r = db_run(registry->db, "PRAGMA defer_foreign_keys = ON", err);
	if (r < 0) {
		db_rollback(registry->db);
		free(merge);
		return r;
	}
	*ret_merge = merge;
	return 0;
}

/* ---- words */

static void say_cell(const struct cell *cell, char ret_text[VALUE_BYTES])
{
	switch (cell->kind) {
	case CELL_NULL: strcpy(ret_text, "empty"); break;
	case CELL_NUMBER: snprintf(ret_text, VALUE_BYTES, "%" PRId64, cell->number); break;
	case CELL_REAL: snprintf(ret_text, VALUE_BYTES, "%.17g", cell->real); break;
	case CELL_TEXT:
		snprintf(ret_text, VALUE_BYTES, "'%.*s'",
			cell->length > 40 ? 40 : (int)cell->length, (const char *)cell->bytes);
		break;
	case CELL_BYTES: snprintf(ret_text, VALUE_BYTES, "%zu bytes", cell->length); break;
	}
}

/* "3", or the keys with spaces between. */
static void say_key(const struct shape *shape, const struct table_row *row, char *text, size_t size)
{
	char value[VALUE_BYTES];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < row->count && length < size; i++) {
		if (!shape->columns[shape_find(shape, row->columns[i])].key)
			continue;
		say_cell(&row->cells[i], value);
		length += (size_t)snprintf(
			text + length, size - length, "%s%s", length ? " " : "", value);
	}
}

/* ---- the shape of what comes */

static int check_columns(const struct shape *shape, const struct table_row *row, struct err *err)
{
	size_t keys = 0;

	for (size_t i = 0; i < row->count; i++) {
		int column = shape_find(shape, row->columns[i]);
		if (column < 0)
			return err_set(err, -EINVAL,
				"table %s: has no column %.60s here; this program is older than "
				"the file",
				shape->table, row->columns[i]);
		if (shape->columns[column].key && row->cells[i].kind == CELL_NULL)
			return err_set(err, -EINVAL, "table %s: a row without its %.60s",
				shape->table, row->columns[i]);
		keys += shape->columns[column].key != 0;
	}
	for (size_t i = 0; i < shape->count; i++)
		keys -= shape->columns[i].key != 0;
	return keys ? err_set(err, -EINVAL, "table %s: a row without its key", shape->table) : 0;
}

static int find_shape(struct registry_merge *merge, const struct table_row *row, struct err *err)
{
	struct db *db = merge->registry->db;
	int r = 0;

	if (strcmp(merge->shape.table, row->table))
		r = shape_load(db, row->table, &merge->shape, err);
	if (r == 0 && !merge->shape.travels)
		r = err_set(err, -EINVAL, "table %s: does not travel", row->table);
	return r < 0 ? r : check_columns(&merge->shape, row, err);
}

/* ---- statements */

struct text { /* a statement, put together */
	char sql[SHAPE_SQL_BYTES];
	size_t length;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->length += (size_t)vsnprintf(
		text->sql + text->length, sizeof(text->sql) - text->length, format, args);
	va_end(args);
	if (text->length >= sizeof(text->sql)) /* cut: SQLite will refuse it */
		text->length = sizeof(text->sql) - 1;
}

static bool is_key(const struct shape *shape, const char *column)
{
	return shape->columns[shape_find(shape, column)].key != 0;
}

static void add_where(struct text *text, const struct shape *shape, const struct table_row *row)
{
	const char *between = " WHERE";

	for (size_t i = 0; i < row->count; i++) {
		if (!is_key(shape, row->columns[i]))
			continue;
		add(text, "%s \"%s\" = ?", between, row->columns[i]);
		between = " AND";
	}
}

static void bind_keys(struct query *q, const struct shape *shape, const struct table_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		if (is_key(shape, row->columns[i]))
			query_bind_cell(q, &row->cells[i]);
	}
}

static int insert_row(struct registry_merge *merge, const struct table_row *row, struct err *err)
{
	struct text text = {.length = 0};
	struct query q;

	add(&text, "INSERT INTO \"%s\"", row->table);
	for (size_t i = 0; i < row->count; i++)
		add(&text, "%s\"%s\"", i ? ", " : "(", row->columns[i]);
	for (size_t i = 0; i < row->count; i++)
		add(&text, "%s", i ? ", ?" : ") VALUES (?");
	add(&text, ")");
	db_query_once(&q, merge->registry->db, text.sql);
	for (size_t i = 0; i < row->count; i++)
		query_bind_cell(&q, &row->cells[i]);
	return query_run(&q, err);
}

/* Fills in what is empty here. */
static int complete_row(struct registry_merge *merge, const struct table_row *row, struct err *err)
{
	struct text text = {.length = 0};
	struct query q;

	add(&text, "UPDATE \"%s\"", row->table);
	for (size_t i = 0; i < row->count; i++)
		add(&text, "%s \"%s\" = coalesce(\"%s\", ?)", i ? "," : " SET", row->columns[i],
			row->columns[i]);
	add_where(&text, &merge->shape, row);
	db_query_once(&q, merge->registry->db, text.sql);
	for (size_t i = 0; i < row->count; i++)
		query_bind_cell(&q, &row->cells[i]);
	bind_keys(&q, &merge->shape, row);
	return query_run(&q, err);
}

/* ---- what is here already */

enum standing_here { HERE_NOT, HERE_SAME, HERE_OPEN };

static bool same_cell(const struct cell *a, const struct cell *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case CELL_NULL: return true;
	case CELL_NUMBER: return a->number == b->number;
	case CELL_REAL: return a->real == b->real;
	case CELL_TEXT:
	case CELL_BYTES: break;
	}
	return a->length == b->length && (!a->length || !memcmp(a->bytes, b->bytes, a->length));
}

static int refuse(const struct registry_merge *merge, const struct table_row *row, size_t column,
	const struct cell *here, struct err *err)
{
	char key[VALUE_BYTES * 2], mine[VALUE_BYTES], other[VALUE_BYTES];

	say_key(&merge->shape, row, key, sizeof(key));
	say_cell(here, mine);
	say_cell(&row->cells[column], other);
	return err_set(err, -EEXIST,
		"%s %s is here already and is another one: its %s is %s here, %s in the file",
		row->table, key, row->columns[column], mine, other);
}

/* A region's name is no fact of anybody's contract: the one that is here stays. */
static bool may_differ(const struct table_row *row)
{
	return !strcmp(row->table, "region");
}

static int compare(const struct registry_merge *merge, const struct table_row *row, struct query *q,
	enum standing_here *ret_standing, struct err *err)
{
	enum standing_here standing = HERE_SAME;

	for (size_t i = 0; i < row->count && !may_differ(row); i++) {
		struct cell here = query_cell(q, (int)i);
		if (same_cell(&here, &row->cells[i]) || row->cells[i].kind == CELL_NULL)
			continue;
		if (here.kind != CELL_NULL)
			return refuse(merge, row, i, &here, err);
		standing = HERE_OPEN;
	}
	*ret_standing = standing;
	return 0;
}

static int look_up(const struct registry_merge *merge, const struct table_row *row,
	enum standing_here *ret_standing, struct err *err)
{
	struct text text = {.length = 0};
	struct query q;
	int failed = 0, r;

	*ret_standing = HERE_NOT;
	add(&text, "SELECT");
	for (size_t i = 0; i < row->count; i++)
		add(&text, "%s \"%s\"", i ? "," : "", row->columns[i]);
	add(&text, " FROM \"%s\"", row->table);
	add_where(&text, &merge->shape, row);
	db_query_once(&q, merge->registry->db, text.sql);
	bind_keys(&q, &merge->shape, row);
	if (query_next(&q) > 0)
		failed = compare(merge, row, &q, ret_standing, err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

/* ---- the log */

static void put_cell(struct json *json, const char *key, const struct cell *cell)
{
	char text[512];

	if (cell->kind == CELL_NULL) {
		json_null(json, key);
	} else if (cell->kind == CELL_NUMBER) {
		json_number(json, key, cell->number);
	} else if (cell->kind == CELL_TEXT && cell->length < sizeof(text)) {
		if (cell->length) /* an empty text has no bytes, nor a place for them */
			memcpy(text, cell->bytes, cell->length);
		text[cell->length] = '\0';
		json_text(json, key, text);
	} else {
		say_cell(cell, text);
		json_text(json, key, text);
	}
}

static int log_row(struct registry_merge *merge, const struct table_row *row, struct err *err)
{
	char key[VALUE_BYTES * 2];
	struct json json;
	struct buf out;
	int r;

	if (may_differ(row)) {
		merge->regions++;
		return 0;
	}
	say_key(&merge->shape, row, key, sizeof(key));
	buf_init(&out, ROW_JSON_MAX);
	json_init(&json, &out);
	json_object(&json, NULL);
	for (size_t i = 0; i < row->count; i++)
		put_cell(&json, row->columns[i], &row->cells[i]);
	json_object_end(&json);
	r = json_end(&json);
	if (r == 0)
		r = buf_append(&out, "", 1);
	if (r < 0)
		r = err_errno(err, r, "the log of changes");
	else
		r = change_note(&merge->change, row->table, key, (const char *)buf_peek(&out), err);
	buf_done(&out);
	merge->change.roster |= roster_follows(row->table);
	return r;
}

static int write_row(struct registry_merge *merge, const struct table_row *row,
	enum standing_here standing, struct err *err)
{
	char key[VALUE_BYTES * 2];
	int r;

	if (standing == HERE_SAME) {
		merge->counts.same++;
		return 0;
	}
	r = standing == HERE_OPEN ? complete_row(merge, row, err) : insert_row(merge, row, err);
	if (r < 0) {
		say_key(&merge->shape, row, key, sizeof(key));
		return err_prefix(err, "%s %s of the file", row->table, key);
	}
	merge->counts.newer += standing == HERE_OPEN;
	merge->counts.added += standing == HERE_NOT;
	return log_row(merge, row, err);
}

int registry_merge_row(struct registry_merge *merge, const struct table_row *row, struct err *err)
{
	enum standing_here standing;
	int r = find_shape(merge, row, err);

	if (r == 0)
		r = look_up(merge, row, &standing, err);
	return r < 0 ? r : write_row(merge, row, standing, err);
}
