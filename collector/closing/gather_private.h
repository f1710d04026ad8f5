/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the gathering share. */
#ifndef PANTAU_CLOSING_GATHER_PRIVATE_H
#define PANTAU_CLOSING_GATHER_PRIVATE_H

#include "collector/closing/gather.h"

struct scope_row {
	int64_t link, contract;
};

struct scope { /* the month as it is gathered, and the links that have a row in it */
	const struct gather *gather;
	struct buf *out;
	struct err *err;
	struct scope_row *rows; /* by link */
	size_t row_count, row_room;
};

/* The link's first row; NULL: it has none in this month. */
const struct scope_row *scope_find_link(const struct scope *scope, int64_t link);
bool scope_has_contract(const struct scope *scope, int64_t link, int64_t contract);

/* Appends the table and frees it, unless what filled it failed. */
int scope_put(struct scope *scope, const char *name, struct table *table, int failed);
int scope_no_memory(struct scope *scope);

/* The question that the rows and outages answer. */
struct sla_query scope_query(const struct scope *scope);

/* links, contracts, exclusions, decisions */
int gather_registry(struct scope *scope);
/* outages, high_loss, evidence */
int gather_ledger(struct scope *scope);
int gather_outages(struct scope *scope);
int gather_losses(struct scope *scope);

#endif
