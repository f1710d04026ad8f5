/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What befalls one link and its router, drawn as time goes on: outages of the line, stretches of
 * high loss, and the router going dark. Of each kind there is one at hand, the present or the next.
 */
#ifndef PANTAU_TESTS_BENCH_TROUBLE_H
#define PANTAU_TESTS_BENCH_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/cause.h"
#include "tests/bench/profile.h"

enum dark_kind {
	DARK_POWER, /* pulled: nothing is said */
	DARK_REBOOT, /* a clean one */
	DARK_AGENT, /* the agent alone starts anew, the boot goes on */
};

struct spell { /* UTC seconds, [from, to) */
	int64_t from_s, to_s;
	union {
		enum down_cause cause; /* an outage */
		uint32_t loss_ppm; /* a lossy stretch */
		enum dark_kind dark;
	};
};

struct trouble {
	struct draw draw;
	uint32_t outages, cuts; /* a month */
	bool nights; /* there is no mains: the generator stops from ten to six */
	struct spell outage, lossy, dark;
};

void trouble_init(struct trouble *trouble, uint32_t outages, uint64_t seed, int64_t from_s);
/* Lets go of outages and lossy stretches that are over at this second. */
void trouble_pass(struct trouble *trouble, int64_t at_s);
/* The darkness at hand is behind us: draws the next. */
void trouble_end_dark(struct trouble *trouble);
bool spell_covers(const struct spell *spell, int64_t at_s);

#endif
