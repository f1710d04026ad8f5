/* SPDX-License-Identifier: Apache-2.0 */
#include "worked_month.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void read_slots(struct worked_month *into, const json_t *input)
{
	json_t *rows = json_object_get(input, "slots"), *row;
	size_t i, total = 0;
	json_array_foreach(rows, i, row) total += (size_t)cell(row, 2);
	into->line.slots = calloc(total + 1, sizeof(*into->line.slots));
	json_array_foreach(rows, i, row)
	{
		const char *cause = json_string_value(json_array_get(row, 5));
		for (int64_t k = 0; k < cell(row, 2); k++) {
			int64_t length = cell(row, 1), from = cell(row, 0) + k * length;
			into->line.slots[into->line.slot_count++] = (struct line_slot){
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

static void read_holes(struct worked_month *into, const json_t *input)
{
	json_t *rows = json_object_get(input, "power_gaps"), *row;
	size_t i;
	into->line.holes = calloc(json_array_size(rows) + 1, sizeof(*into->line.holes));
	json_array_foreach(rows, i, row)
	{
		into->line.holes[into->line.hole_count++] = (struct line_hole){
			cell(row, 0), cell(row, 1), UNKNOWN_POWER};
	}
}

static void read_exclusions(struct worked_month *into, const json_t *input)
{
	json_t *rows = json_object_get(input, "exclusions"), *row;
	size_t i;
	into->exclusions = calloc(json_array_size(rows) + 1, sizeof(*into->exclusions));
	json_array_foreach(rows, i, row)
	{
		into->exclusions[into->exclusion_count++] = (struct exclusion){
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

static void read_begins(struct worked_month *into, const json_t *input)
{
	json_t *contracts = json_object_get(input, "contracts"), *contract;
	size_t i;
	into->begins = into->line.slot_count ? into->line.slots[0].from : INT64_MAX;
	json_array_foreach(contracts, i, contract)
	{
		int64_t from = integer(contract, "from", 0);
		if (from < into->begins)
			into->begins = from;
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

/* 2026-01 as UTC bounds; days from civil, Howard Hinnant's public algorithm. */
static int64_t month_start(int year, int month, int64_t offset_s)
{
	int y = month <= 2 ? year - 1 : year;
	int era = y / 400, yoe = y - era * 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return ((int64_t)era * 146097 + doe - 719468) * 86400 - offset_s;
}

static struct month_period read_period(const json_t *input)
{
	int year = 0, month = 0;
	int64_t offset = integer(input, "zone_offset_s", 0);
	if (sscanf(text(input, "period"), "%d-%d", &year, &month) != 2)
		abort();
	struct month_period period = {
		.from = month_start(year, month, offset),
		.to = month_start(month == 12 ? year + 1 : year, month % 12 + 1, offset),
	};
	period.as_of = integer(input, "as_of", period.to);
	return period;
}

void worked_month_read(const json_t *input, struct worked_month *ret_case)
{
	struct worked_month read = {.contracts = json_object_get(input, "contracts")};
	read_slots(&read, input);
	read_holes(&read, input);
	read_exclusions(&read, input);
	read_begins(&read, input);
	read.period = read_period(input);
	*ret_case = read;
}

void worked_month_done(struct worked_month *worked)
{
	free(worked->exclusions);
	line_done(&worked->line);
}

int worked_month_row(const struct worked_month *worked, size_t index, struct month_row *ret_row)
{
	const json_t *contract = json_array_get(worked->contracts, index);
	struct exclusions exclusions = {worked->exclusions, worked->exclusion_count};
	struct span span = {integer(contract, "from", 0), integer(contract, "to", SPAN_FOREVER)};
	struct terms terms = read_terms(contract);
	struct states states = {0};
	const struct month_case month_case = {&span, &terms, &states, &exclusions};
	int failed = states_compute(&worked->line, &terms, worked->begins, &states);
	if (!failed)
		failed = month_compute(&worked->period, &month_case, ret_row);
	states_done(&states);
	return failed;
}
