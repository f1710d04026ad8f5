/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of registry.db in STATE/backup/: it is the log of all decisions, and nothing else could
 * make it again. The process `ledger` makes one after changes, at most one a minute, each checked
 * before it counts; the newest few stay, and the last one of each of the last days.
 *
 *	backup/registry-20260131T160000Z.db
 */
#ifndef PANTAU_STORE_REGISTRY_COPIES_H
#define PANTAU_STORE_REGISTRY_COPIES_H

#include "collector/store/registry.h"

#define COPIES_FOLDER "backup"
#define COPIES_NEWEST 5
#define COPIES_DAYS 14
#define COPY_NAME_BYTES 48

/* Makes one, and deletes those that need not stay. -EBADMSG: registry.db is damaged. */
int registry_copy(const char *state, int64_t now_s, struct err *err);

struct registry_copy {
	char name[COPY_NAME_BYTES];
	int64_t at_s;
	int64_t sequence; /* the last change in it */
	bool sound;
};
/* The newest first. 0 where there are none. `each` as in registry.h. */
int registry_copies(const char *state, int (*each)(void *arg, const struct registry_copy *copy),
	void *arg, struct err *err);
bool registry_has_copies(const char *state);

/*
 * Puts a copy back. What was registry.db is set aside as registry.db.damaged-STAMP, numbers go on
 * a thousand higher, so that nothing made since is mistaken for something that is made now, and the
 * log says that it was done. -EBUSY: the process ledger runs. -EBADMSG: the copy is damaged. Writes
 * roster.json.
 */
int registry_restore(
	const char *state, const char *name, const char *who, int64_t now_s, struct err *err);

#endif
