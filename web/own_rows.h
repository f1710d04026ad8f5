/* SPDX-License-Identifier: Apache-2.0 */
/* A list of what people entered: its parameters, whose rows they are, a page of them, as JSON. */
#ifndef PANTAU_WEB_OWN_ROWS_H
#define PANTAU_WEB_OWN_ROWS_H

#include "web/account/own.h"
#include "web/params.h"
#include "web/site.h"

struct own_rows {
	struct json *json; /* in the array of the rows */
	const struct own *own; /* of who asks */
	struct page page;
	size_t total; /* of theirs, so far */
};

/* Counts a row that is theirs. True: it lies on the page, and is to be written. */
bool own_rows_wants(struct own_rows *rows);

struct own_rows_kind {
	const char *what; /* for the log */
	/* All rows of a link (0: of all), each asked of own_rows_wants() if it is theirs. */
	int (*fill)(
		struct registry *registry, int64_t link, struct own_rows *rows, struct err *err);
};

/* Reads the filters that every list shares, `limit` and `offset`, and answers. */
void own_rows_answer(struct site *site, const struct own_rows_kind *kind,
	const struct request *request, struct response *ret);

#endif
