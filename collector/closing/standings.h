/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A month in sums that are small enough to be kept: what each provider's links did in each
 * kabupaten. All of it adds up, so that providers, kabupaten and the province are sums of these:
 * seconds, rupiah and links, never an average of percentages. Made of the rows of `pantau sla`: as
 * they were issued where the month is closed, else as they come out now.
 */
#ifndef PANTAU_CLOSING_STANDINGS_H
#define PANTAU_CLOSING_STANDINGS_H

#include "collector/store/closed_month.h"
#include "collector/store/sla.h"

struct standing {
	char kabupaten[REGION_CODE_BYTES];
	char provider[REGISTRY_NAME_BYTES];
	int64_t s, e, u, d, n;
	int64_t outages;
	int64_t restitution_low, restitution_high;
	uint32_t links, met, missed, undecided, never; /* each link once, by its worst row */
	uint32_t speed_met, speed_missed, speed_undecided; /* likewise; others are not judged */
	int64_t speed_tests;
	/* of rows with tests: the sums of their medians, and of what their contracts promise */
	int64_t down_kbps, down_promised_kbps, up_kbps, up_promised_kbps;
};

/* Adds all but the keys. */
void standing_add(struct standing *sum, const struct standing *part);

struct standings {
	struct standing *items; /* by kabupaten and provider */
	size_t count;
	int64_t as_of_s; /* counted up to there; 0: no link has a row */
	bool closed; /* as it was issued */
	int64_t revision; /* of a closed one */
};

/* -EINVAL: no month. Caller calls standings_done(). */
int standings_read(const struct sla_source *source, const char *month, int64_t as_of_s,
	struct standings *ret_standings, struct err *err);
void standings_done(struct standings *standings);

#endif
