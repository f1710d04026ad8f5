/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of all sessions that will be made durable with one fdatasync, encoded for the journal
 * in one allocation that is used again and again.
 *
 *   bytes    | record | record | record | ...
 *   entries    [0]      [1]      [2]          who is to hear of it
 */
#ifndef PANTAU_COLLECTOR_INGEST_BATCH_H
#define PANTAU_COLLECTOR_INGEST_BATCH_H

#include "common/buf.h"
#include "proto/journal_record.h"

#define BATCH_BYTES_EAGER (256U << 10) /* enough to be worth a sync of its own */
/* Sessions are read no more beyond this; above it only what their open reads had brought. */
#define BATCH_BYTES_FULL (4U << 20)

struct batch_entry {
	uint64_t session; /* serial number: the session may be gone when the batch is safe */
	uint64_t nonce;
	uint64_t arrived_us;
	uint32_t agent;
	struct record_key key;
	uint32_t last; /* sequence: a gap record stands for all up to it */
	uint32_t first; /* lowest sequence of the run that the session holds */
	uint32_t length; /* in `bytes` */
	uint8_t reject_code;
	bool sighted; /* nobody waits for it, and it marks nothing */
	char *why; /* of a rejection: words for the agent's log; owned by the batch */
};

struct batch {
	struct buf bytes;
	struct batch_entry *entries;
	size_t count, room;
};

void batch_init(struct batch *batch);
void batch_done(struct batch *batch);
/* Encodes the record behind the others and fills in entry->length. Copies, entry->why included.
 * -ENOMEM, -ENOBUFS: nothing was added. */
int batch_add(struct batch *batch, struct batch_entry *entry, const struct journal_record *record);
/* What it holds in memory, the entries included. */
size_t batch_size(const struct batch *batch);
/* Keeps the allocations, unless a burst made them large. */
void batch_clear(struct batch *batch);

#endif
