/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of link is like: round trips, loss, how often it fails and for how long. Starting
 * values; a scenario's `profile` lines change them.
 */
#ifndef PANTAU_SWARM_PROFILE_H
#define PANTAU_SWARM_PROFILE_H

#include <stdint.h>

#include "swarm/subject.h"

struct profile {
	double rtt_ms, spread_ms; /* the shortest, and the mean of what queues add to it */
	double loss_pct;
	double evening_ms, evening_loss_pct; /* added at the busiest hour, around 20:00 */
	double evening_speed_pct; /* of the contract, then */
	double speed_pct; /* of the contract, at night */
	double outages_week, outage_min; /* how many, and their mean length */
	double power_week, power_min; /* the same of power cuts */
	double restarts_week;
};

void profile_init(struct profile *profile, enum kind kind);
/* "rtt_ms" and the like; NULL: there is none. Borrowed from the profile. */
double *profile_field(struct profile *profile, const char *name);

#endif
