/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much data the speed tests of the last 30 days have moved, day by day. Pure: the day comes in,
 * and where nobody knows it (a clock that was never set), everything is of the newest day known.
 * Kept over restarts as text, `DAY BYTES` lines, DAY being days since 1970-01-01 UTC.
 */
#ifndef PANTAU_AGENT_CORE_BUDGET_H
#define PANTAU_AGENT_CORE_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#define BUDGET_DAYS 30
#define BUDGET_TEXT_MAX 1200 /* thirty lines of the longest numbers */
#define BUDGET_DAY_UNKNOWN 0

struct budget {
	size_t count;
	struct budget_day {
		uint32_t day;
		uint64_t bytes;
	} days[BUDGET_DAYS]; /* each day once */
};

/* Of the 30 days that end with this one. A day of the future, written under a wrong clock, counts.
 */
uint64_t budget_spent(const struct budget *budget, uint32_t today);
/* Forgets what is older. */
void budget_charge(struct budget *budget, uint32_t today, uint64_t bytes);

/* Of what was charged before, as far as it is there: a month's figures never grow by it. */
void budget_give_back(struct budget *budget, uint32_t today, uint64_t bytes);

/* The most that a test of so many bytes, both ways together, can move: with headers and
 * acknowledgements, handshakes and counts, and what is under way when it is cut. */
uint64_t budget_most(uint64_t bytes);
/* What is charged in the end for a test that was charged budget_most() at first. `told`: the
 * helper's own figure; `seen`: by the WAN's counters, 0 where they say nothing sure. */
uint64_t budget_due(uint64_t most, uint64_t told, uint64_t seen);

/* The text's length. */
size_t budget_format(const struct budget *budget, char ret_text[BUDGET_TEXT_MAX]);
/* What cannot be read is passed over: a damaged file costs no more than its figures. */
void budget_parse(const char *text, struct budget *ret_budget);

#endif
