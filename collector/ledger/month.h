/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contract's row for a month: sla.md sections 3 and 4, without the figures of RTT and speed.
 */
#ifndef PANTAU_LEDGER_MONTH_H
#define PANTAU_LEDGER_MONTH_H

#include "collector/ledger/exclusion.h"
#include "collector/ledger/states.h"

enum verdict { VERDICT_MET, VERDICT_MISSED, VERDICT_UNDECIDED, VERDICT_NOT_JUDGED };
/* "MEMENUHI", "TIDAK MEMENUHI", "DATA TIDAK CUKUP", "TIDAK DINILAI" */
const char *verdict_name(enum verdict verdict);

struct month_period {
	int64_t from, to; /* the whole local month, UTC seconds */
	int64_t as_of; /* P ends here at the latest */
	int32_t offset_s; /* of the link's zone, east of UTC: service hours are local */
};

struct month_row {
	int64_t segment_from, segment_to; /* month, contract and as_of; P lies within */
	int64_t s, e, u, d, n;
	int64_t n_by[UNKNOWN_CAUSE_COUNT];
	int64_t d_by[DOWN_CAUSE_COUNT];
	enum verdict verdict;
	uint32_t outages;
	int64_t longest_s;
	uint32_t high_loss_intervals;
	bool has_restitution; /* false: TIDAK DINILAI */
	int64_t restitution_low, restitution_high;
	struct spans period; /* P: the segment, or its service hours */
	struct spans counted; /* P minus E */
};

struct month_case { /* one contract of one link; all borrowed */
	const struct span *contract; /* [from, to) */
	const struct terms *terms;
	const struct states *states; /* under these terms */
	const struct exclusions *exclusions;
};

/* 0, also when no service hour lies in it; -ENODATA when the contract has no second of the month
 * (no row); -ENOMEM; -ERANGE when U + D + N + E = S does not hold (our own bug: never printed). */
int month_compute(const struct month_period *period, const struct month_case *month_case,
	struct month_row *ret_row);
void month_row_done(struct month_row *row);

/* part / whole as a percentage with six decimals, truncated; "" when whole is 0. */
#define MONTH_PERCENT_BYTES 24
void month_percent(int64_t part, int64_t whole, char ret_text[MONTH_PERCENT_BYTES]);
enum verdict month_verdict(const struct terms *terms, int64_t u, int64_t n, int64_t judged);

#endif
