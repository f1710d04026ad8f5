/* SPDX-License-Identifier: Apache-2.0 */
/* A month's list as the web gives it: what was asked, which rows of it, and as JSON or CSV. */
#ifndef PANTAU_WEB_LISTING_H
#define PANTAU_WEB_LISTING_H

#include <stdbool.h>

#include "collector/closing/rows.h"
#include "collector/report/table.h"
#include "collector/store/sla.h"
#include "web/params.h"

enum listing_format { LISTING_JSON, LISTING_CSV };

struct listing {
	struct sla_query query; /* borrows the request's texts */
	struct page page;
	enum listing_format format;
	bool live; /* counted now, although the month is closed */
	int64_t revision; /* of a closed month; CLOSED_LATEST */
	size_t total; /* rows of the whole list */
	struct table *table; /* the rows of the page */
};

struct listing_kind {
	const char *what; /* for the log */
	const char *const *known; /* parameters of month, by, as_of, live, revision, format, ... */
	struct table *(*new_table)(const struct sla_query *query); /* NULL: no memory */
	/* Adds to listing->table each row that listing_wants(). Negative errno with words. */
	int (*fill)(const struct sla_source *source, struct listing *listing, struct err *err);
};

/* Reads the request and answers it with the rows of the page. */
void listing_answer(const char *state, const struct listing_kind *kind,
	const struct request *request, struct response *ret);
/* Counts a row. True when it lies on the page. */
bool listing_wants(struct listing *listing);

#endif
