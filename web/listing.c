/* SPDX-License-Identifier: Apache-2.0 */
#include "web/listing.h"

#include <errno.h>
#include <stdint.h>

#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"

static bool read_query(const struct request *request, struct sla_query *query, struct response *ret)
{
	static const char *const groups[] = {
		"link", "desa", "kecamatan", "kabupaten", "provider", NULL};
	int by = 0;

	query->as_of_s = clock_utc_us() / 1000000;
	if (!param_month(request, &query->month, ret) ||
		!param_choice(request, "by", groups, &by, ret) ||
		!param_time(request, "as_of", &query->as_of_s, ret) ||
		!filter_read(request, &query->filter, ret))
		return false;
	query->by = (enum sla_by)sla_by_parse(groups[by]);
	return true;
}

/* Another moment is a question of its own: nothing was issued for it. */
static bool read_closed(
	const struct request *request, struct listing *listing, struct response *ret)
{
	static const char *const answers[] = {"0", "1", NULL};
	static const struct param_range revisions = {0, INT32_MAX};
	int live = 0;

	listing->revision = CLOSED_LATEST;
	if (!param_choice(request, "live", answers, &live, ret) ||
		!param_number(request, "revision", revisions, &listing->revision, ret))
		return false;
	listing->live = live || request_param(request, "as_of");
	if (!listing->live || listing->revision == CLOSED_LATEST)
		return true;
	response_error(ret, 400, "revision goes with neither live nor as_of");
	return false;
}

/* False: 400 was said. */
static bool read_listing(const struct request *request, const char *const *known,
	struct listing *ret_listing, struct response *ret)
{
	static const char *const formats[] = {"json", "csv", NULL};
	struct listing listing = {0};
	int format = LISTING_JSON;

	if (!params_known(request, known, ret) || !read_query(request, &listing.query, ret) ||
		!read_closed(request, &listing, ret) ||
		!param_choice(request, "format", formats, &format, ret) ||
		!param_page(request, &listing.page, ret))
		return false;
	listing.format = (enum listing_format)format;
	/* A table that is kept as a file says nowhere that there is more. */
	if (listing.format == LISTING_CSV && !request_param(request, "limit"))
		listing.page.limit = SIZE_MAX;
	*ret_listing = listing;
	return true;
}

bool listing_wants(struct listing *listing)
{
	size_t index = listing->total++;

	return index >= listing->page.offset && index - listing->page.offset < listing->page.limit;
}

static void write_json(const struct listing *listing, struct response *ret)
{
	char as_of[CIVIL_TIME_BYTES];
	struct json json;

	civil_format(listing->query.as_of_s, as_of);
	ret->packs = true;
	response_json(ret, &json);
	json_text(&json, "period", listing->query.month);
	json_text(&json, "as_of", as_of);
	json_number(&json, "total", (int64_t)listing->total);
	json_number(&json, "limit", (int64_t)listing->page.limit);
	json_number(&json, "offset", (int64_t)listing->page.offset);
	if (table_render_json(listing->table, &json, "rows") < 0)
		response_error(ret, 503, "the list does not fit into memory");
	else
		response_json_end(ret, &json);
}

static void write_listing(const struct listing *listing, struct response *ret)
{
	if (listing->format == LISTING_JSON) {
		write_json(listing, ret);
		return;
	}
	ret->type = "text/csv; charset=utf-8";
	if (table_render_csv(listing->table, &ret->body) < 0)
		response_error(ret, 503, "the list does not fit into memory");
}

/* A question that has no answer is no fault of the server's. */
static void refuse(const char *what, const struct err *err, struct response *ret)
{
	if (err->code == -ENOENT)
		response_error(ret, 404, err->text);
	else if (err->code == -ENOTSUP)
		response_error(ret, 400, err->text);
	else
		books_failed(what, err, ret);
}

static void answer(const struct books *books, const struct listing_kind *kind,
	struct listing *listing, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct err err = {0};

	listing->table = kind->new_table(&listing->query);
	if (!listing->table)
		response_error(ret, 503, "no memory for the list");
	else if (kind->fill(&source, listing, &err) < 0)
		refuse(kind->what, &err, ret);
	else
		write_listing(listing, ret);
	table_free(listing->table);
}

void listing_answer(const char *state, const struct listing_kind *kind,
	const struct request *request, struct response *ret)
{
	struct listing listing;
	struct books books;

	if (!read_listing(request, kind->known, &listing, ret) ||
		!books_open_for(state, request, listing.query.filter.link, &books, ret))
		return;
	answer(&books, kind, &listing, ret);
	books_close(&books);
}
