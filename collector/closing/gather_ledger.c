/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured: outages, and how much the figures stand on. */
#include <errno.h>

#include "collector/closing/gather_private.h"
#include "collector/report/outage_report.h"

struct listing {
	struct scope *scope;
	struct table *table;
};

static int add_outage(void *arg, const struct sla_outage *outage)
{
	const struct listing *listing = arg;

	outage_report_add(listing->table, outage);
	return 0;
}

static int gather_outages(struct scope *scope)
{
	const struct gather *gather = scope->gather;
	const struct sla_query query = {.month = gather->month, .as_of_s = gather->span.to};
	struct listing listing = {scope, outage_report_new()};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = sla_outages(gather->source, &query, add_outage, &listing, scope->err);
	return scope_put(scope, TABLE_OUTAGES, listing.table, r);
}

/* ---- evidence */

static const struct table_column evidence_columns[] = {
	{"link"},
	{"slots"},
	{NULL},
};

int gather_ledger(struct scope *scope)
{
	int r = gather_outages(scope);

	return r == 0 ? scope_put(scope, TABLE_EVIDENCE, table_new(evidence_columns), 0) : r;
}
