/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One link's case: all that its months are computed from.
 */
#ifndef PANTAU_STORE_SLA_LINK_H
#define PANTAU_STORE_SLA_LINK_H

#include "collector/store/sla.h"
#include "collector/store/sla_book.h"

struct sla_case {
	struct registry_link link;
	const struct registry_contract *contracts; /* by beginning; the case's own */
	size_t contract_count;
	const struct exclusion *exclusions; /* those that reach the link; the case's own */
	size_t exclusion_count;
	struct ledger_db *ledger; /* borrowed; NULL: nothing was ever heard */
	struct month_period period;
	int64_t first_s; /* the link's first slot, once something was computed; SPAN_FOREVER */
};

/* Contracts and exclusions out of the book. -EINVAL: no such month. */
int sla_case_open(struct sla_case *ret_case, const struct sla_book *book,
	const struct registry_link *link, const struct sla_query *query, struct err *err);
/* The same, out of the registry. */
int sla_case_load(struct sla_case *ret_case, const struct sla_source *source,
	const struct registry_link *link, const struct sla_query *query, struct err *err);
void sla_case_done(struct sla_case *sla_case);

/* States and row of a contract of the case: the states are those of the month, and the whole of
 * each outage in it. -ENODATA: it has no second in the month. */
int sla_case_compute(struct sla_case *sla_case, const struct registry_contract *contract,
	struct states *ret_states, struct month_row *ret_row, struct err *err);

/* The links of a query, by id. Caller frees. */
int sla_links(struct registry *registry, const struct registry_filter *filter,
	struct registry_link **ret_links, size_t *ret_count, struct err *err);

#endif
