/* SPDX-License-Identifier: Apache-2.0 */
/* The filters that every list shares, and the databases that lists are read from. */
#ifndef PANTAU_WEB_FILTER_H
#define PANTAU_WEB_FILTER_H

#include <stdbool.h>

#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"
#include "web/http.h"

/* kabupaten, kecamatan, desa, provider, link. Borrows the request's texts. False: 400 was said. */
bool filter_read(
	const struct request *request, struct registry_filter *ret_filter, struct response *ret);

struct books { /* what people decided and what was measured */
	struct registry *registry;
	struct ledger_db *ledger; /* NULL when nothing was ever heard */
};

/* Opens both for reading. -ENOENT: there is no registry yet. */
int books_try(const char *state, struct books *ret_books, struct err *err);
/* The same. False: the response says why, in words without paths. */
bool books_open(const char *state, struct books *ret_books, struct response *ret);
void books_close(struct books *books);
/* Logs the words of the error, which may name paths, and says 500 without them. */
void books_failed(const char *what, const struct err *err, struct response *ret);

#endif
