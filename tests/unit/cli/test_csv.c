/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/csv.h"

static struct csv *open_text(const char *text)
{
	struct csv *csv = NULL;
	struct err err = {0};

	assert_int_equal(csv_new("t.csv", text, strlen(text), &csv, &err), 0);
	return csv;
}

static void expect_row(struct csv *csv, const char *a, const char *b)
{
	struct err err = {0};

	assert_int_equal(csv_next(csv, &err), 1);
	assert_string_equal(csv_field(csv, 0), a);
	assert_string_equal(csv_field(csv, 1), b);
}

static void expect_end(struct csv *csv)
{
	struct err err = {0};

	assert_int_equal(csv_next(csv, &err), 0);
	assert_int_equal(csv_next(csv, &err), 0);
	csv_free(csv);
}

static void csv_reads_lf_crlf_and_no_end(void **state)
{
	struct csv *csv = open_text("a,b\n1,2\r\n3,\r\n,4\n\r\n\n5,6");

	expect_row(csv, "1", "2");
	assert_int_equal(csv_line(csv), 2);
	expect_row(csv, "3", "");
	expect_row(csv, "", "4");
	expect_row(csv, "5", "6");
	assert_int_equal(csv_line(csv), 7);
	expect_end(csv);
}

static void csv_unquotes(void **state)
{
	struct csv *csv = open_text("a,\"b\"\n\"x,\"\"y\"\"\nz\",\"\"\n\"Soka\"\"an\",\"q\"\r\n"
				    "Soka\"an,Ja\"\r\n");

	expect_row(csv, "x,\"y\"\nz", "");
	expect_row(csv, "Soka\"an", "q");
	assert_int_equal(csv_line(csv), 4);
	expect_row(csv, "Soka\"an", "Ja\"");
	expect_end(csv);
}

static void csv_skips_the_byte_order_mark(void **state)
{
	struct csv *csv = open_text("\xef\xbb\xbf"
				    "code,name\n1,\xc3\xa9\n");

	assert_int_equal(csv_column(csv, "code"), 0);
	assert_int_equal(csv_column(csv, "name"), 1);
	assert_int_equal(csv_column(csv, "nope"), -1);
	assert_null(csv_column_name(csv, 2));
	expect_row(csv, "1", "\xc3\xa9");
	expect_end(csv);
}

/* Reads to the end; returns the words of the failure. */
static void expect_failure(const char *bytes, size_t length, const char *words)
{
	struct csv *csv = NULL;
	struct err err = {0};
	int rc = csv_new("t.csv", bytes, length, &csv, &err);

	while (rc == 0 || rc == 1) {
		int next = csv_next(csv, &err);

		assert_int_not_equal(next, 0);
		rc = next;
	}
	csv_free(csv);
	assert_int_equal(rc, -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' lacks '%s'", err.text, words);
}

#define EXPECT_FAILURE(text, words) expect_failure(text, sizeof(text) - 1, words)

static void csv_names_file_and_line_of_what_is_broken(void **state)
{
	EXPECT_FAILURE("", "t.csv: is empty");
	EXPECT_FAILURE("a,b\n1\n", "t.csv:2: has 1 fields, the first row names 2");
	EXPECT_FAILURE("a,b\n1,2\n1,2,3\n", "t.csv:3: has 3 fields");
	EXPECT_FAILURE("a,b\n1,\"2\n", "t.csv:2: a quote is opened and never closed");
	EXPECT_FAILURE("a,b\n1,\"2\"x\n", "t.csv:2: text behind a closing quote");
	EXPECT_FAILURE("a,b\n1,2\n3,\xff\n", "t.csv:3: is not UTF-8");
	EXPECT_FAILURE("a,b\n1,\xc0\xaf\n", "t.csv:2: is not UTF-8");
	EXPECT_FAILURE("a,b\n1,\xed\xa0\x80\n", "t.csv:2: is not UTF-8");
	EXPECT_FAILURE("a,b\n1,\xe2\x82", "t.csv:2: is not UTF-8");
	EXPECT_FAILURE("a,b\n1,\0\n", "t.csv:2: holds a 0 byte");
	EXPECT_FAILURE("a,b,a\n1,2,3\n", "t.csv:1: a = 'a': the column is named twice");
}

static void csv_refuse_names_column_and_value(void **state)
{
	struct csv *csv = open_text("a,b\n1,zwei\n");
	struct err err = {0};

	expect_row(csv, "1", "zwei");
	assert_int_equal(csv_refuse(csv, 1, &err, "must be %d", 2), -EINVAL);
	assert_string_equal(err.text, "t.csv:2: b = 'zwei': must be 2");
	expect_end(csv);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_reads_lf_crlf_and_no_end),
		cmocka_unit_test(csv_unquotes),
		cmocka_unit_test(csv_skips_the_byte_order_mark),
		cmocka_unit_test(csv_names_file_and_line_of_what_is_broken),
		cmocka_unit_test(csv_refuse_names_column_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
