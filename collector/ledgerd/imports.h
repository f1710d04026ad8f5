/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imported evidence as the follower reads it: one item after the other, file by file in the order
 * in which they were accepted, from where the ledger stands in each (store/imports.h).
 */
#ifndef PANTAU_LEDGERD_IMPORTS_H
#define PANTAU_LEDGERD_IMPORTS_H

#include "collector/archive/items.h"
#include "collector/store/imports.h"

struct imports;

/* Opens the registry for its own reading. Copies the path. */
int imports_new(const char *state, struct imports **ret_imports, struct err *err);
void imports_free(struct imports *imports);

/* Files that were accepted since the last look. Now and then: deletes those that are in the ledger,
 * or that no import ever named, two days after they were written; until then a ledger restored from
 * a backup reads them again. */
int imports_follow(struct imports *imports, struct ledger_db *db, struct err *err);
/* Whether a batch would have something to take or to write. */
bool imports_wait(const struct imports *imports);
/* 1: an item, the same one until imports_next(); 0: there is none for now. */
int imports_peek(struct imports *imports, struct item *ret_item, struct err *err);
void imports_next(struct imports *imports);
/* Inside a batch, at its end: how far it came. */
int imports_put(struct imports *imports, struct ledger_writer *writer, struct err *err);
/* Everything up to here is in the ledger, for good; or: never happened, and is read again. */
void imports_commit(struct imports *imports);
void imports_back(struct imports *imports);

#endif
