/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/outages: the rows of `pantau outages`, as JSON or CSV. */
#include <errno.h>

#include "collector/report/outage_report.h"
#include "web/filter.h"
#include "web/listing.h"
#include "web/site.h"

static int add_row(void *arg, const struct sla_outage *outage)
{
	struct listing *listing = arg;

	if (listing_wants(listing))
		outage_report_add(listing->table, outage);
	return 0;
}

static void answer(const struct books *books, struct listing *listing, struct response *ret)
{
	struct err err = {0};
	int r;

	listing->table = outage_report_new();
	if (!listing->table) {
		response_error(ret, 503, "no memory for the list");
		return;
	}
	r = sla_outages(&(struct sla_source){books->registry, books->ledger}, &listing->query,
		add_row, listing, &err);
	if (r < 0)
		books_failed("outages", &err, ret);
	else
		listing_write(listing, ret);
}

void api_outages(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "as_of", "format", "kabupaten", "kecamatan",
		"desa", "provider", "link", "limit", "offset", NULL};
	struct listing listing;
	struct books books;

	if (!listing_read(request, known, &listing, ret) || !books_open(site->state, &books, ret))
		return;
	answer(&books, &listing, ret);
	listing_done(&listing);
	books_close(&books);
}
