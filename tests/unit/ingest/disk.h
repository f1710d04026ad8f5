/* SPDX-License-Identifier: Apache-2.0 */
/* A state folder for a test, and batches to put into its journal. Fails the test when it cannot. */
#ifndef PANTAU_TESTS_UNIT_INGEST_DISK_H
#define PANTAU_TESTS_UNIT_INGEST_DISK_H

#include "collector/ingest/batch.h"
#include "common/seglog.h"

#define DISK_PATH 256

struct disk {
	char state[DISK_PATH], journal[DISK_PATH];
};

void disk_init(struct disk *disk);
void disk_done(struct disk *disk); /* removes everything */

/* Adds record `sequence` of run 1 (nonce 5) of the agent, with some bytes. */
void disk_fill(struct batch *batch, uint32_t agent, uint32_t sequence, int64_t received_us);
void disk_set_cursor(const struct disk *disk, struct seglog_pos cursor);
void disk_write(const struct disk *disk, const char *name, const void *bytes, size_t length);
/* Flips a byte in the middle of the file. */
void disk_damage(const struct disk *disk, const char *name);

#endif
