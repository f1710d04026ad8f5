/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's records on their way: numbered, kept, handed to the sender in order. Acknowledged
 * records stay until their space is needed; then the oldest go, and what was not acknowledged of
 * them is counted in a Dropped record.
 *
 *   spool_add -> near: RAM, single records  -- spool_turn, now and then -->  far: flash, in blocks
 *                          |                                                     |
 *                          +-------------> the sender reads both <---------------+
 *
 * agent/core/flush.h says when that is: a power cut takes what was near, a killed agent loses
 * nothing. Flash that is full, damaged or cannot be written stops nothing: records then wait near,
 * as many as there is room for. docs/SPOOL.md has the formats and the arithmetic.
 */
#ifndef PANTAU_AGENT_SPOOL_H
#define PANTAU_AGENT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/sender.h"

#define SPOOL_BYTES_MIN \
	(512 * 1024) /* segments of 32 KiB: the state of the most runs takes half of one */
#define SPOOL_NEAR_BYTES (256 * 1024) /* of RAM: 13 hours, should flash fail */

struct spool_settings { /* borrowed during spool_open only */
	const char *folder; /* of `far` */
	size_t limit_bytes; /* on disk, at least SPOOL_BYTES_MIN */
	const char *near_folder; /* another one: where it is not in memory it is slower, no worse */
};

struct spool_figures {
	uint64_t waiting; /* records not acknowledged */
	uint64_t lost; /* records dropped unacknowledged since spool_open */
	uint64_t damaged; /* stretches of the log that could not be read at spool_open */
	uint64_t bytes; /* on flash */
	uint64_t near_bytes; /* in RAM */
	int trouble; /* the errno with which flash refuses what is near; 0: none */
};

struct spool;

/* Whether this errno is flash in a state that no router's owner chose, and the agent goes on. */
bool spool_bears(int status);

/* Opens what an earlier run left. -EBUSY when another process holds it. Flash that cannot be
 * written is no failure but spool_figures.trouble. */
int spool_open(const struct spool_settings *settings, struct spool **ret_spool, struct err *err);
/* The highest run found, 0 if none. */
uint32_t spool_last_run(const struct spool *spool);
/* Begins a run, above all that are held; what is added from now on is numbered from 1. */
int spool_begin(struct spool *spool, uint32_t run, uint64_t nonce, const uint8_t boot[BOOT_BYTES]);
/* Copies. Takes a number even when the record cannot be kept (a negative errno): it is then
 * counted as lost, in a gap. */
int spool_add(struct spool *spool, const struct record *record);
/* What is known so far of a slot that is not finished, and is news. Copies; the newest of its WAN
 * counts, until that WAN's next slot is added. */
int spool_sketch(struct spool *spool, const struct record *slot);
/* Whether flash has sketches of the last run's slots that it did not live to add. */
bool spool_has_unfinished(const struct spool *spool);
/* Begins a run with them as its records. */
int spool_add_unfinished(struct spool *spool, uint32_t run, uint64_t nonce);
/* Writes to flash what should be there by now: after spool_add, and when spool_due() says. Blocks
 * for as long as the disk needs. */
void spool_turn(struct spool *spool, uint64_t now_us);
uint64_t spool_due(const struct spool *spool); /* FLUSH_NEVER: not while nothing is added */
/* Writes down near what is acknowledged, so that a restart knows it. */
int spool_save(struct spool *spool);
/* Makes everything durable, now. */
int spool_sync(struct spool *spool);
/* What the sender reads from: borrows the spool. */
struct sender_source spool_source(struct spool *spool);
struct spool_figures spool_figures(const struct spool *spool);
void spool_close(struct spool *spool);

#endif
