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
#include <jansson.h>

#include "collector/ledger/month.h"

#define VECTORS_EXPECTED 34
#define FILES_MAX 256

struct vector {
	json_t *file, *input;
	struct line line;
	struct exclusion *exclusions;
	size_t exclusion_count;
	int64_t begins;
};

static int64_t integer(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "";
}

static int64_t cell(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static void read_slots(struct vector *vector)
{
	json_t *rows = json_object_get(vector->input, "slots"), *row;
	size_t i, total = 0;
	json_array_foreach(rows, i, row) total += (size_t)cell(row, 2);
	vector->line.slots = calloc(total + 1, sizeof(*vector->line.slots));
	json_array_foreach(rows, i, row)
	{
		const char *cause = json_string_value(json_array_get(row, 5));
		for (int64_t k = 0; k < cell(row, 2); k++) {
			int64_t length = cell(row, 1), from = cell(row, 0) + k * length;
			vector->line.slots[vector->line.slot_count++] = (struct line_slot){
				.from = from,
				.to = from + length,
				.due = (uint16_t)(length / 10),
				.made = (uint16_t)cell(row, 3),
				.lost = (uint16_t)cell(row, 4),
				.cause = (uint8_t)(cause ? down_cause_parse(cause) : DOWN_UPSTREAM),
			};
		}
	}
}

static void read_holes(struct vector *vector)
{
	json_t *rows = json_object_get(vector->input, "power_gaps"), *row;
	size_t i;
	vector->line.holes = calloc(json_array_size(rows) + 1, sizeof(*vector->line.holes));
	json_array_foreach(rows, i, row)
	{
		vector->line.holes[vector->line.hole_count++] = (struct line_hole){
			cell(row, 0), cell(row, 1), UNKNOWN_POWER};
	}
}

static void read_exclusions(struct vector *vector)
{
	json_t *rows = json_object_get(vector->input, "exclusions"), *row;
	size_t i;
	vector->exclusions = calloc(json_array_size(rows) + 1, sizeof(*vector->exclusions));
	json_array_foreach(rows, i, row)
	{
		vector->exclusions[vector->exclusion_count++] = (struct exclusion){
			.reason = (enum exclusion_reason)exclusion_reason_parse(
				text(row, "reason")),
			.from = integer(row, "from", 0),
			.to = integer(row, "to", 0),
			.entered = integer(row, "entered", 0),
			.revoked = json_is_true(json_object_get(row, "revoked")),
			.confirmed = true,
		};
	}
}

static void read_begins(struct vector *vector)
{
	json_t *contracts = json_object_get(vector->input, "contracts"), *contract;
	size_t i;
	vector->begins = vector->line.slot_count ? vector->line.slots[0].from : INT64_MAX;
	json_array_foreach(contracts, i, contract)
	{
		int64_t from = integer(contract, "from", 0);
		if (from < vector->begins)
			vector->begins = from;
	}
}

static struct terms read_terms(const json_t *contract)
{
	struct terms terms;
	json_t *list, *item;
	size_t i;
	terms_init(&terms);
	terms.target_ppm = (uint32_t)integer(contract, "target_ppm", 0);
	terms.loss_threshold_ppm = (uint32_t)integer(contract, "loss_threshold_pct", 50) * 10000;
	terms.window_s = (uint32_t)integer(contract, "window_s", 300);
	terms.notice_s = (uint32_t)integer(contract, "notice_s", 86400);
	terms.fee_rupiah = integer(contract, "fee", 0);
	terms.formula = (enum formula)formula_parse(text(contract, "formula"));
	if (!strcmp(text(contract, "power"), "exclude"))
		terms.power = POWER_EXCLUDE;
	list = json_object_get(contract, "uncharged");
	if (list)
		terms.uncharged = 0;
	json_array_foreach(list, i, item) terms.uncharged |= 1u
		<< down_cause_parse(json_string_value(item));
	list = json_object_get(contract, "bands");
	json_array_foreach(list, i, item) terms.bands[terms.band_count++] = (struct band){
		(uint32_t)integer(item, "below_ppm", 0), (uint32_t)integer(item, "pct", 0) * 10000};
	return terms;
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
		assert_int_equal(numbers[i].value, integer(expect, numbers[i].key, -1));
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

/* 2026-01 as UTC bounds; days from civil, Howard Hinnant's public algorithm. */
static int64_t month_start(int year, int month, int64_t offset_s)
{
	int y = month <= 2 ? year - 1 : year;
	int era = y / 400, yoe = y - era * 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return ((int64_t)era * 146097 + doe - 719468) * 86400 - offset_s;
}

static struct month_period read_period(const struct vector *vector)
{
	int year = 0, month = 0;
	int64_t offset = integer(vector->input, "zone_offset_s", 0);
	assert_int_equal(sscanf(text(vector->input, "period"), "%d-%d", &year, &month), 2);
	struct month_period period = {
		.from = month_start(year, month, offset),
		.to = month_start(month == 12 ? year + 1 : year, month % 12 + 1, offset),
	};
	period.as_of = integer(vector->input, "as_of", period.to);
	return period;
}

static void load(struct vector *vector, const char *path)
{
	json_error_t error;
	vector->file = json_load_file(path, 0, &error);
	if (!vector->file)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	vector->input = json_object_get(vector->file, "case");
	read_slots(vector);
	read_holes(vector);
	read_exclusions(vector);
	read_begins(vector);
}

static void unload(struct vector *vector)
{
	free(vector->exclusions);
	line_done(&vector->line);
	json_decref(vector->file);
}

static void worked_month_gives_its_rows(void **state)
{
	struct vector vector = {0};
	load(&vector, *state);
	struct month_period period = read_period(&vector);
	struct exclusions exclusions = {vector.exclusions, vector.exclusion_count};
	json_t *contracts = json_object_get(vector.input, "contracts"), *contract;
	json_t *expect = json_object_get(vector.file, "expect");
	size_t i, rows = 0;
	json_array_foreach(contracts, i, contract)
	{
		struct terms terms = read_terms(contract);
		struct states states = {0};
		struct month_row row = {0};
		struct span span = {
			integer(contract, "from", 0), integer(contract, "to", SPAN_FOREVER)};
		assert_int_equal(states_compute(&vector.line, &terms, vector.begins, &states), 0);
		int result = month_compute(&period, &span, &terms, &states, &exclusions, &row);
		if (result != -ENODATA) {
			assert_int_equal(result, 0);
			expect_row(json_array_get(expect, rows++), &row);
			month_row_done(&row);
		}
		states_done(&states);
	}
	assert_int_equal(rows, json_array_size(expect));
	unload(&vector);
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
