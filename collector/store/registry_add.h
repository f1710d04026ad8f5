/* SPDX-License-Identifier: Apache-2.0 */
/* How a row that somebody entered comes into a table: checked under the lock, inserted, logged. */
#ifndef PANTAU_STORE_REGISTRY_ADD_H
#define PANTAU_STORE_REGISTRY_ADD_H

#include "collector/store/registry_private.h"

/* What a table knows of its rows; `row` is the struct of its own header. */
struct row_kind {
	enum change_table table;
	const char *what; /* for words about one of many: "contract 3 of 7" */
	size_t bytes; /* of the struct */
	int (*check)(const struct change *change, const void *row, struct err *err);
	int (*insert)(struct change *change, const void *row, struct err *err);
};

/* One row is one change. ret_id stays untouched on failure. */
int add_row(struct registry *registry, const struct row_kind *kind, const void *row,
	int64_t *ret_id, struct err *err);
/* All of the array or none, in one change; the words name the one that was refused. */
int add_rows(struct registry *registry, const struct row_kind *kind, const void *rows, size_t count,
	struct err *err);

#endif
