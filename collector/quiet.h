/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lines may be logged: one a minute for each topic (an agent or address, and what it did),
 * and a bounded number a second in all, so that no peer can fill the disk with words. What was held
 * back is counted and told with the next line. Pure; bounded memory.
 */
#ifndef PANTAU_COLLECTOR_QUIET_H
#define PANTAU_COLLECTOR_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#define QUIET_TOPICS 1024 /* remembered at once; a forgotten one may speak again early */
#define QUIET_PERIOD_MS 60000
#define QUIET_LINES_PER_S 20

struct quiet_topic {
	uint64_t hash; /* 0: none */
	uint64_t spoke_ms;
	uint64_t held_back;
};

struct quiet {
	struct quiet_topic topics[QUIET_TOPICS];
	uint64_t second;
	unsigned lines; /* in that second */
};

void quiet_init(struct quiet *quiet);
/* Whether a line about the topic may be logged now; *ret_held_back: lines about it that were not,
 * since the last one that was. */
bool quiet_allows(struct quiet *quiet, const char *topic, uint64_t now_ms, uint64_t *ret_held_back);

#endif
