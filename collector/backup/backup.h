/* SPDX-License-Identifier: Apache-2.0 */
/* A backup of a whole instance, made while it runs; docs/OPERATIONS.md tells how one is used. */
#ifndef PANTAU_BACKUP_BACKUP_H
#define PANTAU_BACKUP_BACKUP_H

#include "collector/backup/sealed.h"
#include "collector/backup/unpack.h"

struct backup_order { /* all borrowed */
	const char *state;
	const char *target; /* a file that is not there yet, or a folder: then a name is made */
	const char *const *files; /* beside the state, absolute, NULL-terminated */
	const struct sealed_lock *lock;
	uint64_t bytes_per_s; /* 0: no limit */
	unsigned keep; /* of those that were made in the folder; 0: all */
};

struct backup_made {
	char path[4096];
	struct unpacked content;
	uint64_t bytes; /* of the file */
	unsigned deleted; /* older ones */
};

/* Written under another name, synced, read back and compared, then renamed: whoever finds the file
 * finds all of it. -EBUSY: another one is being made there. -EEXIST. */
int backup_make(const struct backup_order *order, struct backup_made *ret_made, struct err *err);

#endif
