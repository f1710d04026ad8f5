/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/outages: the rows of `pantau outages`, as JSON or CSV. */
#include "collector/report/outage_report.h"
#include "web/listing.h"
#include "web/site.h"

static int add_row(void *arg, const struct sla_outage *outage)
{
	struct listing *listing = arg;

	if (listing_wants(listing))
		outage_report_add(listing->table, outage);
	return 0;
}

static struct table *new_table(const struct sla_query *query)
{
	return outage_report_new();
}

static int fill(const struct sla_source *source, struct listing *listing, struct err *err)
{
	return sla_outages(source, &listing->query, add_row, listing, err);
}

void api_outages(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "as_of", "format", "kabupaten", "kecamatan",
		"desa", "provider", "link", "limit", "offset", NULL};
	static const struct listing_kind kind = {"outages", known, new_table, fill};

	listing_answer(site->state, &kind, request, ret);
}
