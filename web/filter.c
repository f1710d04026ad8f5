/* SPDX-License-Identifier: Apache-2.0 */
#include "web/filter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "common/log.h"
#include "web/account/scope.h"
#include "web/params.h"

/* The ledger looks within ten seconds of a reader's hint (store/ledger_guard.h), and its next start
 * begins a new file at once. */
#define DAMAGE_RETRY_S 30

bool filter_read(
	const struct request *request, struct registry_filter *ret_filter, struct response *ret)
{
	const struct param_range links = {1, INT64_MAX};
	struct registry_filter filter = {0};

	if (!param_code(request, "kabupaten", 2, &filter.kabupaten, ret) ||
		!param_code(request, "kecamatan", 3, &filter.kecamatan, ret) ||
		!param_code(request, "desa", 4, &filter.desa, ret) ||
		!param_text(request, "provider", &filter.provider, ret) ||
		!param_number(request, "link", links, &filter.link, ret) ||
		!scope_narrow(request->who, &filter, ret))
		return false;
	*ret_filter = filter;
	return true;
}

int books_try(const char *state, struct books *ret_books, struct err *err)
{
	struct books books = {0};
	int r = registry_open(state, REGISTRY_READ, NULL, &books.registry, err);

	if (r < 0)
		return r;
	r = ledger_db_open(state, &books.ledger, err);
	if (r < 0 && r != -ENOENT) {
		registry_close(books.registry);
		return r;
	}
	*ret_books = books;
	return 0;
}

bool books_open(const char *state, struct books *ret_books, struct response *ret)
{
	struct err err = {0};
	int r = books_try(state, ret_books, &err);

	if (r == -ENOENT)
		response_error(ret, 503, "there is no registry yet: run pantau init");
	else if (r < 0)
		books_failed("databases", &err, ret);
	return r == 0;
}

bool books_link(const struct books *books, const struct request *request, int64_t id,
	struct registry_link *ret_link, struct response *ret)
{
	struct err err = {0};
	int r = registry_link_get(books->registry, id, ret_link, &err);
	char words[32];

	if (r == -ENOENT) {
		response_error(ret, 404, err.text);
		return false;
	}
	if (r < 0) {
		books_failed("link", &err, ret);
		return false;
	}
	if (scope_has_link(request->who, ret_link))
		return true;
	snprintf(words, sizeof(words), "link %" PRId64, id);
	scope_refuse(request->who, words, ret);
	return false;
}

bool books_open_for(const char *state, const struct request *request, int64_t link,
	struct books *ret_books, struct response *ret)
{
	struct registry_link found;

	if (!books_open(state, ret_books, ret))
		return false;
	if (!link || scope_is_all(request->who) ||
		books_link(ret_books, request, link, &found, ret))
		return true;
	books_close(ret_books);
	return false;
}

void books_close(struct books *books)
{
	ledger_db_close(books->ledger);
	registry_close(books->registry);
}

void books_failed(const char *what, const struct err *err, struct response *ret)
{
	log_error("%s: %s", what, err->text);
	if (err->code == -EBADMSG) {
		response_refuse(ret, 503, "fault",
			"a database of this server is damaged; the ledger's own is made anew by"
			" itself, of the registry's pantau status says more");
		response_header(ret, "Retry-After", "%d", DAMAGE_RETRY_S);
		return;
	}
	response_error(ret, 500, "the server could not read its own books; its log says why");
}
