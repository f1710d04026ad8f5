/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/budget.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define OVERHEAD 20 /* one part in so many: headers, acknowledgements */
#define FLIGHT_BYTES \
	(1024 * 1024) /* handshakes, counts, and what no cut calls back: a full window */
#define BYTES_MAX (UINT64_MAX / (2 * BUDGET_DAYS)) /* so that no sum runs over */

static uint32_t newest_day(const struct budget *budget)
{
	uint32_t newest = BUDGET_DAY_UNKNOWN;

	for (size_t i = 0; i < budget->count; i++)
		newest = budget->days[i].day > newest ? budget->days[i].day : newest;
	return newest;
}

static uint32_t day_of(const struct budget *budget, uint32_t today)
{
	return today == BUDGET_DAY_UNKNOWN ? newest_day(budget) : today;
}

static bool is_over(uint32_t day, uint32_t today)
{
	return day < today && today - day >= BUDGET_DAYS;
}

uint64_t budget_spent(const struct budget *budget, uint32_t today)
{
	uint64_t bytes = 0;

	today = day_of(budget, today);
	for (size_t i = 0; i < budget->count; i++)
		if (!is_over(budget->days[i].day, today))
			bytes += budget->days[i].bytes;
	return bytes;
}

/* Of the future: it was today when the clock was wrong, and is counted as today from now on. */
static void settle(struct budget *budget, uint32_t today)
{
	struct budget settled = {0};
	uint64_t moved = 0;

	for (size_t i = 0; i < budget->count; i++) {
		const struct budget_day *day = &budget->days[i];

		if (day->day >= today)
			moved += day->bytes;
		else if (!is_over(day->day, today) && settled.count < BUDGET_DAYS - 1)
			settled.days[settled.count++] = *day;
	}
	settled.days[settled.count++] = (struct budget_day){.day = today, .bytes = moved};
	*budget = settled;
}

void budget_charge(struct budget *budget, uint32_t today, uint64_t bytes)
{
	struct budget_day *last;

	settle(budget, day_of(budget, today));
	last = &budget->days[budget->count - 1];
	last->bytes = bytes < BYTES_MAX - last->bytes ? last->bytes + bytes : BYTES_MAX;
}

void budget_give_back(struct budget *budget, uint32_t today, uint64_t bytes)
{
	settle(budget, day_of(budget, today));
	for (size_t i = budget->count; i-- > 0;) { /* it may have been charged before midnight */
		struct budget_day *day = &budget->days[i];
		uint64_t taken = bytes < day->bytes ? bytes : day->bytes;

		day->bytes -= taken;
		bytes -= taken;
	}
}

uint64_t budget_most(uint64_t bytes)
{
	return bytes > BYTES_MAX ? BYTES_MAX : bytes + bytes / OVERHEAD + FLIGHT_BYTES;
}

uint64_t budget_due(uint64_t most, uint64_t told, uint64_t seen)
{
	uint64_t moved = told > seen ? told : seen;

	if (!moved || moved > most)
		return most;
	moved += moved / OVERHEAD;
	return moved < most ? moved : most;
}

size_t budget_format(const struct budget *budget, char ret_text[BUDGET_TEXT_MAX])
{
	size_t length = 0;

	ret_text[0] = '\0';
	for (size_t i = 0; i < budget->count; i++)
		length += (size_t)snprintf(ret_text + length, BUDGET_TEXT_MAX - length,
			"%" PRIu32 " %" PRIu64 "\n", budget->days[i].day, budget->days[i].bytes);
	return length;
}

static bool has_day(const struct budget *budget, uint32_t day)
{
	for (size_t i = 0; i < budget->count; i++)
		if (budget->days[i].day == day)
			return true;
	return false;
}

void budget_parse(const char *text, struct budget *ret_budget)
{
	struct budget budget = {0};

	while (text && *text && budget.count < BUDGET_DAYS) {
		struct budget_day day;

		if (sscanf(text, "%10" SCNu32 "%*1[ ]%19" SCNu64, &day.day, &day.bytes) == 2 &&
			day.bytes <= BYTES_MAX && !has_day(&budget, day.day))
			budget.days[budget.count++] = day;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	*ret_budget = budget;
}
