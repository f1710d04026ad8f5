/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/closing/compare.h"

static struct document *parse(const char *text)
{
	struct document *document;
	struct err err = {0};

	if (document_parse(text, strlen(text), false, &document, &err) < 0)
		fail_msg("%s", err.text);
	return document;
}

static void expect(const char *before, const char *after, const char *expected)
{
	struct document *old = parse(before), *new = parse(after);
	struct table *changes = changes_new();
	struct buf out;

	buf_init(&out, 65536);
	assert_int_equal(changes_find(old, new, changes), 0);
	assert_int_equal(table_render_csv(changes, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal(strchr((const char *)buf_peek(&out), '\n') + 1, expected);
	buf_done(&out);
	table_free(changes);
	document_free(old);
	document_free(new);
}

#define ROWS "\n[rows] 2\nlink,contract,d,revision\n"
#define OUTAGES "as_of: 2026-06-30T17:00:00Z\n\n[outages] 1\nstart,end,link,d,note\n"

static void cells_are_named_by_table_row_and_column(void **state)
{
	expect(ROWS "1,1,0,final\n2,3,5,final\n", ROWS "1,1,7,Revisi ke-1\n2,3,5,Revisi ke-1\n",
		"rows,link=1 contract=1,d,0,7\n");
}

static void order_of_rows_is_no_change(void **state)
{
	expect(ROWS "1,1,0,final\n2,3,5,final\n", ROWS "2,3,5,x\n1,1,0,x\n", "");
}

static void rows_that_come_and_go_are_said(void **state)
{
	expect(ROWS "1,1,0,final\n2,3,5,final\n", ROWS "1,1,0,x\n2,4,5,x\n",
		"rows,link=2 contract=3,row,present,absent\n"
		"rows,link=2 contract=4,row,absent,present\n");
}

static void evidence_is_no_change(void **state)
{
	expect("\n[evidence] 1\nlink,slots\n1,5\n", "\n[evidence] 1\nlink,slots\n1,6\n", "");
}

static void new_columns_of_a_newer_program_are_no_change(void **state)
{
	expect(ROWS "1,1,0,final\n2,3,5,final\n",
		"\n[rows] 2\nlink,contract,d,revision,more\n1,1,0,x,y\n2,3,5,x,y\n", "");
}

static void what_an_outage_does_after_the_month_is_no_change(void **state)
{
	expect(OUTAGES "2026-06-29T00:00:00Z,2026-07-01T00:00:00Z,1,9,\n",
		OUTAGES "2026-06-29T00:00:00Z,2026-07-09T00:00:00Z,1,99,x\n", "");
	expect(OUTAGES "2026-06-29T00:00:00Z,,1,9,\n",
		OUTAGES "2026-06-29T00:00:00Z,2026-06-29T05:00:00Z,1,9,\n",
		"outages,link=1 start=2026-06-29T00:00:00Z,end,,2026-06-29T05:00:00Z\n");
	expect(OUTAGES "2026-06-29T00:00:00Z,2026-06-29T04:00:00Z,1,9,\n",
		OUTAGES "2026-06-29T00:00:00Z,2026-06-29T04:00:00Z,1,8,\n",
		"outages,link=1 start=2026-06-29T00:00:00Z,d,9,8\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_named_by_table_row_and_column),
		cmocka_unit_test(order_of_rows_is_no_change),
		cmocka_unit_test(rows_that_come_and_go_are_said),
		cmocka_unit_test(evidence_is_no_change),
		cmocka_unit_test(new_columns_of_a_newer_program_are_no_change),
		cmocka_unit_test(what_an_outage_does_after_the_month_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
