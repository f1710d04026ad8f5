/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/archive/row_text.h"
#include "common/json.h"
#include "common/utf8.h"

static bool is_plain(const uint8_t *text, size_t length)
{
	while (length) {
		size_t letter = *text ? utf8_take(text, length, NULL) : 0;

		if (!letter)
			return false;
		text += letter;
		length -= letter;
	}
	return true;
}

static int put_hex(struct json *json, const char *key, const struct cell *cell)
{
	char *hex = malloc(2 * cell->length + 1);

	if (!hex)
		return -ENOMEM;
	hex_format(cell->bytes, cell->length, hex);
	json_object(json, NULL);
	json_text(json, key, hex);
	json_object_end(json);
	free(hex);
	return 0;
}

static int put_text(struct json *json, const struct cell *cell)
{
	char *text;

	if (!is_plain(cell->bytes, cell->length))
		return put_hex(json, "text", cell);
	text = strndup(cell->length ? cell->bytes : "", cell->length);
	if (!text)
		return -ENOMEM;
	json_text(json, NULL, text);
	free(text);
	return 0;
}

static int put_real(struct json *json, double value)
{
	char text[40];

	if (!isfinite(value))
		return -EDOM;
	snprintf(text, sizeof(text), "%.17g", value);
	if (!strpbrk(text, ".e"))
		strcat(text, ".0"); /* or it would come back as a whole number */
	json_decimal(json, NULL, text);
	return 0;
}

static int put_cell(struct json *json, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_NULL: json_null(json, NULL); return 0;
	case CELL_NUMBER: json_number(json, NULL, cell->number); return 0;
	case CELL_REAL: return put_real(json, cell->real);
	case CELL_TEXT: return put_text(json, cell);
	case CELL_BYTES: return put_hex(json, "hex", cell);
	}
	return -EINVAL;
}

static int end_line(struct json *json, int failed, struct buf *out)
{
	int r = json_end(json);

	if (failed || r < 0)
		return failed ? failed : r;
	return buf_append(out, "\n", 1);
}

int row_text_front(const struct table_row *row, struct buf *out)
{
	struct json json;

	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "table", row->table);
	json_array(&json, "columns");
	for (size_t i = 0; i < row->count; i++)
		json_text(&json, NULL, row->columns[i]);
	json_array_end(&json);
	json_object_end(&json);
	return end_line(&json, 0, out);
}

int row_text_write(const struct table_row *row, struct buf *out)
{
	struct json json;
	int failed = 0;

	json_init(&json, out);
	json_array(&json, NULL);
	for (size_t i = 0; !failed && i < row->count; i++)
		failed = put_cell(&json, &row->cells[i]);
	json_array_end(&json);
	return end_line(&json, failed, out);
}
