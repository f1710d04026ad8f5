/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test server beside other targets, provider by provider: `pantau targets` and
 * /api/v1/targets. A provider whose way to the test server is better than its way to the rest, by
 * more than chance allows and more than at the others, is named. Why it is so nobody can tell from
 * here: a short way is no fraud.
 */
#ifndef PANTAU_REPORT_TARGET_REPORT_H
#define PANTAU_REPORT_TARGET_REPORT_H

#include "collector/ledger/rank.h"
#include "collector/report/table.h"
#include "collector/store/ledger_db.h"

/* That any provider is named by chance in a month: one in a hundred, over all of them and both
 * measures (Bonferroni). */
#define TARGETS_CHANCE_PPM 10000

struct targets_of { /* one provider */
	char provider[REGISTRY_NAME_BYTES];
	int64_t pairs, only_test, only_rest, both;
	/* medians of its links; both 0: nothing was answered */
	int64_t test_rtt_us, rest_rtt_us;
	/* of each link, medians: rounds of a million that the test server alone answered, less
	 * those that only another did; how much longer the others took */
	int64_t loss_gain_ppm, rtt_gain_us;
	int64_t others_loss_gain_ppm, others_rtt_gain_us; /* of all other providers' links */
	struct rank loss, rtt;
	bool loss_named, rtt_named;
};

struct targets_query {
	struct registry_filter filter; /* of links; others are in no comparison */
	int64_t from_s, to_s; /* days that begin in it */
};

struct targets {
	struct targets_of *items; /* by provider */
	size_t count;
};

/* `ledger` NULL: nothing was ever heard. */
int targets_gather(struct registry *registry, struct ledger_db *ledger,
	const struct targets_query *query, struct targets *ret_targets, struct err *err);
void targets_done(struct targets *targets);
/* NULL: out of memory. */
struct table *targets_table(const struct targets *targets);
struct table *targets_text_table(const struct targets *targets);

#endif
