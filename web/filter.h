/* SPDX-License-Identifier: Apache-2.0 */
/* The filters that every list shares, and the databases that lists are read from. */
#ifndef PANTAU_WEB_FILTER_H
#define PANTAU_WEB_FILTER_H

#include <stdbool.h>

#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"
#include "web/http.h"

/* kabupaten, kecamatan, desa, provider, link, narrowed to what is theirs who ask. Borrows the
 * request's texts. False: 400 or 403 was said. */
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
/* The same for a question about a link (0: about several): 403 when it is another's. */
bool books_open_for(const char *state, const struct request *request, int64_t link,
	struct books *ret_books, struct response *ret);
/* 404 when there is no such link, 403 when it is another's. */
bool books_link(const struct books *books, const struct request *request, int64_t id,
	struct registry_link *ret_link, struct response *ret);
void books_close(struct books *books);
/* Logs the words of the error, which may name paths, and says 500 without them. */
void books_failed(const char *what, const struct err *err, struct response *ret);

#endif
