/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/sla: the rows of `pantau sla`, as JSON or CSV. */
#include <errno.h>

#include "collector/report/sla_report.h"
#include "web/filter.h"
#include "web/listing.h"
#include "web/site.h"

static int add_row(void *arg, const struct sla_row *row)
{
	struct listing *listing = arg;

	if (listing_wants(listing))
		sla_report_add(listing->table, listing->query.by, row);
	return 0;
}

static void answer(const struct books *books, struct listing *listing, struct response *ret)
{
	struct err err = {0};
	int r;

	listing->table = sla_report_new(listing->query.by);
	if (!listing->table) {
		response_error(ret, 503, "no memory for the list");
		return;
	}
	r = sla_rows(&(struct sla_source){books->registry, books->ledger}, &listing->query, add_row,
		listing, &err);
	if (r < 0)
		books_failed("sla", &err, ret);
	else
		listing_write(listing, ret);
}

void api_sla(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "by", "as_of", "format", "kabupaten",
		"kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	struct listing listing;
	struct books books;

	if (!listing_read(request, known, &listing, ret) || !books_open(site->state, &books, ret))
		return;
	answer(&books, &listing, ret);
	listing_done(&listing);
	books_close(&books);
}
