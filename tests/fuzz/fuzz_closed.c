/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a closed month: refused with words and a line, never believed. What parses is taken
 * as tables, too, so that the checks behind the seal are reached without a key.
 */
#include <string.h>

#include "collector/closing/compare.h"
#include "collector/closing/contract_text.h"
#include "collector/closing/verify.h"
#include "tests/fuzz/fuzz.h"

static void must_have_words(void *arg, unsigned line, const char *words)
{
	FUZZ_CHECK(words[0]);
	++*(int *)arg;
}

static void read_tables(const struct document *document)
{
	const struct document_table *table;

	for (size_t i = 0; (table = document_nth_table(document, i)); i++) {
		struct registry_contract contract;

		for (size_t row = 0; row < table->row_count; row++) {
			FUZZ_CHECK(document_cell(table, row, (int)table->column_count - 1));
			contract_parse(table, row, &contract, NULL);
		}
	}
}

static void compare_with_itself(const struct document *document)
{
	struct table *changes = changes_new();

	FUZZ_CHECK(changes && changes_find(document, document, changes) == 0);
	FUZZ_CHECK(table_rows(changes) == 0);
	table_free(changes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct verify_wish wish = {
		.bytes = data, .length = size, .previous = data, .previous_length = size};
	int count = 0;
	const struct verify_faults faults = {must_have_words, &count};
	struct verify_found found;
	struct document *document;
	struct err err = {0};

	/* it never follows itself */
	FUZZ_CHECK(closing_verify(&wish, &faults, &found) > 0 && count > 0);
	if (document_parse(data, size, false, &document, &err) < 0) {
		FUZZ_CHECK(strncmp(err.text, "line ", 5) == 0);
		return 0;
	}
	read_tables(document);
	compare_with_itself(document);
	document_free(document);
	return 0;
}
