/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was there at one moment, held by open files, so that it can be copied at leisure while
 * everybody writes on. The order makes it one:
 *
 *	ingest.marks, ledger.cursor	older than the ledger: they claim nothing that it lacks
 *	ledger.db			a snapshot
 *	the journal			open: reaches at least as far as the ledger has read, and
 *					holds whatever was acknowledged before. Trimming cannot
 *					take from an open file
 *	registry.db			a snapshot: knows every agent that the journal names
 *	everything else
 *
 * Left out: what another file makes anew (roster.json), sockets, locks, unfinished files, and what
 * was set aside as damaged or older.
 */
#ifndef PANTAU_BACKUP_CUT_H
#define PANTAU_BACKUP_CUT_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "collector/store/db_snapshot.h"
#include "common/err.h"

#define CUT_CONFIGURATION "configuration" /* below the state folder of what is restored */

struct cut_item {
	char *name; /* within the tar: "state/..." */
	struct stat like;
	int fd; /* -1: a folder */
	uint64_t bytes;
};

struct cut {
	struct cut_item *items;
	size_t count, room;
	int64_t made_s;
	struct db_snapshot *ledger, *registry; /* ledger NULL: there is none yet */
	char ledger_path[PATH_MAX], registry_path[PATH_MAX];
};

/* `files` are others to be taken along, by absolute paths, NULL-terminated: the configuration and
 * what it names. -EACCES with words: something may not be read by this account. */
int cut_take(const char *state, const char *const *files, struct cut *ret_cut, struct err *err);
/* The snapshot as a file in `folder` that is already unlinked, as an item like the original; then
 * the snapshot ends. */
int cut_add_snapshot(struct cut *cut, struct db_snapshot **snapshot, const char *temp,
	const struct db_pace *pace, struct err *err);
void cut_done(struct cut *cut);

#endif
