/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of evidence taken into an instance: all of it, or nothing.
 *
 *	check the file -> copy it to STATE/import/ -> one transaction of the registry: its rows, and
 *	the line in the log of changes that makes the copy count -> the process `ledger` follows it
 *
 * Until the transaction is committed nothing has happened; afterwards all of it will, whatever
 * dies.
 */
#ifndef PANTAU_ARCHIVE_IMPORT_H
#define PANTAU_ARCHIVE_IMPORT_H

#include "collector/archive/archive_check.h"
#include "collector/store/imports.h"

struct archive_order {
	const char *state;
	struct registry *registry; /* REGISTRY_WRITE */
	const char *path;
	uint64_t reserve_bytes; /* of the disk, that must stay free */
};

struct archive_imported {
	struct archive_summary summary;
	struct merge_counts rows;
	struct import_entry entry;
};

/* -EBADMSG: the file; -EEXIST: something else is here under one of its numbers; -ENOSPC. */
int archive_import(
	const struct archive_order *order, struct archive_imported *ret_imported, struct err *err);

#endif
