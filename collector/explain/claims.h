/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rolling list of claims: outages that a provider must be told of within so many days of their
 * end (the contract's claim_days), those told already, and those whose window has closed untold.
 * The window begins when the outage ends, as counted; while it lasts the window has not begun.
 */
#ifndef PANTAU_EXPLAIN_CLAIMS_H
#define PANTAU_EXPLAIN_CLAIMS_H

#include "collector/report/table.h"
#include "collector/store/registry_ticket.h"
#include "collector/store/sla.h"

enum claim_state {
	CLAIM_OVERDUE, /* the window has closed, and nobody was told */
	CLAIM_OPEN,
	CLAIM_RUNNING, /* the outage has not ended: so the window has not begun */
	CLAIM_TOLD,
	CLAIM_TOLD_LATE, /* after the window */
};
const char *claim_state_name(enum claim_state state); /* "overdue", "open", ... */

struct claim {
	struct sla_outage outage;
	int32_t offset_s; /* of the link's zone */
	enum claim_state state;
	uint32_t claim_days;
	int64_t window_from_s, window_to_s; /* SPAN_FOREVER while it runs */
	struct registry_told told; /* the first one in force; id 0: none */
};

struct claims {
	struct claim *items; /* untold before told, then by the window's end */
	size_t count;
};

struct claims_query {
	int64_t now_s;
	struct registry_filter filter;
	uint32_t overdue_days; /* how long a window that closed stays in the list */
};
#define CLAIMS_OVERDUE_DAYS 31 /* the default: until the next month's meeting */

int claims_gather(const struct sla_source *source, const struct claims_query *query,
	struct claims *ret_claims, struct err *err);
void claims_done(struct claims *claims);

/* Days until the window ends, rounded down; below 0 when it has closed. */
int64_t claim_days_left(const struct claim *claim, int64_t now_s);

/* Every column, for CSV and JSON. NULL when out of memory. */
struct table *claims_table_new(void);
void claims_table_add(struct table *table, const struct claim *claim, int64_t now_s);
/* For people, in Bahasa Indonesia: local time of the link, the window's end in UTC. */
struct table *claims_text_new(void);
void claims_text_add(struct table *table, const struct claim *claim, int64_t now_s);

#endif
