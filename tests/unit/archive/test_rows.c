/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/archive/row_text.h"

#define TEXT(words)                                                              \
	{                                                                        \
		.kind = CELL_TEXT, .bytes = (words), .length = sizeof(words) - 1 \
	}

static const char *const columns[] = {"a", "b", "c"};

static void write_rows(struct buf *out, const struct cell *cells, size_t rows)
{
	struct table_row row = {"table", 3, columns, cells};

	buf_init(out, 1 << 20);
	assert_int_equal(row_text_front(&row, out), 0);
	for (size_t i = 0; i < rows; i++) {
		row.cells = cells + 3 * i;
		assert_int_equal(row_text_write(&row, out), 0);
	}
}

static void assert_same_cell(const struct cell *a, const struct cell *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->number, b->number);
	assert_true(a->real == b->real);
	assert_int_equal(a->length, b->length);
	if (a->length)
		assert_memory_equal(a->bytes, b->bytes, a->length);
}

static void cells_of_every_kind_come_back(void **state)
{
	static const struct cell cells[] = {
		{.kind = CELL_NUMBER, .number = INT64_MIN},
		{.kind = CELL_NUMBER, .number = INT64_MAX},
		{.kind = CELL_NULL},
		{.kind = CELL_REAL, .real = 0.1},
		{.kind = CELL_REAL, .real = -117},
		{.kind = CELL_REAL, .real = 5e-324},
		TEXT("Kutai \"Timur\"\n\\"),
		TEXT(""),
		TEXT("\xc3\xa9\xf0\x9f\x8c\x8f"),
		TEXT("\xff nothing UTF-8 knows"),
		TEXT("a\0b"),
		{.kind = CELL_BYTES, .bytes = "\0\1\xff", .length = 3},
	};
	struct table_row row;
	struct row_text *text;
	struct err err = {0};
	struct buf out;

	write_rows(&out, cells, 4);
	assert_int_equal(row_text_open(buf_peek(&out), buf_length(&out), &text, &err), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(row_text_next(text, &row, &err), 1);
		assert_string_equal(row.table, "table");
		assert_int_equal(row.count, 3);
		assert_string_equal(row.columns[2], "c");
		for (size_t cell = 0; cell < 3; cell++)
			assert_same_cell(&row.cells[cell], &cells[3 * i + cell]);
	}
	assert_int_equal(row_text_next(text, &row, &err), 0);
	row_text_close(text);
	buf_done(&out);
}

static int read_all(const char *bytes, struct err *err)
{
	struct table_row row;
	struct row_text *text;
	int r = row_text_open((const uint8_t *)bytes, strlen(bytes), &text, err);

	if (r < 0)
		return r;
	while ((r = row_text_next(text, &row, err)) > 0)
		;
	row_text_close(text);
	return r;
}

#define FRONT "{\"table\":\"t\",\"columns\":[\"a\",\"b\"]}\n"

static void what_is_no_row_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *bytes, *words;
	} cases[] = {
		{"", "line 1"},
		{"{}\n", "line 1 of the part: must name a table"},
		{"{\"table\":\"t\",\"columns\":[]}\n", "must name a table"},
		{"{\"table\":\"t\",\"columns\":[3]}\n", "a column that is no name"},
		{"{\"table\":\"t\",\"columns\":[\"a\"]}", "has no end"},
		{FRONT "[1,2]\n[1]\n", "line 3 of the part: has not as many cells"},
		{FRONT "{}\n", "has not as many cells"},
		{FRONT "[1,true]\n", "neither a value nor bytes"},
		{FRONT "[1,[]]\n", "neither a value nor bytes"},
		{FRONT "[1,{\"hex\":\"0\"}]\n", "not hexadecimal"},
		{FRONT "[1,{\"hex\":\"0g\"}]\n", "not hexadecimal"},
		{FRONT "[1,{\"hex\":\"00\",\"x\":1}]\n", "neither a value nor bytes"},
		{FRONT "[1,2\n", "line 2"},
		{FRONT "[1,99999999999999999999]\n", "line 2"},
		{FRONT "[1,2]", "has no end"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = {0};
		assert_int_equal(read_all(cases[i].bytes, &err), -EBADMSG);
		if (!strstr(err.text, cases[i].words))
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
	}
	assert_int_equal(read_all(FRONT "[1,2]\n", NULL), 0);
}

static void a_number_that_is_none_cannot_be_written(void **state)
{
	const struct cell cells[] = {{.kind = CELL_REAL, .real = __builtin_inf()}};
	const struct table_row row = {"t", 1, columns, cells};
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(row_text_write(&row, &out), -EDOM);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_of_every_kind_come_back),
		cmocka_unit_test(what_is_no_row_is_refused_with_its_line),
		cmocka_unit_test(a_number_that_is_none_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
