/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month's speed tests against the contract: "at least X % of the contracted rate in at least Y %
 * of the tests, from at least M tests spread over the month" (sla.md section 5). A test never makes
 * a second of downtime.
 */
#ifndef PANTAU_LEDGER_SPEED_H
#define PANTAU_LEDGER_SPEED_H

#include "collector/ledger/month.h"

struct speed_test { /* one that was done */
	int64_t at_s; /* UTC */
	bool has_down, has_up; /* measured */
	uint32_t down_kbps, up_kbps;
	uint32_t rate_down_kbps, rate_up_kbps; /* contracted when it was taken */
	bool disputed; /* may be another device's, of another link */
	bool several; /* disputed, and came with other figures too: any may be right */
};

struct speed_list { /* in any order */
	struct speed_test *items;
	size_t count, room;
};

int speed_list_add(struct speed_list *list, const struct speed_test *test); /* 0 or -ENOMEM */
int speed_list_merge(struct speed_list *into, const struct speed_list *from);
void speed_list_done(struct speed_list *list); /* frees; empty again */

/* Disputed tests are in none of these figures. The verdict holds whichever of them are the link's:
 * where it hangs on that, it is VERDICT_UNDECIDED. */
struct speed_month {
	uint32_t tests; /* done */
	uint32_t passed; /* every direction that was measured had X % of its rate */
	uint32_t days; /* local days with a test */
	bool has_down, has_up;
	uint32_t down_median_kbps, up_median_kbps; /* nearest-rank, as all percentiles */
	enum verdict verdict; /* VERDICT_NOT_JUDGED: the contract does not judge speed */
};

/* The tests of one row; `offset_s` as in month_period. Sorts the list by time. 0 or -ENOMEM. */
int speed_judge(const struct speed_terms *terms, struct speed_list *list, int32_t offset_s,
	struct speed_month *ret_month);

#endif
