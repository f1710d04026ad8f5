/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The evidence of a set of links as a stream: rows of the registry, then what the agents sent. The
 * whole history of these links goes along, whatever the month: a second's state hangs on all that
 * came before it and on what follows. docs/EVIDENCE.md has the format.
 */
#ifndef PANTAU_ARCHIVE_EXPORT_H
#define PANTAU_ARCHIVE_EXPORT_H

#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"

struct archive_wish {
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: nothing was ever heard */
	const char *month; /* that the file is made for */
	struct registry_filter filter;
	int64_t now_s;
};

struct archive_written {
	size_t links, agents;
	int64_t rows, records;
	uint32_t parts;
	uint64_t bytes;
};

/* Writes to fd; `name` is for words. -ENOENT: no link is meant, and nothing was written. */
int archive_export(const struct archive_wish *wish, int fd, const char *name,
	struct archive_written *ret_written, struct err *err);

#endif
