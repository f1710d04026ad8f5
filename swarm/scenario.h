/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to simulated agents, and when: a text file, an event a line. SCENARIO.md describes
 * it.
 *
 *   # when    whom                        what      how long
 *     10      1-20                        outage    30
 *     -2h     provider=X,kabupaten=64.02  access    40m
 *     daily@19:00  kind=4g                slow      3h  rtt=80 loss=3
 */
#ifndef PANTAU_SWARM_SCENARIO_H
#define PANTAU_SWARM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "swarm/profile.h"
#include "swarm/subject.h"

#define SCENARIO_LASTS_MAX_MS (36ULL * 3600 * 1000) /* of what is daily or drawn at random */

enum trouble {
	TROUBLE_CABLE, /* the WAN has no carrier */
	TROUBLE_CPE, /* the gateway on the premises does not answer */
	TROUBLE_ACCESS, /* nothing beyond the premises answers */
	TROUBLE_PROVIDER, /* nothing beyond the first hop answers */
	TROUBLE_UPSTREAM, /* the provider answers, the internet does not */
	TROUBLE_SLOW, /* all answers, later and less often; speed is less */
	TROUBLE_DNS, /* the resolvers fail */
	TROUBLE_OFFLINE, /* only the collector is out of reach: what is measured comes late */
	TROUBLE_REBIND, /* the connection is cut and made again from another port */
	TROUBLE_POWER, /* dark; then a new boot and a new run */
	TROUBLE_RESTART, /* the same in order, with a Stop */
	TROUBLE_CLOCK, /* nobody tells it the time, and its own is wrong */
	TROUBLE_COUNT
};

struct scene {
	bool daily; /* at_ms is since midnight of the scenario's zone */
	int64_t at_ms; /* after the start; below 0: before it */
	struct whom whom;
	enum trouble trouble;
	uint64_t for_ms;
	uint32_t chance_ppm; /* daily: that it happens on a day, to one of them */
	uint32_t jitter_ms; /* daily: up to so much later */
	uint32_t rtt_ms, loss_ppm, speed_percent; /* TROUBLE_SLOW */
	int64_t off_ms; /* TROUBLE_CLOCK: by so much */
	unsigned line; /* of the file */
};

struct scenario {
	uint64_t seed;
	uint32_t background_ppm; /* of the profiles' rates; 0: nothing happens but the scenes */
	int32_t zone_s; /* east of UTC */
	struct profile profiles[KIND_COUNT];
	struct scene *scenes; /* as they stand in the file */
	size_t count;
};

/* Nothing happens. */
void scenario_init(struct scenario *scenario);
/* Errors name file, line, field and value; then *scenario is empty. */
int scenario_read(const char *path, struct scenario *scenario, struct err *err);
/* -EINVAL: it names an agent's number beyond so many; words as above. */
int scenario_check(
	const struct scenario *scenario, const char *path, size_t agents, struct err *err);
void scenario_done(struct scenario *scenario);

#endif
