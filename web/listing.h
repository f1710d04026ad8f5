/* SPDX-License-Identifier: Apache-2.0 */
/* A month's list as the web gives it: what was asked, which rows of it, and as JSON or CSV. */
#ifndef PANTAU_WEB_LISTING_H
#define PANTAU_WEB_LISTING_H

#include <stdbool.h>

#include "collector/report/table.h"
#include "collector/store/sla.h"
#include "web/params.h"

enum listing_format { LISTING_JSON, LISTING_CSV };

struct listing {
	struct sla_query query; /* borrows the request's texts */
	struct page page;
	enum listing_format format;
	size_t total; /* rows of the whole list */
	struct table *table; /* the rows of the page */
};

/* month, by, as_of, format, filters, paging. `known`: the parameters of this list. False: 400. */
bool listing_read(const struct request *request, const char *const *known,
	struct listing *ret_listing, struct response *ret);
/* Counts a row. True when it lies on the page. */
bool listing_wants(struct listing *listing);
void listing_write(const struct listing *listing, struct response *ret);
void listing_done(struct listing *listing);

#endif
