/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's records on their way: numbered, kept in a log of segments, handed to the sender in
 * order. Acknowledged records stay until their space is needed; then whole segments go, the oldest
 * first, and what was not acknowledged in them is counted in a Dropped record.
 *
 *   record  | 'R' run sequence | encoded Record |
 *   state   | 'S' runs, what is acknowledged of them, gaps |   in every segment, and at each drop
 *
 * So every segment tells what came before it, and a restart needs no other file.
 */
#ifndef PANTAU_AGENT_SPOOL_H
#define PANTAU_AGENT_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/sender.h"

#define SPOOL_BYTES_MIN \
	(512 * 1024) /* segments of 32 KiB: the state of the most runs takes half of one */

struct spool_settings { /* borrowed during spool_open only */
	const char *folder;
	size_t limit_bytes; /* on disk, at least SPOOL_BYTES_MIN */
};

struct spool_figures {
	uint64_t waiting; /* records not acknowledged */
	uint64_t lost; /* records dropped unacknowledged since spool_open */
	uint64_t damaged; /* stretches of the log that could not be read at spool_open */
	uint64_t bytes; /* on disk */
};

struct spool;

/* Opens what an earlier run left. -EBUSY when another process holds it. */
int spool_open(const struct spool_settings *settings, struct spool **ret_spool, struct err *err);
/* The highest run found, 0 if none. */
uint32_t spool_last_run(const struct spool *spool);
/* Begins a run, above all that are held; what is added from now on is numbered from 1. */
int spool_begin(struct spool *spool, uint32_t run, uint64_t nonce, const uint8_t boot[BOOT_BYTES]);
/* Copies. Takes a number even when the record cannot be kept (a negative errno): it is then
 * counted as lost, in a gap. */
int spool_add(struct spool *spool, const struct record *record);
/* Writes down what is acknowledged, so that a restart knows it. */
int spool_save(struct spool *spool);
/* Makes everything durable: blocks for as long as the disk needs. */
int spool_sync(struct spool *spool);
/* What the sender reads from: borrows the spool. */
struct sender_source spool_source(struct spool *spool);
struct spool_figures spool_figures(const struct spool *spool);
void spool_close(struct spool *spool);

#endif
