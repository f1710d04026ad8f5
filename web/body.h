/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON object that a change carries, member by member, like params.h: each function returns
 * true when the member is good or absent; otherwise the response says 400 and names it.
 */
#ifndef PANTAU_WEB_BODY_H
#define PANTAU_WEB_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "web/http.h"
#include "web/params.h"

#define BODY_TEXT_MAX 512 /* bytes of a note */
#define BODY_ITEMS_MAX 2000 /* of a list: a bad month's decisions */

struct body;

/* An object with no other members than these; `known` ends with NULL. An empty body is an empty
 * object. False: 400 was said, or 503 without memory. */
bool body_read(const struct request *request, const char *const *known, struct body **ret_body,
	struct response *ret);
void body_free(struct body *body);

/* NULL or null: absent. Texts are borrowed for as long as the body. */
bool body_text(
	const struct body *body, const char *name, const char **ret_text, struct response *ret);
/* The same, and it must be there. */
bool body_need_text(
	const struct body *body, const char *name, const char **ret_text, struct response *ret);
/* *ret_value stays as it is when it is absent. */
bool body_number(const struct body *body, const char *name, struct param_range range,
	int64_t *ret_value, struct response *ret);
bool body_flag(const struct body *body, const char *name, bool *ret_flag, struct response *ret);
/* Index into `choices` (ends with NULL); stays as it is when absent. */
bool body_choice(const struct body *body, const char *name, const char *const *choices,
	int *ret_choice, struct response *ret);
bool body_has(const struct body *body, const char *name);

/* A list of 1 to BODY_ITEMS_MAX texts; it must be there. */
bool body_list(const struct body *body, const char *name, size_t *ret_count, struct response *ret);
const char *body_list_text(const struct body *body, const char *name, size_t index);

#endif
