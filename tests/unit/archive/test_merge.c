/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/imports.h"
#include "collector/store/registry_tables.h"
#include "tests/unit/store/fixture.h"

static const struct merge_note note = {IMPORT_TABLE, "digest", "{\"file\":\"f\",\"records\":7}"};

struct copying {
	struct registry_merge *merge;
	int64_t left_out; /* number of a contract; 0: none */
	struct err *err;
};

static int copy_row(void *arg, const struct table_row *row)
{
	const struct copying *copying = arg;

	if (!strcmp(row->table, "contract") && row->cells[0].number == copying->left_out)
		return 0;
	return registry_merge_row(copying->merge, row, copying->err);
}

/* All rows of `from` into `to`, but for that contract. */
static int merge_most(struct fixture *from, struct fixture *to, int64_t left_out,
	struct merge_counts *ret_counts, struct err *err)
{
	struct copying copying = {.left_out = left_out, .err = err};
	int64_t sequence, place = 0;
	int r;

	assert_int_equal(registry_merge_begin(to->registry, &copying.merge, err), 0);
	r = registry_rows(from->registry, copy_row, &copying, &sequence, err);
	if (r == 0)
		r = registry_merge_check(copying.merge, err);
	*ret_counts = registry_merge_counts(copying.merge);
	r = registry_merge_end(copying.merge, r, &note, &place, err);
	assert_int_equal(place > 0, r == 0);
	return r;
}

static int merge_all(
	struct fixture *from, struct fixture *to, struct merge_counts *ret_counts, struct err *err)
{
	return merge_most(from, to, 0, ret_counts, err);
}

static struct fixture *village(const char *provider)
{
	struct fixture *fixture = fixture_new();
	int64_t link = fixture_link(fixture, DESA, provider);

	fixture_contract(fixture, link, T0, SPAN_FOREVER);
	fixture_agent(fixture, link, T0);
	return fixture;
}

static int count_entry(void *arg, const struct import_entry *entry)
{
	assert_string_equal(entry->file, "f");
	assert_string_equal(entry->digest, "digest");
	assert_int_equal(entry->records, 7);
	++*(int *)arg;
	return 0;
}

static void rows_of_another_registry_are_added_once(void **state)
{
	struct fixture *from = village("Satu"), *to = fixture_new();
	struct merge_counts counts;
	struct registry_link link;
	struct err err = {0};
	int entries = 0;

	assert_int_equal(merge_all(from, to, &counts, &err), 0);
	assert_int_equal(counts.added, 4); /* link, contract, agent, binding */
	assert_int_equal(counts.same, 8); /* the regions of both */
	assert_int_equal(registry_link_get(to->registry, 1, &link, &err), 0);
	assert_string_equal(link.provider, "Satu");
	assert_int_equal(merge_all(from, to, &counts, &err), 0);
	assert_int_equal(counts.added, 0);
	assert_int_equal(counts.same, 12);
	assert_int_equal(registry_imports(to->registry, 0, count_entry, &entries, &err), 0);
	assert_int_equal(entries, 2);
	fixture_free(from);
	fixture_free(to);
}

static void another_row_under_the_number_is_refused_and_both_are_named(void **state)
{
	struct fixture *from = village("Satu"), *to = fixture_new();
	struct merge_counts counts;
	struct err err = {0};
	int64_t before, after;

	fixture_link(to, DESA, "Dua");
	assert_int_equal(registry_sequence(to->registry, &before, &err), 0);
	assert_int_equal(merge_all(from, to, &counts, &err), -EEXIST);
	assert_string_equal(err.text,
		"link 1 is here already and is another one: its provider is 'Dua' here, 'Satu' in "
		"the file");
	assert_int_equal(registry_sequence(to->registry, &after, &err), 0);
	assert_int_equal(before, after);
	fixture_free(from);
	fixture_free(to);
}

static int take_end(void *arg, const struct registry_contract *contract)
{
	*(int64_t *)arg = contract->to_s;
	return 0;
}

static int64_t end_of_contract(struct fixture *fixture)
{
	struct err err = {0};
	int64_t end = 0;

	assert_int_equal(registry_contracts(fixture->registry, 1, take_end, &end, &err), 0);
	return end;
}

static void what_was_open_gets_its_end_and_keeps_it(void **state)
{
	struct fixture *from = village("Satu"), *to = fixture_new();
	struct merge_counts counts;
	struct err err = {0};

	assert_int_equal(merge_all(from, to, &counts, &err), 0);
	assert_int_equal(registry_contract_end(from->registry, 1, T0 + 86400, &err), 0);
	assert_int_equal(registry_agent_revoke(from->registry, 1, &err), 0);
	assert_int_equal(merge_all(from, to, &counts, &err), 0);
	assert_int_equal(counts.newer, 2);
	assert_int_equal(end_of_contract(to), T0 + 86400);
	assert_int_equal(merge_all(from, to, &counts, &err), 0);
	assert_int_equal(counts.newer, 0);
	assert_int_equal(end_of_contract(to), T0 + 86400);
	fixture_free(from);
	fixture_free(to);
}

/* A part of a registry, without the contract whose number is taken here by another one. */
static void contracts_that_would_overlap_are_refused(void **state)
{
	struct fixture *from = fixture_new(), *to = fixture_new();
	int64_t link = fixture_link(from, DESA, "Satu");
	struct merge_counts counts;
	struct err err = {0};

	fixture_contract(from, fixture_link(from, DESA_FAR, "Dua"), T0, SPAN_FOREVER);
	fixture_contract(from, link, T0 + 86400, SPAN_FOREVER);
	assert_int_equal(fixture_link(to, DESA, "Satu"), link);
	fixture_contract(to, link, T0, SPAN_FOREVER);
	assert_int_equal(merge_most(from, to, 1, &counts, &err), -EEXIST);
	assert_string_equal(err.text,
		"link 1: contracts 1 and 2 overlap; one of them is here, the other in the file");
	assert_int_equal(end_of_contract(to), SPAN_FOREVER);
	fixture_free(from);
	fixture_free(to);
}

/* One row of a table, as a file could have it. */
static int merge_row(struct fixture *to, const char *table, const char *column,
	const struct cell *cell, struct err *err)
{
	const struct cell cells[] = {{.kind = CELL_NUMBER, .number = 1}, *cell};
	const char *const columns[] = {"id", column};
	const struct table_row row = {table, 2, columns, cells};
	struct registry_merge *merge;
	int64_t place;
	int r;

	assert_int_equal(registry_merge_begin(to->registry, &merge, err), 0);
	r = registry_merge_row(merge, &row, err);
	return registry_merge_end(merge, r, &note, &place, err);
}

static void what_no_table_of_ours_has_is_refused(void **state)
{
	static const struct cell text = {.kind = CELL_TEXT, .bytes = "x", .length = 1};
	struct fixture *to = *state;
	struct err err = {0};

	assert_int_equal(merge_row(to, "nothing", "x", &text, &err), -EINVAL);
	assert_non_null(strstr(err.text, "table nothing: there is none"));
	assert_int_equal(merge_row(to, "link", "x", &text, &err), -EINVAL);
	assert_non_null(strstr(err.text, "has no column x"));
	assert_int_equal(merge_row(to, "link\"; DROP TABLE link; --", "x", &text, &err), -EINVAL);
	assert_int_equal(merge_row(to, "change", "who", &text, &err), -EINVAL);
	assert_non_null(strstr(err.text, "does not travel"));
	assert_int_equal(merge_row(to, "meta", "value", &text, &err), -EINVAL);
	assert_int_equal(merge_row(to, "sqlite_sequence", "seq", &text, &err), -EINVAL);
	/* what the table's own constraints refuse */
	assert_true(merge_row(to, "agent", "name", &(struct cell){.kind = CELL_NULL}, &err) < 0);
	assert_non_null(strstr(err.text, "agent 1 of the file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_another_registry_are_added_once),
		cmocka_unit_test(another_row_under_the_number_is_refused_and_both_are_named),
		cmocka_unit_test(what_was_open_gets_its_end_and_keeps_it),
		cmocka_unit_test(contracts_that_would_overlap_are_refused),
		cmocka_unit_test_setup_teardown(
			what_no_table_of_ours_has_is_refused, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
