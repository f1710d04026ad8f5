/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records tell that something turned: a slot whose rounds were all answered after one that
 * lost some, or the other way round; a carrier that came or went; a clock that was set; an agent
 * that began or stopped. A power cut should not take these. Pure.
 */
#ifndef PANTAU_AGENT_CORE_NEWS_H
#define PANTAU_AGENT_CORE_NEWS_H

#include "proto/model.h"

#define NEWS_WANS 4 /* more than a router has; beyond it the oldest is forgotten */

struct news {
	struct news_wan {
		char name[WAN_NAME_MAX + 1];
		bool lossy; /* its last slot lost a round */
		uint64_t sketched_us; /* start of the slot sketched last */
		uint8_t sketched_events; /* those that the sketch had */
	} wans[NEWS_WANS];
	unsigned count, next;
};

void news_init(struct news *news);
bool news_take(struct news *news, const struct record *record);
/* The unfinished slot is told already: finished it is news only for what it has beyond that. */
void news_sketched(struct news *news, const struct slot *slot);
/* Whether a round of the slot was lost: asked, and no internet target answered. */
bool news_is_lossy(const struct slot *slot);

#endif
