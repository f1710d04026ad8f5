/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/table.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/digits.h"

#define COLUMN_GAP 2

struct table {
	const struct table_column *columns;
	size_t column_count;
	struct buf cells; /* every cell's text with its 0, row by row */
	size_t cell_count;
	int failed; /* 0 or the first negative errno */
};

struct table *table_new(const struct table_column *columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->columns = columns;
	while (columns[table->column_count].key)
		table->column_count++;
	buf_init(&table->cells, TABLE_BYTES_MAX);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	buf_done(&table->cells);
	free(table);
}

void table_text(struct table *table, const char *value)
{
	if (!value)
		value = "";
	if (!table->failed)
		table->failed = buf_append(&table->cells, value, strlen(value) + 1);
	table->cell_count++;
}

void table_number(struct table *table, int64_t value)
{
	char text[DIGITS_BYTES];

	*digits_put(text, value) = '\0';
	table_text(table, text);
}

void table_empty(struct table *table)
{
	table_text(table, "");
}

size_t table_rows(const struct table *table)
{
	return table->cell_count / table->column_count;
}

static int check(const struct table *table)
{
	assert(table->cell_count % table->column_count == 0);
	return table->failed;
}

/* Columns that a text takes on a terminal: its code points. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static const char *title(const struct table_column *column)
{
	return column->title ? column->title : column->key;
}

static void measure(const struct table *table, size_t *widths)
{
	const char *cell = (const char *)buf_peek(&table->cells);

	for (size_t i = 0; i < table->column_count; i++)
		widths[i] = text_width(title(&table->columns[i]));
	for (size_t i = 0; i < table->cell_count; i++) {
		size_t width = text_width(cell), column = i % table->column_count;

		if (width > widths[column])
			widths[column] = width;
		cell += strlen(cell) + 1;
	}
}

static int append_spaces(struct buf *out, size_t count)
{
	static const char spaces[] = "                                ";
	int rc = 0;

	while (count && !rc) {
		size_t some = count < sizeof(spaces) - 1 ? count : sizeof(spaces) - 1;

		rc = buf_append(out, spaces, some);
		count -= some;
	}
	return rc;
}

struct aligner { /* writes cells of aligned text; spaces wait until something follows them */
	const struct table *table;
	struct buf *out;
	size_t *widths, spaces;
	int failed;
};

static void align(struct aligner *aligner, size_t column, const char *text)
{
	bool right = aligner->table->columns[column].kind == TABLE_NUMBER;
	size_t space = aligner->widths[column] - text_width(text);

	if (column == 0)
		aligner->spaces = 0;
	aligner->spaces += (column ? COLUMN_GAP : 0) + (right ? space : 0);
	if (*text && !aligner->failed) {
		aligner->failed = append_spaces(aligner->out, aligner->spaces);
		aligner->spaces = 0;
	}
	if (!aligner->failed)
		aligner->failed = buf_append(aligner->out, text, strlen(text));
	aligner->spaces += right ? 0 : space;
	if (!aligner->failed && column + 1 == aligner->table->column_count)
		aligner->failed = buf_append(aligner->out, "\n", 1);
}

int table_render_text(const struct table *table, struct buf *out)
{
	const char *cell = (const char *)buf_peek(&table->cells);
	struct aligner aligner = {.table = table, .out = out, .failed = check(table)};

	aligner.widths = calloc(table->column_count, sizeof(*aligner.widths));
	if (!aligner.widths)
		return -ENOMEM;
	measure(table, aligner.widths);
	for (size_t i = 0; i < table->column_count; i++)
		align(&aligner, i, title(&table->columns[i]));
	for (size_t i = 0; i < table->cell_count; i++) {
		align(&aligner, i % table->column_count, cell);
		cell += strlen(cell) + 1;
	}
	free(aligner.widths);
	return aligner.failed;
}

static int append_quoted(struct buf *out, const char *text)
{
	int rc = buf_append(out, "\"", 1);

	for (; *text && !rc; text++) {
		if (*text == '"')
			rc = buf_append(out, "\"", 1);
		if (!rc)
			rc = buf_append(out, text, 1);
	}
	return rc ? rc : buf_append(out, "\"", 1);
}

static int append_csv(const struct table *table, size_t column, const char *text, struct buf *out)
{
	const char *end = column + 1 == table->column_count ? "\n" : ",";
	int rc;

	if (strpbrk(text, ",\"\r\n"))
		rc = append_quoted(out, text);
	else
		rc = buf_append(out, text, strlen(text));
	return rc ? rc : buf_append(out, end, 1);
}

int table_render_csv(const struct table *table, struct buf *out)
{
	const char *cell = (const char *)buf_peek(&table->cells);
	int rc = check(table);

	for (size_t i = 0; i < table->column_count && !rc; i++)
		rc = append_csv(table, i, table->columns[i].key, out);
	for (size_t i = 0; i < table->cell_count && !rc; i++) {
		rc = append_csv(table, i % table->column_count, cell, out);
		cell += strlen(cell) + 1;
	}
	return rc;
}

static void put_json(const struct table_column *column, const char *cell, struct json *json)
{
	if (!*cell)
		json_null(json, column->key);
	else if (column->kind == TABLE_NUMBER)
		json_decimal(json, column->key, cell);
	else
		json_text(json, column->key, cell);
}

int table_render_json(const struct table *table, struct json *json, const char *key)
{
	const char *cell = (const char *)buf_peek(&table->cells);
	int rc = check(table);

	if (rc)
		return rc;
	json_array(json, key);
	for (size_t i = 0; i < table->cell_count; i++) {
		size_t column = i % table->column_count;

		if (column == 0)
			json_object(json, NULL);
		put_json(&table->columns[column], cell, json);
		if (column + 1 == table->column_count)
			json_object_end(json);
		cell += strlen(cell) + 1;
	}
	json_array_end(json);
	return 0;
}
