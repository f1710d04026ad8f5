/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to simulated agents, and when. A text file, an event a line; SCENARIO.md describes
 * it.
 *
 *   # seconds  agents  what     for seconds
 *     10       1-20    outage   30
 *     60       all     rebind
 */
#ifndef PANTAU_SWARM_SCENARIO_H
#define PANTAU_SWARM_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

enum trouble {
	TROUBLE_OUTAGE, /* nothing beyond the provider answers, the collector neither */
	TROUBLE_CABLE, /* the WAN has no carrier */
	TROUBLE_OFFLINE, /* only the collector is out of reach: what is measured comes late */
	TROUBLE_REBIND, /* the connection is cut and made again from another port */
	TROUBLE_POWER, /* all that is not acknowledged is lost; a new run, a new boot */
};

struct scene {
	uint64_t at_ms; /* after the start */
	uint32_t first, last; /* agents, counted from 1 in the order of their folders' names */
	enum trouble trouble;
	uint32_t for_ms;
};

struct scenario;

/* Errors name file, line and word. */
int scenario_read(const char *path, struct scenario **ret_scenario, struct err *err);
void scenario_free(struct scenario *scenario);
/* The next scene that is not later than this, in order of time; NULL: none now. Borrowed. */
const struct scene *scenario_next(struct scenario *scenario, uint64_t now_ms);

#endif
