/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One link's case: all that its months are computed from, read as one moment. Private to
 * collector/store.
 */
#ifndef PANTAU_STORE_SLA_LINK_H
#define PANTAU_STORE_SLA_LINK_H

#include "collector/store/sla.h"

struct sla_case {
	struct registry_link link;
	struct registry_contract *contracts; /* by beginning */
	size_t contract_count;
	struct exclusion *exclusions; /* those that reach the link */
	size_t exclusion_count;
	struct line line;
	int64_t begins; /* of the timeline */
	struct month_period period;
};

/* -EINVAL: no such month. */
int sla_case_load(struct sla_case *ret_case, const struct sla_source *source,
	const struct registry_link *link, const struct sla_query *query, struct err *err);
void sla_case_done(struct sla_case *sla_case);

/* States and row of a contract of the case. -ENODATA: it has no second in the month. */
int sla_case_compute(const struct sla_case *sla_case, const struct registry_contract *contract,
	struct states *ret_states, struct month_row *ret_row, struct err *err);

/* The links of a query, by id. Caller frees. */
int sla_links(struct registry *registry, const struct registry_filter *filter,
	struct registry_link **ret_links, size_t *ret_count, struct err *err);

#endif
