/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one session's end teaches the next one: how long the way there bears silence, and how large
 * a packet may be. Neither is known until the next attempt shows whether the way is there at all.
 */
#ifndef PANTAU_AGENT_LESSONS_H
#define PANTAU_AGENT_LESSONS_H

#include "agent/core/path_mtu.h"
#include "agent/uplink/session.h"

struct lessons {
	struct path_mtu path;
	struct keepalive keepalive;
	uint64_t forgotten_ms; /* a session died after that long a silence, perhaps of it; 0 */
	unsigned turned_away; /* so many tries in a row, for want of room */
};

void lessons_init(struct lessons *lessons);
/* There was a WELCOME. */
void lessons_opened(struct lessons *lessons);
/* It is over. `refused`: the collector said why, and nothing is to be learnt. */
void lessons_ended(struct lessons *lessons, const struct session_end *end, bool refused);
/* After being turned away: a place is soon free, within what the collector said that it needs for
 * everybody. But what closes every connection may be another than it, and for days. 0: nothing. */
uint32_t lessons_width_ms(const struct lessons *lessons, uint32_t said_s);

#endif
