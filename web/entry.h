/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every change by the API begins and ends with: the books open for writing, signed by who is
 * logged in; numbers out of the path; the second of a link that is meant; and what the registry
 * says against it, as an answer. The checks themselves are the registry's and collector/desk's, the
 * same as the command line's.
 */
#ifndef PANTAU_WEB_ENTRY_H
#define PANTAU_WEB_ENTRY_H

#include "web/body.h"
#include "web/filter.h"
#include "web/site.h"

typedef void entry_run_fn(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret);
/* The whole of a change: reads the body, opens the books, runs it, and closes. `known`: members. */
void entry_change(struct site *site, const struct request *request, const char *const *known,
	entry_run_fn *run, struct response *ret);

/* What a change came to: 404, 409, 400, or 500 and a word in the log. */
void entry_failed(const char *what, const struct err *err, struct response *ret);
/* {"KEY": ID}, 201. */
void entry_made(struct response *ret, const char *key, int64_t id);
/* 204, or entry_failed(). */
void entry_ended(const char *what, int r, const struct err *err, struct response *ret);

/* The number that stands for the first {} of the path. False: 404 was said. */
bool entry_id(const struct request *request, int64_t *ret_id, struct response *ret);

struct entry_second {
	struct registry_link link;
	int64_t at_s;
};
/* Members `link` and one of `at` (a second) and `outage` (the beginning of one), of a link of
 * theirs. Times without a zone are in the link's. */
bool entry_second(const struct books *books, const struct request *request, const struct body *body,
	struct entry_second *ret_second, struct response *ret);
/* A time in a zone; stays as it is when absent. */
bool entry_time(const struct body *body, const char *name, int32_t offset_s, int64_t *ret_utc_s,
	struct response *ret);
/* A text that must be there, into room of `size`. */
bool entry_text(const struct body *body, const char *name, char *ret_text, size_t size,
	struct response *ret);

#endif
