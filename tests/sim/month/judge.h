/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what the ledger says of a month with what was true, and sums it up over months. */
#ifndef PANTAU_TESTS_SIM_MONTH_JUDGE_H
#define PANTAU_TESTS_SIM_MONTH_JUDGE_H

#include <stdio.h>

#include "collector/ledger/states.h"
#include "tests/sim/month/bounds.h"

struct judge_sum { /* seconds, unless said otherwise */
	uint64_t months; /* months */
	uint64_t slots, rounds, records; /* slots and rounds made, records that arrived */
	uint64_t seconds, said_u, said_d, said_n;
	uint64_t true_down; /* the truth itself: no way to the internet, the house's own apart */
	uint64_t sure; /* of which the ledger must say D */
	uint64_t false_d, missed_d, false_n, missing;
	uint64_t misnamed_d, misnamed_n;
	uint64_t named_d[DOWN_CAUSE_COUNT][DOWN_CAUSE_COUNT]; /* truth, said */
	uint64_t named_n[UNKNOWN_CAUSE_COUNT];
};

struct judge_case { /* borrowed */
	const struct story *story;
	const struct account *account;
	const struct states *states;
	int64_t begins_s; /* UTC */
	FILE *trace; /* NULL: only the first difference is told, on stderr */
};

/* Adds to the sum; false: something was said that must not be, and told. */
bool judge_month(const struct judge_case *judged, struct judge_sum *sum);
void judge_print(const struct judge_sum *sum);
/* The ledger's words for what a run is: "D access", "N power", "U". */
void judge_words(const struct state_run *run, char ret_text[32]);

#endif
