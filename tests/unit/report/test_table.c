/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/table.h"

static const struct table_column columns[] = {
	{"name", "Nama"},
	{"count", NULL, TABLE_NUMBER},
	{"note", "Catatan"},
	{NULL},
};

static struct table *make_table(void)
{
	struct table *table = table_new(columns);

	assert_non_null(table);
	table_text(table, "PT \"Uji\", Tbk");
	table_number(table, -7);
	table_text(table, "dua\nbaris");
	table_text(table, "d\xc3\xa9sa");
	table_empty(table);
	table_text(table, NULL);
	assert_int_equal(table_rows(table), 2);
	return table;
}

static void expect_bytes(struct buf *out, const char *expected)
{
	assert_int_equal(buf_append(out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(out), expected);
	buf_done(out);
}

static void table_writes_csv_of_rfc_4180_with_lf(void **state)
{
	struct table *table = make_table();
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(table_render_csv(table, &out), 0);
	expect_bytes(&out,
		"name,count,note\n"
		"\"PT \"\"Uji\"\", Tbk\",-7,\"dua\nbaris\"\n"
		"d\xc3\xa9sa,,\n");
	table_free(table);
}

static void table_writes_json_with_null_for_empty(void **state)
{
	struct table *table = make_table();
	struct json json;
	struct buf out;

	buf_init(&out, 4096);
	json_init(&json, &out);
	assert_int_equal(table_render_json(table, &json, NULL), 0);
	assert_int_equal(json_end(&json), 0);
	expect_bytes(&out,
		"[{\"name\":\"PT \\\"Uji\\\", Tbk\",\"count\":-7,\"note\":\"dua\\nbaris\"},"
		"{\"name\":\"d\xc3\xa9sa\",\"count\":null,\"note\":null}]");
	table_free(table);
}

static void table_aligns_by_code_points(void **state)
{
	struct table *table = table_new(columns);
	struct buf out;

	table_text(table, "d\xc3\xa9sa");
	table_number(table, 1234567);
	table_text(table, "x");
	table_text(table, "kelurahan");
	table_number(table, 1);
	table_empty(table);
	buf_init(&out, 4096);
	assert_int_equal(table_render_text(table, &out), 0);
	expect_bytes(&out,
		"Nama         count  Catatan\n"
		"d\xc3\xa9sa       1234567  x\n"
		"kelurahan        1\n");
	table_free(table);
}

static void table_without_rows_keeps_its_header(void **state)
{
	struct table *table = table_new(columns);
	struct json json;
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(table_render_csv(table, &out), 0);
	expect_bytes(&out, "name,count,note\n");
	buf_init(&out, 4096);
	json_init(&json, &out);
	assert_int_equal(table_render_json(table, &json, NULL), 0);
	expect_bytes(&out, "[]");
	table_free(table);
}

static void table_reports_what_does_not_fit(void **state)
{
	struct table *table = make_table();
	struct buf out;

	buf_init(&out, 20);
	assert_int_equal(table_render_csv(table, &out), -ENOBUFS);
	buf_done(&out);
	table_free(table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_writes_csv_of_rfc_4180_with_lf),
		cmocka_unit_test(table_writes_json_with_null_for_empty),
		cmocka_unit_test(table_aligns_by_code_points),
		cmocka_unit_test(table_without_rows_keeps_its_header),
		cmocka_unit_test(table_reports_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
