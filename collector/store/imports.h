/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imports: files of evidence in STATE/import/ that are journals of their own. A row of the
 * registry's log of changes, written in one transaction with the registry's rows, makes a file
 * count; the process `ledger` follows it, and its place in it moves in the same transaction as the
 * facts. A file that no row names was never imported.
 */
#ifndef PANTAU_STORE_IMPORTS_H
#define PANTAU_STORE_IMPORTS_H

#include "collector/store/ledger_writer.h"

#define IMPORT_FOLDER "import"
#define IMPORT_TABLE "import" /* in the log of changes */
#define IMPORT_FILE_BYTES 64

struct import_entry {
	int64_t sequence, at_s; /* of the log of changes */
	char file[IMPORT_FILE_BYTES]; /* in IMPORT_FOLDER; "" there was nothing but rows */
	char digest[REGISTRY_HEX_BYTES]; /* of the file of evidence */
	int64_t records;
};

/* After this place of the log, in its order. `each` as in registry.h. */
int registry_imports(struct registry *registry, int64_t after_sequence,
	int (*each)(void *arg, const struct import_entry *entry), void *arg, struct err *err);

struct import_place { /* before this item of this part */
	int64_t part, item;
};
#define IMPORT_DONE INT64_MAX /* as the part: all of it is in the ledger */

/* {0, 0}: nothing yet. */
int ledger_import_place(struct ledger_db *db, const struct import_entry *entry,
	struct import_place *ret_place, struct err *err);
/* Inside a batch. */
int ledger_put_import(struct ledger_writer *writer, const struct import_entry *entry,
	struct import_place place, struct err *err);

#endif
