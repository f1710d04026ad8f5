/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector's side of the simulation: one session on the real receiver, the real marks, and a
 * journal in memory that is durable some time after it was written, as a disk is. It crashes, loses
 * what was not durable, runs out of room, and comes back.
 *
 *   journal  | durable                  | being synced | written since |
 *                                        ^ durable      ^ syncing       ^ count
 */
#ifndef PANTAU_TESTS_SIM_STATION_H
#define PANTAU_TESTS_SIM_STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "tests/sim/draw.h"
#include "tests/sim/wire.h"

#define STATION_NEVER UINT64_MAX
#define STATION_AGENT 7

struct station_settings {
	int64_t utc_at_zero_us;
	uint64_t trusted_from_us; /* before it the collector does not trust its own clock */
	uint64_t sync_us; /* how long a sync takes, at most */
};

struct station_record {
	uint8_t *bytes; /* a journal record */
	size_t length;
};

struct station_journal { /* borrowed from the station */
	const struct station_record *records;
	size_t count;
};

struct station;

/* Copies the settings, borrows the rest. It is up. */
struct station *station_new(
	const struct station_settings *settings, struct wire *wire, struct draw *draw);
void station_free(struct station *station);

/* A connection: a session that was there is replaced. False: nobody listens. */
bool station_accept(struct station *station);
/* The process ends at once: what was not durable is lost, or part of it. */
void station_crash(struct station *station);
void station_start(struct station *station);
/* A full disk: records are refused. */
void station_set_full(struct station *station, bool full);
/* The machine is set up again from a copy of the journal as it was when it held so many records. */
void station_restore(struct station *station, size_t count);

uint64_t station_due(const struct station *station);
void station_step(struct station *station, uint64_t now_us);
/* What is durable. */
struct station_journal station_journal(const struct station *station);

#endif
