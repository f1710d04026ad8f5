/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of one simulated agent, without a connection and without a clock of its own: the real
 * schedule, slots and anchors, driven through its fate as fast as it is asked to live.
 *
 *   life_due() -> when something happens next -> life_live(until then) -> records
 *
 *   boot ------- slots ------- dark ====== boot ------- slots --->      one run a boot
 *
 * Pure: time comes in as UTC, records go out through a callback.
 */
#ifndef PANTAU_SWARM_LIFE_H
#define PANTAU_SWARM_LIFE_H

#include "proto/codec.h"
#include "swarm/fate.h"

struct life_memory { /* what it takes to go on with a life */
	uint32_t run; /* 0: it has not begun; another life's runs have higher numbers */
	uint8_t boot[BOOT_BYTES];
	int64_t booted_us; /* UTC at which the monotonic clock was 0 */
	int64_t lived_us; /* UTC: what was before is recorded */
};

struct life_events {
	void *arg;
	/* A record of the present run; borrowed. All before lived_us is recorded with it. */
	void (*record)(void *arg, const struct record *record, int64_t lived_us);
	/* Another run begins: its records follow. 0, or the life ends with that error. */
	int (*run)(void *arg, const struct life_memory *memory, uint64_t nonce);
};

struct life_settings { /* copied, but what it points to is borrowed for life */
	const struct scenario *scenario;
	const struct subject *subject;
	uint32_t slot_ms, round_ms;
	int64_t start_us; /* UTC of the scenario's moment 0 */
	int64_t from_us; /* it begins here, unless it goes on */
	uint32_t first_run; /* its number; those after it count up */
	struct life_memory memory;
	struct life_events events;
};

struct life;

int life_new(const struct life_settings *settings, struct life **ret_life);
void life_free(struct life *life);

/* UTC of what happens next. */
int64_t life_due(const struct life *life);
/* All that is due until then, this moment included. 0 or a negative errno. */
int life_live(struct life *life, int64_t until_us);
/* A collector's answer about the time, at the present moment: perhaps an anchor. */
void life_told_time(struct life *life, const struct time_answer *answer, uint64_t mono_us);
/* Shuts down in order: the slot under way, Stop. */
void life_stop(struct life *life, int64_t utc_us);

const struct condition *life_condition(const struct life *life);
bool life_runs(const struct life *life); /* false: without power */
/* While it runs: what the next life needs to go on seamlessly, but for a slot under way. */
void life_remember(const struct life *life, struct life_memory *ret_memory);
/* Its monotonic clock; the boot's id is valid until the next run. */
uint64_t life_mono_us(const struct life *life, int64_t utc_us);
const uint8_t *life_boot(const struct life *life);
uint64_t life_slots(const struct life *life); /* recorded so far */

#endif
