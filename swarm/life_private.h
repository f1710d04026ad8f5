/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of life share: what it is made of, and what it measures. */
#ifndef PANTAU_SWARM_LIFE_PRIVATE_H
#define PANTAU_SWARM_LIFE_PRIVATE_H

#include "agent/core/anchors.h"
#include "agent/core/watch.h"
#include "swarm/chance.h"
#include "swarm/invent.h"
#include "swarm/life.h"

#define S_US 1000000LL

struct life {
	struct life_settings settings;
	struct invent invent;
	struct fate *fate;
	struct condition condition; /* until condition.until_us */
	uint32_t run; /* 0: none yet */
	uint8_t boot[BOOT_BYTES];
	int64_t booted_us; /* UTC at which the monotonic clock was 0 */
	int64_t starts_us; /* without power: when it begins again; NEVER: not known yet */
	int64_t now_us, lived_us; /* UTC: until now; the end of the last slot that was recorded */
	struct watch *watch; /* NULL: without power, or stopped */
	struct wan_reading reading;
	int64_t read_us; /* when the counters were */
	struct anchors anchors;
	int64_t anchor_us, dns_us, http_us, speed_us; /* when the next is due */
	uint64_t slots;
	bool stopped, cold; /* cold: the power had been away */
	struct record record; /* being made */
};

void life_keep(struct life *life, enum record_kind kind);
uint64_t life_draw(const struct life *life, enum chance what, uint64_t when);
int64_t life_utc_us(const struct life *life, uint64_t mono_us);

/* A run begins: when its samples are due. */
void life_plan_samples(struct life *life);
/* What is due at the present moment. */
void life_ask(struct life *life);
void life_take_slots(struct life *life);
void life_look_at_clock(struct life *life);
void life_sample(struct life *life);

#endif
