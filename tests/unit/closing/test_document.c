/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/document.h"

static const struct table_column columns[] = {{"a"}, {"b"}, {NULL}};

static void what_is_written_is_read_again(void **state)
{
	static const char *const cells[] = {
		"plain", "", "with, comma", "with \"quotes\"", "Kutai \xc3\xa9", "\"", ",", "-"};
	struct table *table = table_new(columns);
	const struct document_table *read;
	struct document *document;
	struct buf out;

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		table_text(table, cells[i]);
	buf_init(&out, DOCUMENT_MAX);
	assert_int_equal(document_put_field(&out, "key", "value: with a colon"), 0);
	assert_int_equal(document_put_table(&out, "cells", table), 0);
	assert_int_equal(
		document_parse(buf_peek(&out), buf_length(&out), false, &document, NULL), 0);
	assert_string_equal(document_field(document, "key"), "value: with a colon");
	assert_null(document_field(document, "other"));
	read = document_table(document, "cells");
	assert_int_equal(read->row_count, 4);
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		assert_string_equal(document_cell(read, i / 2, (int)(i % 2)), cells[i]);
	assert_int_equal(document_row_line(read, 0), 5);
	assert_string_equal(document_cell(read, 0, document_column(read, "none")), "");
	document_free(document);
	buf_done(&out);
	table_free(table);
}

static void what_is_no_text_cannot_break_it(void **state)
{
	struct table *table = table_new(columns);
	struct document *document;
	struct buf out;

	table_text(table, "tab\there");
	table_text(table, "\xff\xfe and \xed\xa0\x80");
	buf_init(&out, DOCUMENT_MAX);
	assert_int_equal(document_put_field(&out, "by", "a\x1b[31m\xc0\x80"), 0);
	assert_int_equal(document_put_table(&out, "cells", table), 0);
	assert_int_equal(
		document_parse(buf_peek(&out), buf_length(&out), false, &document, NULL), 0);
	assert_string_equal(document_field(document, "by"), "a [31m??");
	assert_string_equal(document_cell(document_table(document, "cells"), 0, 0), "tab here");
	document_free(document);
	buf_done(&out);
	table_free(table);
}

static void only_what_we_write_is_read(void **state)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{"a: 1\na: 2\n", "line 2: the key"},
		{"A: 1\n", "line 1: the key"},
		{"no colon\n", "line 1: neither"},
		{"a: 1", "does not end"},
		{"a: 1\r\n", "control character"},
		{"a: \xc3\n", "not UTF-8"},
		{"\n[t] 1\na,b\n1\n", "line 4: not as many cells"},
		{"\n[t] 1\na,b\n1,2,3\n", "line 4: not as many cells"},
		{"\n[t] 1\na,b\n", "the table breaks off"},
		{"\n[t] 0\na,b\n1,2\n", "line 4: one line more"},
		{"\n[t] 1\na,b\n\"1\",2\n", "line 4: this is no CSV"},
		{"\n[t] 1\na,b\n1\"2,2\n", "line 4: this is no CSV"},
		{"\n[t] 1\na,b\n\"1,2,2\n", "line 4: this is no CSV"},
		{"\n[t] 1\na,b\n\"1,\"2,2\n", "line 4: this is no CSV"},
		{"\n[t] 0\na,a\n", "line 3: two columns"},
		{"\n[t] 0\na,\n", "line 3: a column's name"},
		{"\n[t] 01\na\n1\n", "line 2: this is no heading"},
		{"\n[t]\na\n", "line 2: this is no heading"},
		{"\n[t] -1\na\n", "line 2: this is no heading"},
		{"\n[t] 999999999\na\n", "the table breaks off"},
		{"\n[] 0\na\n", "line 2: the table's name"},
		{"\n[t] 0\na\n\n[t] 0\na\n", "line 5: this table was there"},
		{"\n\n", "line 2: a table must follow"},
		{"\na: 1\n", "line 2: a table must follow"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct document *document;
		struct err err = {0};
		int r = document_parse(
			cases[i].text, strlen(cases[i].text), false, &document, &err);

		assert_int_equal(r, -EINVAL);
		if (!strstr(err.text, cases[i].fault))
			fail_msg("\"%s\" is not in \"%s\"", cases[i].fault, err.text);
	}
}

static struct registry_contract odd_contract(void)
{
	struct registry_contract contract = {.id = 9, .link = 4, .from_s = 1767196800};

	terms_init(&contract.terms);
	contract.to_s = SPAN_FOREVER;
	contract.terms.target_ppm = 999000;
	contract.terms.fee_rupiah = TERMS_FEE_MAX;
	contract.terms.formula = FORMULA_BANDS;
	contract.terms.rounding = ROUND_NEAREST;
	contract.terms.power = POWER_EXCLUDE;
	contract.terms.uncharged = 1u << DOWN_LOCAL | 1u << DOWN_UPSTREAM;
	contract.terms.band_count = 2;
	contract.terms.bands[0] = (struct band){999000, 50000};
	contract.terms.bands[1] = (struct band){990000, 200000};
	contract.terms.final_days = 90;
	assert_int_equal(
		service_parse("mon-fri@08:00-16:00,sat@08:00-12:00", &contract.terms.service), 0);
	return contract;
}

static void contract_is_read_as_it_was_written(void **state)
{
	const struct registry_contract contract = odd_contract();
	struct registry_contract again;
	struct table *table = contract_table_new(), *second = contract_table_new();
	struct document *document;
	struct buf out, other;

	contract_table_add(table, &contract);
	buf_init(&out, DOCUMENT_MAX);
	buf_init(&other, DOCUMENT_MAX);
	assert_int_equal(document_put_table(&out, TABLE_CONTRACTS, table), 0);
	assert_int_equal(
		document_parse(buf_peek(&out), buf_length(&out), false, &document, NULL), 0);
	assert_int_equal(
		contract_parse(document_table(document, TABLE_CONTRACTS), 0, &again, NULL), 0);
	assert_memory_equal(&again, &contract, sizeof(contract));
	contract_table_add(second, &again);
	assert_int_equal(document_put_table(&other, TABLE_CONTRACTS, second), 0);
	assert_int_equal(buf_length(&out), buf_length(&other));
	assert_memory_equal(buf_peek(&out), buf_peek(&other), buf_length(&out));
	document_free(document);
	table_free(table);
	table_free(second);
	buf_done(&out);
	buf_done(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_no_text_cannot_break_it),
		cmocka_unit_test(only_what_we_write_is_read),
		cmocka_unit_test(contract_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
