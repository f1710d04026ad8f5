/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/csv.h"

#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "common/digits.h"

#define PERCENT_DECIMALS 6
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct writer {
	const struct csv_style *style;
	struct buf *out;
	int failed;
};

static void put(struct writer *writer, const char *bytes, size_t length)
{
	if (!writer->failed)
		writer->failed = buf_append(writer->out, bytes, length);
}

static void put_quoted(struct writer *writer, const char *guard, const char *text)
{
	put(writer, "\"", 1);
	put(writer, guard, strlen(guard));
	for (const char *quote = strchr(text, '"'); quote; quote = strchr(text, '"')) {
		put(writer, text, (size_t)(quote - text) + 1);
		put(writer, "\"", 1);
		text = quote + 1;
	}
	put(writer, text, strlen(text));
	put(writer, "\"", 1);
}

bool csv_is_formula(const char *text)
{
	static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};

	text += strspn(text, " ");
	if (*text && strchr("=+-@\t\r", *text))
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		if (!strncmp(text, wide[i], strlen(wide[i])))
			return true;
	}
	return false;
}

static void put_text(struct writer *writer, const char *text)
{
	const char *guard = writer->style->excel && csv_is_formula(text) ? "'" : "";

	/* semicolons too, in both kinds: some programs guess */
	if (strpbrk(text, ",;\"\r\n")) {
		put_quoted(writer, guard, text);
		return;
	}
	put(writer, guard, strlen(guard));
	put(writer, text, strlen(text));
}

static void put_percent(struct writer *writer, int64_t number)
{
	char text[DIGITS_BYTES + 2], *end;

	end = digits_put(text, number / 1000000);
	*end++ = writer->style->excel ? ',' : '.';
	end = digits_put_padded(end, (uint64_t)(number % 1000000), PERCENT_DECIMALS);
	put(writer, text, (size_t)(end - text));
}

static void put_time(struct writer *writer, const struct grid_cell *cell)
{
	char text[CIVIL_TIME_BYTES];

	if (writer->style->excel)
		civil_format_local(cell->number, cell->offset_s, text);
	else
		civil_format(cell->number, text);
	put(writer, text, strlen(text));
}

static void put_number(struct writer *writer, int64_t number)
{
	char text[DIGITS_BYTES];

	put(writer, text, (size_t)(digits_put(text, number) - text));
}

static void put_cell(struct writer *writer, const struct grid *grid, size_t row, size_t column)
{
	const struct grid_cell *cell = grid_cell(grid, row, column);

	if (cell->empty)
		return;
	switch (grid->columns[column].kind) {
	case GRID_TEXT: put_text(writer, grid_text_of(grid, cell)); return;
	case GRID_PERCENT: put_percent(writer, cell->number); return;
	case GRID_TIME: put_time(writer, cell); return;
	default: put_number(writer, cell->number);
	}
}

static void put_between(struct writer *writer, const struct grid *grid, size_t column)
{
	if (column + 1 == grid->column_count)
		put(writer, "\r\n", 2);
	else
		put(writer, writer->style->excel ? ";" : ",", 1);
}

/* "Lama sedikitnya (detik)": a number of what. */
static void put_title(struct writer *writer, const struct grid_column *column)
{
	enum report_language language = writer->style->language;
	const char *unit = language == REPORT_ID ? "detik" : "seconds";
	char title[120];

	if (!writer->style->excel) {
		put_text(writer, column->key);
		return;
	}
	if (column->kind == GRID_SECONDS)
		snprintf(title, sizeof(title), "%s (%s)", grid_title(column, language), unit);
	else
		snprintf(title, sizeof(title), "%s", grid_title(column, language));
	put_text(writer, title);
}

int csv_write(const struct grid *grid, const struct csv_style *style, struct buf *out)
{
	struct writer writer = {style, out, grid->failed};

	if (style->excel)
		put(&writer, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK));
	for (size_t i = 0; i < grid->column_count; i++) {
		put_title(&writer, &grid->columns[i]);
		put_between(&writer, grid, i);
	}
	for (size_t row = 0; row < grid_rows(grid); row++) {
		for (size_t i = 0; i < grid->column_count; i++) {
			put_cell(&writer, grid, row, i);
			put_between(&writer, grid, i);
		}
	}
	return writer.failed;
}
