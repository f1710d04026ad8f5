/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One WAN being watched: schedule and slots joined. Whoever drives it has the clock, the probes and
 * the kernel's facts:
 *
 *   for (;;) {
 *           wait until watch_due()
 *           if (watch_turn_due(now)) watch_turn(now, reading)
 *           while (watch_next(now, &question)) ask it; later: watch_heard(question, answer)
 *           while (watch_take(&slot)) record it
 *   }
 */
#ifndef PANTAU_AGENT_CORE_WATCH_H
#define PANTAU_AGENT_CORE_WATCH_H

#include "agent/core/sched.h"
#include "agent/core/slots.h"

struct watch_settings { /* borrowed during watch_new only */
	const char *wan;
	const uint8_t *boot; /* BOOT_BYTES */
	uint32_t slot_ms, round_ms;
	uint64_t near_us; /* see sched.h */
	uint64_t now_us;
	const struct wan_reading *reading;
};

struct watch;

int watch_new(const struct watch_settings *settings, struct watch **ret_watch);
void watch_free(struct watch *watch);

void watch_set_targets(struct watch *watch, const struct target *targets, size_t count);
/* See sched_set_stamp(). */
void watch_set_stamp(struct watch *watch, const struct target *target, uint64_t every_us);
bool watch_turn_due(const struct watch *watch, uint64_t now_us);
void watch_turn(struct watch *watch, uint64_t now_us, const struct wan_reading *reading);
bool watch_next(struct watch *watch, uint64_t now_us, struct question *ret_question);
void watch_heard(struct watch *watch, const struct question *question, const struct answer *answer);
void watch_event(struct watch *watch, uint64_t now_us, enum event_kind kind, int64_t value);
/* Whether the carrier or the rounds turned since this was asked last: a round that was lost is
 * known when it is over, one that was answered at once. */
bool watch_turned(struct watch *watch);
/* The slot that collects, as it would be if it were stopped now (a second long at least); rounds
 * that are still open are left out of it. false: there is none. */
bool watch_sketch(const struct watch *watch, uint64_t now_us, const struct wan_reading *reading,
	struct slot *ret_slot);
/* The clock was set by this much: an event, and the slot is cut in two. */
void watch_step(
	struct watch *watch, uint64_t now_us, int64_t step_us, const struct wan_reading *reading);
/* Ends in order: the slot is cut here, rounds that are still open are given up. watch_take then
 * gives what is left. */
void watch_stop(struct watch *watch, uint64_t now_us, const struct wan_reading *reading);

/* When something is due next: SCHED_NEVER after watch_stop. Outcomes may finish a slot earlier. */
uint64_t watch_due(const struct watch *watch);
bool watch_take(struct watch *watch, struct slot *ret_slot);

#endif
