/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a database holds at one moment, kept while others write on, and copied at leisure. Its log
 * (-wal) cannot shrink meanwhile: close it soon after the copy.
 */
#ifndef PANTAU_STORE_DB_SNAPSHOT_H
#define PANTAU_STORE_DB_SNAPSHOT_H

#include <stdint.h>

#include "common/err.h"

struct db_snapshot;

struct db_pace { /* called after each part of the copy, with its bytes; it may sleep */
	void (*rest)(void *arg, uint64_t bytes);
	void *arg;
};

/* The moment is that of this call. -ENOENT, -EBADMSG: it is damaged. */
int db_snapshot_open(const char *path, struct db_snapshot **ret_snapshot, struct err *err);
/* Into a new file that only its owner may read; not synced. -ENOSPC before anything is written. */
int db_snapshot_copy(
	struct db_snapshot *snapshot, const char *to, const struct db_pace *pace, struct err *err);
void db_snapshot_close(struct db_snapshot *snapshot);

#endif
