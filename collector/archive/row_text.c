/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/row_text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct row_text {
	const uint8_t *at;
	size_t left;
	unsigned line; /* of `at`, from 1 */
	json_t *front, *present; /* what the row borrows from */
	struct table_row row;
	const char *columns[TABLE_COLUMNS_MAX];
	struct cell cells[TABLE_COLUMNS_MAX];
	uint8_t *bytes[TABLE_COLUMNS_MAX]; /* of cells that came as hexadecimal */
};

static int bad(const struct row_text *text, const char *what, struct err *err)
{
	return err_set(err, -EBADMSG, "line %u of the part: %s", text->line, what);
}

static int next_line(struct row_text *text, json_t **ret_value, struct err *err)
{
	const uint8_t *end = memchr(text->at, '\n', text->left);
	json_error_t error;
	json_t *value;

	text->line++;
	if (!end)
		return bad(text, "has no end", err);
	value = json_loadb((const char *)text->at, (size_t)(end - text->at), 0, &error);
	if (!value)
		return bad(text, error.text, err);
	text->left -= (size_t)(end + 1 - text->at);
	text->at = end + 1;
	*ret_value = value;
	return 0;
}

static bool is_name(const json_t *value)
{
	const char *name = json_string_value(value);

	return name && *name && strlen(name) < TABLE_NAME_BYTES;
}

static int read_front(struct row_text *text, struct err *err)
{
	const json_t *table, *columns;
	int r = next_line(text, &text->front, err);

	if (r < 0)
		return r;
	table = json_object_get(text->front, "table");
	columns = json_object_get(text->front, "columns");
	if (!is_name(table) || !json_is_array(columns) || !json_array_size(columns) ||
		json_array_size(columns) > TABLE_COLUMNS_MAX)
		return bad(text, "must name a table and its columns", err);
	text->row = (struct table_row){
		json_string_value(table), json_array_size(columns), text->columns, text->cells};
	for (size_t i = 0; i < text->row.count; i++) {
		if (!is_name(json_array_get(columns, i)))
			return bad(text, "names a column that is no name", err);
		text->columns[i] = json_string_value(json_array_get(columns, i));
	}
	return 0;
}

int row_text_open(const uint8_t *bytes, size_t length, struct row_text **ret_text, struct err *err)
{
	struct row_text *text = calloc(1, sizeof(*text));
	int r;

	if (!text)
		return err_errno(err, -ENOMEM, "rows");
	text->at = bytes;
	text->left = length;
	r = read_front(text, err);
	if (r < 0) {
		row_text_close(text);
		return r;
	}
	*ret_text = text;
	return 0;
}

static void forget_row(struct row_text *text)
{
	for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
		free(text->bytes[i]);
		text->bytes[i] = NULL;
	}
	json_decref(text->present);
	text->present = NULL;
}

void row_text_close(struct row_text *text)
{
	if (!text)
		return;
	forget_row(text);
	json_decref(text->front);
	free(text);
}

static int read_hex(struct row_text *text, size_t i, const json_t *value, struct err *err)
{
	const json_t *hex = json_object_get(value, "hex");
	const char *digits = json_string_value(hex ? hex : json_object_get(value, "text"));
	size_t length = digits ? strlen(digits) / 2 : 0;

	if (json_object_size(value) != 1 || !digits)
		return bad(text, "a cell is neither a value nor bytes", err);
	text->bytes[i] = malloc(length + 1);
	if (!text->bytes[i])
		return err_errno(err, -ENOMEM, "rows");
	if (hex_parse(digits, text->bytes[i], length) < 0)
		return bad(text, "bytes are not hexadecimal", err);
	text->cells[i] = (struct cell){
		.kind = hex ? CELL_BYTES : CELL_TEXT, .bytes = text->bytes[i], .length = length};
	return 0;
}

static int read_cell(struct row_text *text, size_t i, const json_t *value, struct err *err)
{
	struct cell cell = {.kind = CELL_NULL};

	if (json_is_object(value))
		return read_hex(text, i, value, err);
	if (json_is_integer(value)) {
		cell.kind = CELL_NUMBER;
		cell.number = json_integer_value(value);
	} else if (json_is_real(value)) {
		cell.kind = CELL_REAL;
		cell.real = json_real_value(value);
	} else if (json_is_string(value)) {
		cell.kind = CELL_TEXT;
		cell.bytes = json_string_value(value);
		cell.length = json_string_length(value);
	} else if (!json_is_null(value)) {
		return bad(text, "a cell is neither a value nor bytes", err);
	}
	text->cells[i] = cell;
	return 0;
}

int row_text_next(struct row_text *text, struct table_row *ret_row, struct err *err)
{
	int r;

	forget_row(text);
	if (!text->left)
		return 0;
	r = next_line(text, &text->present, err);
	if (r < 0)
		return r;
	if (!json_is_array(text->present) || json_array_size(text->present) != text->row.count)
		return bad(text, "has not as many cells as there are columns", err);
	for (size_t i = 0; i < text->row.count; i++) {
		r = read_cell(text, i, json_array_get(text->present, i), err);
		if (r < 0)
			return r;
	}
	*ret_row = text->row;
	return 1;
}
