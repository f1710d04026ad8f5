/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes down what happens: the run's Start and Stop, its slots, and anchors where the time is
 * worth one. Everything goes to the spool.
 */
#ifndef PANTAU_AGENT_RECORDER_H
#define PANTAU_AGENT_RECORDER_H

#include "agent/settings/settings.h"
#include "agent/spool/spool.h"
#include "proto/codec.h"

struct recorder;

struct recorder_start { /* borrowed during recorder_open only */
	const char *software;
	enum reset reset; /* how the machine came to start */
};

/* Opens the spool, raises the counter of starts, records Start. Copies what it needs. */
int recorder_open(const struct settings *settings, const struct recorder_start *start,
	struct recorder **ret_recorder, struct err *err);
void recorder_slot(struct recorder *recorder, const struct slot *slot);
/* What is known of a slot that is not finished, in which something turned. */
void recorder_sketch(struct recorder *recorder, const struct slot *slot);
/* A record of another kind, complete. */
void recorder_add(struct recorder *recorder, const struct record *record);
/* Four timestamps with the collector; `first`: of a new session. */
void recorder_time(
	struct recorder *recorder, const struct time_answer *answer, uint64_t now_us, bool first);
/* Looks at the machine's own clock. Whether NTP has said that it is right. */
bool recorder_look_at_clock(struct recorder *recorder);
/* The same when it was set, or may have been: what NTP said before counts no more. */
void recorder_doubt_clock(struct recorder *recorder);
/* Writes to flash what is due. Returns in how many milliseconds to look again (each record looks
 * too); UINT64_MAX: not while nothing is recorded. */
uint64_t recorder_turn(struct recorder *recorder);
/* Records Stop and makes all durable. */
void recorder_stop(struct recorder *recorder);

uint32_t recorder_run(const struct recorder *recorder);
const uint8_t *recorder_boot(const struct recorder *recorder); /* borrowed: BOOT_BYTES */
struct spool *recorder_spool(const struct recorder *recorder); /* borrowed */
void recorder_close(struct recorder *recorder);

#endif
