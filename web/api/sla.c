/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/sla: the rows of `pantau sla`, as JSON or CSV. */
#include "collector/closing/rows.h"
#include "collector/report/sla_report.h"
#include "web/listing.h"
#include "web/site.h"

static int add_row(void *arg, const struct sla_row *row)
{
	struct listing *listing = arg;

	if (listing_wants(listing))
		sla_report_add(listing->table, listing->query.by, row);
	return 0;
}

static struct table *new_table(const struct sla_query *query)
{
	return sla_report_new(query->by);
}

static int fill(const struct sla_source *source, struct listing *listing, struct err *err)
{
	const struct closing_question question = {listing->query, listing->live, listing->revision};

	return closing_rows(source, &question, add_row, listing, err);
}

void api_sla(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "by", "as_of", "live", "revision", "format",
		"kabupaten", "kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	static const struct listing_kind kind = {"sla", known, new_table, fill};

	listing_answer(site->state, &kind, request, ret);
}
