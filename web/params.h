/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters of a URL, checked one by one. Each function returns true when the value is good or
 * absent; otherwise the response says 400, names the parameter and its value, and what is allowed.
 */
#ifndef PANTAU_WEB_PARAMS_H
#define PANTAU_WEB_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "web/http.h"

#define PARAM_TEXT_MAX 100 /* bytes of a provider's name */

struct page { /* which rows of a list */
	size_t limit, offset;
};

extern const char *const params_none[]; /* for params_known(): nothing is */

/* `known` ends with NULL. Refuses others, doubled ones and a query that could not be read. */
bool params_known(const struct request *request, const char *const *known, struct response *ret);

struct param_range {
	int64_t min, max;
};
/* *ret_value stays as it is when the parameter is absent. */
bool param_number(const struct request *request, const char *name, struct param_range range,
	int64_t *ret_value, struct response *ret);
/* `limit` and `offset`. */
bool param_page(const struct request *request, struct page *ret_page, struct response *ret);
/* A dotted Kemendagri code of `levels` parts: 2 kabupaten, 3 kecamatan, 4 desa. Borrowed. */
bool param_code(const struct request *request, const char *name, unsigned levels,
	const char **ret_code, struct response *ret);
/* Non-empty text of at most PARAM_TEXT_MAX bytes. Borrowed or NULL. */
bool param_text(const struct request *request, const char *name, const char **ret_text,
	struct response *ret);
/* "2026-01"; required. Borrowed. */
bool param_month(const struct request *request, const char **ret_month, struct response *ret);
/* Any time that civil_parse() reads, in WITA when it names no zone. */
bool param_time(
	const struct request *request, const char *name, int64_t *ret_utc_s, struct response *ret);
/* Index into `choices` (ends with NULL). */
bool param_choice(const struct request *request, const char *name, const char *const *choices,
	int *ret_choice, struct response *ret);

#endif
