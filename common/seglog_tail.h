/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to seglog: the one segment file that grows.
 *
 *   | record | record | record |  record | record |
 *   0                 ^ synced            ^ bytes    ^ + pending, still in memory
 */
#ifndef PANTAU_COMMON_SEGLOG_TAIL_H
#define PANTAU_COMMON_SEGLOG_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct seglog_tail {
	int fd; /* -1: no segment is being written */
	uint64_t id;
	uint64_t bytes, records; /* whole records in the file */
	uint64_t synced_bytes, synced_records;
	struct buf pending;
	uint64_t pending_records;
	bool in_memory; /* set by the owner: nothing is synced */
	bool uncut; /* half a record is at the end and could not be cut: append no more */
};

void seglog_tail_init(struct seglog_tail *tail, size_t buffer_bytes);
void seglog_tail_done(struct seglog_tail *tail);

/* Creates the file of segment `id`. 0 or the errno; then nothing is left in the folder. */
int seglog_tail_begin(struct seglog_tail *tail, int folder_fd, uint64_t id);
/* Copies one record behind the pending ones. -ENOMEM. */
int seglog_tail_add(struct seglog_tail *tail, const void *bytes, size_t length);
/* Pending records into the file. On failure those that did not fit are forgotten and the file ends
 * with a whole record again (or `uncut` is set). */
int seglog_tail_flush(struct seglog_tail *tail);
/* What is in the file onto the disk. On failure the file is cut back to the last good sync. */
int seglog_tail_sync(struct seglog_tail *tail);
/* Closes the file; pending records are forgotten. */
void seglog_tail_close(struct seglog_tail *tail);

#endif
