/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One slot of an invented link, as an agent with its defaults would have written it: a round every
 * ten seconds, internet targets in turn, those nearer asked in the first round, all of them when a
 * round is about to be lost.
 */
#ifndef PANTAU_TESTS_BENCH_MINUTE_H
#define PANTAU_TESTS_BENCH_MINUTE_H

#include "proto/model.h"
#include "tests/bench/profile.h"

enum { /* the slot's targets */
	MINUTE_INTERNET, /* three of them */
	MINUTE_GATEWAY = 3,
	MINUTE_EDGE,
	MINUTE_PROVIDER,
	MINUTE_TARGETS
};

struct minute {
	struct draw draw;
	const struct nature *nature;
	unsigned profile;
	struct target targets[MINUTE_TARGETS];
	uint32_t rtt_us[MINUTE_TARGETS]; /* the usual ones */
	struct address address; /* of the WAN */
	uint64_t users_bytes; /* of a usual minute by day */
};

struct weather { /* of one slot */
	bool down;
	enum down_cause cause;
	uint32_t loss_ppm;
	int64_t from_s; /* UTC: by night there are no users */
};

void minute_init(
	struct minute *minute, const struct nature *nature, uint32_t number, uint64_t seed);
void minute_move(struct minute *minute); /* another address: the router began anew */
/* Fills in rounds, probes, targets and facts; boot, start, length and WAN are there. */
void minute_fill(struct minute *minute, const struct weather *weather, struct slot *slot);

#endif
