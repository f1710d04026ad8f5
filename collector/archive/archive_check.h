/* SPDX-License-Identifier: Apache-2.0 */
/* A file of evidence read from end to end: whether it is whole and sound, and what it holds. */
#ifndef PANTAU_ARCHIVE_CHECK_H
#define PANTAU_ARCHIVE_CHECK_H

#include "collector/store/registry_tables.h"

struct archive_summary {
	char digest[REGISTRY_HEX_BYTES]; /* names the file: of all its parts */
	char month[8], made[24], program[40]; /* as it says itself */
	uint32_t parts;
	int64_t rows, records;
	uint64_t bytes;
};

/* Each row of the registry is handed on if `each` is not NULL: a return other than 0 stops and is
 * returned. -EBADMSG with the place: damaged, cut, or not what it says of itself. */
int archive_check(const char *path,
	int (*each)(void *arg, const struct table_row *row, struct err *err), void *arg,
	struct archive_summary *ret_summary, struct err *err);

#endif
