/* SPDX-License-Identifier: Apache-2.0 */
/* The worked months of tests/data/vectors, one test a file, through the real code to the row. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "worked_month.h"

#define VECTORS_EXPECTED 34
#define FILES_MAX 256

static int64_t integer(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "";
}

static void expect_percent(const json_t *expect, const char *key, int64_t part, int64_t whole)
{
	char percent[MONTH_PERCENT_BYTES];
	month_percent(part, whole, percent);
	if (json_object_get(expect, key))
		assert_string_equal(percent, text(expect, key));
}

static void expect_rupiah(
	const json_t *expect, const char *key, const struct month_row *row, int64_t rupiah)
{
	char number[24] = "";
	if (row->has_restitution)
		snprintf(number, sizeof(number), "%lld", (long long)rupiah);
	if (json_object_get(expect, key))
		assert_string_equal(number, text(expect, key));
}

static void expect_row(const json_t *expect, const struct month_row *row)
{
	const struct {
		const char *key;
		int64_t value;
	} numbers[] = {
		{"segment_start", row->segment_from},
		{"segment_end", row->segment_to},
		{"s", row->s},
		{"e", row->e},
		{"u", row->u},
		{"d", row->d},
		{"n", row->n},
		{"high_loss_intervals", row->high_loss_intervals},
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		print_message("  %s %lld\n", numbers[i].key, (long long)numbers[i].value);
		assert_int_equal(numbers[i].value, integer(expect, numbers[i].key));
	}
	int64_t judged = row->s - row->e;
	expect_percent(expect, "a_known", row->u, row->u + row->d);
	expect_percent(expect, "a_low", row->u, judged);
	expect_percent(expect, "a_high", row->u + row->n, judged);
	expect_percent(expect, "coverage", row->u + row->d, judged);
	assert_string_equal(verdict_name(row->verdict), text(expect, "verdict"));
	expect_rupiah(expect, "restitution_low", row, row->restitution_low);
	expect_rupiah(expect, "restitution_high", row, row->restitution_high);
}

static void worked_month_gives_its_rows(void **state)
{
	json_error_t error;
	json_t *file = json_load_file(*state, 0, &error);
	struct worked_month worked;
	size_t rows = 0;
	if (!file)
		fail_msg("%s:%d: %s", (const char *)*state, error.line, error.text);
	json_t *expect = json_object_get(file, "expect");
	worked_month_read(json_object_get(file, "case"), &worked);
	for (size_t i = 0; i < json_array_size(worked.contracts); i++) {
		struct month_row row = {0};
		int result = worked_month_row(&worked, i, &row);
		if (result == -ENODATA)
			continue;
		assert_int_equal(result, 0);
		expect_row(json_array_get(expect, rows++), &row);
		month_row_done(&row);
	}
	assert_int_equal(rows, json_array_size(expect));
	worked_month_done(&worked);
	json_decref(file);
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[FILES_MAX];
	struct dirent **names = NULL;
	size_t count = 0;
	if (argc != 2) {
		fprintf(stderr, "usage: test_vectors FOLDER\n");
		return 2;
	}
	int found = scandir(argv[1], &names, NULL, alphasort);
	for (int i = 0; i < found && count < FILES_MAX; i++) {
		char *path = NULL;
		if (strstr(names[i]->d_name, ".json") &&
			asprintf(&path, "%s/%s", argv[1], names[i]->d_name) > 0)
			tests[count++] = (struct CMUnitTest){.name = strrchr(path, '/') + 1,
				.test_func = worked_month_gives_its_rows,
				.initial_state = path};
	}
	if (count < VECTORS_EXPECTED) {
		fprintf(stderr, "%s: %zu worked months, %d wanted\n", argv[1], count,
			VECTORS_EXPECTED);
		return 1;
	}
	int failed = _cmocka_run_group_tests("vectors", tests, count, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		free(tests[i].initial_state);
	while (found-- > 0)
		free(names[found]);
	free(names);
	return failed;
}
