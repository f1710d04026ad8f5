/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether ledger.db is still what its writer opened. SQLite trusts what it has in memory: a first
 * page that was overwritten, or a log that was deleted under it, shows only at the next start, and
 * other damage only to who reads there.
 *
 *	every GUARD_LOOK_S	the first bytes, and that file and log are the ones that were opened
 *	after a hint		all pages: a reader that found damage leaves STATE/ledger.doubt
 */
#ifndef PANTAU_STORE_LEDGER_GUARD_H
#define PANTAU_STORE_LEDGER_GUARD_H

#include "collector/store/db.h"

#define GUARD_LOOK_S 10
#define GUARD_PAGES_S 600 /* between two looks at all pages: hints may be wrong */
#define LEDGER_DOUBT "ledger.doubt"

struct ledger_guard;

/* Of a database that is open; its handle is borrowed. Copies the path. */
int ledger_guard_new(
	const char *state, struct db *db, struct ledger_guard **ret_guard, struct err *err);
/* Outside of a batch. -EBADMSG with words: it is damaged. */
int ledger_guard_look(struct ledger_guard *guard, uint64_t now_us, struct err *err);
/* After the database was closed: closing any handle of the file takes away its locks. */
void ledger_guard_free(struct ledger_guard *guard);

#endif
