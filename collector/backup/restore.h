/* SPDX-License-Identifier: Apache-2.0 */
/* An instance made anew from a backup. */
#ifndef PANTAU_BACKUP_RESTORE_H
#define PANTAU_BACKUP_RESTORE_H

#include "collector/backup/sealed.h"
#include "collector/backup/unpack.h"

struct restore_order { /* all borrowed */
	const char *file;
	const struct sealed_lock *lock;
	const char *state; /* a folder that is empty, or not there yet */
	const char *who; /* for the registry's log */
};

struct restored {
	struct sealed_about about;
	struct unpacked content;
};

/* The head alone, which needs no secret: when, by which program, and what opens it. */
int restore_look(const char *file, struct sealed_about *ret_about, struct err *err);
/* Reads all of it and writes nothing. */
int restore_check(
	const struct restore_order *order, struct restored *ret_restored, struct err *err);
/* Made beside the folder, checked, synced, and moved to its name. -ENOTEMPTY. */
int restore_run(const struct restore_order *order, struct restored *ret_restored, struct err *err);

#endif
