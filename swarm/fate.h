/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to one agent, at any moment: the scenes of its scenario that name it, and what is
 * drawn at random by its profile. A function of scenario, agent and time alone. Pure.
 *
 *   scenes    ----[outage]---------------[slow]-------
 *   drawn     -----------[power]----------------------      -> condition at T, and until when
 */
#ifndef PANTAU_SWARM_FATE_H
#define PANTAU_SWARM_FATE_H

#include "swarm/scenario.h"

enum reach { /* how far an agent's questions come */
	REACH_NOTHING, /* no carrier */
	REACH_PREMISES, /* its own end of the cable: not even the gateway */
	REACH_GATEWAY,
	REACH_EDGE,
	REACH_PROVIDER,
	REACH_ALL,
};

struct condition {
	int64_t until_us; /* UTC: it holds until then at least */
	bool power;
	bool in_order; /* without power: it was shut down */
	enum reach reach;
	bool collector; /* can be reached */
	bool dns;
	bool told_time; /* somebody tells it the time */
	int64_t clock_off_us; /* otherwise: how wrong its own is */
	uint32_t rtt_ms, loss_ppm; /* added */
	uint32_t speed_percent; /* left */
	unsigned rebinds; /* so many times it was forgotten, up to now */
};

struct fate;

/* Borrows both. `start_us`: UTC of the scenario's moment 0. */
int fate_new(const struct scenario *scenario, const struct subject *subject, int64_t start_us,
	struct fate **ret_fate);
void fate_free(struct fate *fate);
/* Any moment, but they should rise: what ended days before is forgotten. -ENOMEM. */
int fate_at(struct fate *fate, int64_t utc_us, struct condition *ret_condition);

#endif
