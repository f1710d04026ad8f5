/* SPDX-License-Identifier: Apache-2.0 */
#include "worked_month.h"

#include <stdlib.h>

#include "worked_terms.h"

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
				worked_text(row, "reason")),
			.from = worked_integer(row, "from", 0),
			.to = worked_integer(row, "to", 0),
			.entered = worked_integer(row, "entered", 0),
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
		int64_t from = worked_integer(contract, "from", 0);
		if (from < into->begins)
			into->begins = from;
	}
}

void worked_month_read(const json_t *input, struct worked_month *ret_case)
{
	struct worked_month read = {.contracts = json_object_get(input, "contracts")};
	read_slots(&read, input);
	read_holes(&read, input);
	read_exclusions(&read, input);
	read_begins(&read, input);
	read.period = worked_period(input);
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
	struct span span = {
		worked_integer(contract, "from", 0), worked_integer(contract, "to", SPAN_FOREVER)};
	struct terms terms = worked_terms(contract);
	struct states states = {0};
	const struct month_case month_case = {&span, &terms, &states, &exclusions};
	int failed = states_compute(&worked->line, &terms, worked->begins, &states);
	if (!failed)
		failed = month_compute(&worked->period, &month_case, ret_row);
	states_done(&states);
	return failed;
}
