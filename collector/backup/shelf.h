/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where backups lie. One is written as NAME.part, under a lock, and gets its name when it is whole;
 * what a process that was killed left goes when the next one is made.
 *
 *	pantau-20260131T160000Z.backup
 */
#ifndef PANTAU_BACKUP_SHELF_H
#define PANTAU_BACKUP_SHELF_H

#include <limits.h>
#include <stdbool.h>

#include "common/err.h"

struct shelf {
	char folder[PATH_MAX], path[PATH_MAX];
	char part[PATH_MAX + 8];
	bool named; /* by us: the target is a folder */
	bool kept;
	int fd, lock_fd;
};

/* `target` is a file that is not there yet, or a folder; not within the state folder, or the next
 * backup would hold this one. -EEXIST, -EBUSY, -EINVAL with words. */
int shelf_open(const char *state, const char *target, struct shelf *ret_shelf, struct err *err);
/* It gets its name. */
int shelf_keep(struct shelf *shelf, struct err *err);
/* Deletes all but the newest `keep` of those we named; how many. */
unsigned shelf_prune(const struct shelf *shelf, unsigned keep);
/* Deletes what was not kept. */
void shelf_close(struct shelf *shelf);

#endif
