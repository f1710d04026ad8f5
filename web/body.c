/* SPDX-License-Identifier: Apache-2.0 */
#include "web/body.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/plain_text.h"
#include "web/members.h"

#define WORDS_BYTES 160
#define SHOWN_BYTES 64 /* of a value that is refused */

struct body {
	struct members *members;
};

static bool is_secret(const char *name)
{
	return strcmp(name, "password") == 0 || strcmp(name, "old") == 0 ||
		strcmp(name, "new") == 0;
}

/* What is refused is shown in short, and never a password. */
static bool refuse(
	const struct body *body, const char *name, const char *words, struct response *ret)
{
	enum member_kind kind = members_kind(body->members, name);
	char shown[SHOWN_BYTES] = "";

	if (kind == MEMBER_TEXT && !is_secret(name))
		snprintf(shown, sizeof(shown), "%s", members_text(body->members, name));
	else if (kind == MEMBER_NUMBER)
		snprintf(shown, sizeof(shown), "%" PRId64, members_number(body->members, name));
	response_bad_param(ret, name, shown, words);
	return false;
}

static bool refuse_unknown(const char *name, const char *const *known, struct response *ret)
{
	char words[WORDS_BYTES], shown[SHOWN_BYTES];
	size_t used = (size_t)snprintf(words, sizeof(words), "unknown; known are:");

	for (; *known && used < sizeof(words); known++)
		used += (size_t)snprintf(words + used, sizeof(words) - used, " %s", *known);
	snprintf(shown, sizeof(shown), "%s", name);
	response_bad_param(ret, shown, "", words);
	return false;
}

bool body_read(const struct request *request, const char *const *known, struct body **ret_body,
	struct response *ret)
{
	struct body *body = calloc(1, sizeof(*body));
	char words[MEMBERS_WORDS_BYTES];
	const char *unknown;
	int r = -ENOMEM;

	if (body)
		r = members_parse(request->body, request->body_length, &body->members, words);
	if (r < 0) {
		free(body);
		response_error(ret, r == -ENOMEM ? 503 : 400,
			r == -ENOMEM ? "no memory for the body" : words);
		return false;
	}
	unknown = members_unknown(body->members, known);
	if (unknown) {
		refuse_unknown(unknown, known, ret);
		body_free(body);
		return false;
	}
	*ret_body = body;
	return true;
}

void body_free(struct body *body)
{
	if (!body)
		return;
	members_free(body->members);
	free(body);
}

bool body_has(const struct body *body, const char *name)
{
	return members_kind(body->members, name) != MEMBER_NONE;
}

static bool has_length(const char *text)
{
	size_t length = strlen(text);

	return length >= 1 && length <= BODY_TEXT_MAX;
}

/* 0, or -EINVAL with words. What nobody reads may hold any letters; only not what no keyboard
 * has. */
static int check_text(const char *name, const char *text, struct err *err)
{
	if (!is_secret(name))
		return plain_text_check(name, text, err);
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			return err_set(err, -EINVAL, "%s holds a control character", name);
	}
	return 0;
}

bool body_text(
	const struct body *body, const char *name, const char **ret_text, struct response *ret)
{
	enum member_kind kind = members_kind(body->members, name);
	const char *text = kind == MEMBER_TEXT ? members_text(body->members, name) : NULL;
	char words[WORDS_BYTES];
	struct err err = {0};

	if (kind != MEMBER_NONE && !(text && has_length(text))) {
		snprintf(words, sizeof(words), "must be a text of 1 to %d bytes", BODY_TEXT_MAX);
		return refuse(body, name, words, ret);
	}
	if (text && check_text(name, text, &err) < 0)
		return refuse(body, name, err.text, ret);
	*ret_text = text;
	return true;
}

bool body_need_text(
	const struct body *body, const char *name, const char **ret_text, struct response *ret)
{
	const char *text = members_text(body->members, name);

	if (!body_has(body, name) || (text && !*text)) { /* a field of a form left empty, too */
		response_missing(ret, name);
		return false;
	}
	return body_text(body, name, ret_text, ret);
}

bool body_number(const struct body *body, const char *name, struct param_range range,
	int64_t *ret_value, struct response *ret)
{
	enum member_kind kind = members_kind(body->members, name);
	int64_t value = kind == MEMBER_NUMBER ? members_number(body->members, name) : 0;
	char words[WORDS_BYTES];

	if (kind == MEMBER_NONE)
		return true;
	if (kind != MEMBER_NUMBER || value < range.min || value > range.max) {
		snprintf(words, sizeof(words),
			"must be a whole number from %" PRId64 " to %" PRId64, range.min,
			range.max);
		return refuse(body, name, words, ret);
	}
	*ret_value = value;
	return true;
}

bool body_flag(const struct body *body, const char *name, bool *ret_flag, struct response *ret)
{
	enum member_kind kind = members_kind(body->members, name);

	if (kind != MEMBER_NONE && kind != MEMBER_FLAG)
		return refuse(body, name, "must be true or false", ret);
	if (kind == MEMBER_FLAG)
		*ret_flag = members_flag(body->members, name);
	return true;
}

bool body_choice(const struct body *body, const char *name, const char *const *choices,
	int *ret_choice, struct response *ret)
{
	char words[WORDS_BYTES];
	const char *text;
	size_t used;

	if (!body_text(body, name, &text, ret))
		return false;
	if (!text)
		return true;
	used = (size_t)snprintf(words, sizeof(words), "must be one of");
	for (int i = 0; choices[i]; i++) {
		if (strcmp(text, choices[i]) == 0) {
			*ret_choice = i;
			return true;
		}
		if (used < sizeof(words))
			used += (size_t)snprintf(words + used, sizeof(words) - used, "%s %s",
				i ? "," : "", choices[i]);
	}
	return refuse(body, name, words, ret);
}

bool body_list(const struct body *body, const char *name, size_t *ret_count, struct response *ret)
{
	enum member_kind kind = members_kind(body->members, name);
	size_t count = kind == MEMBER_LIST ? members_list_size(body->members, name) : 0;
	char words[WORDS_BYTES];

	snprintf(words, sizeof(words), "must be a list of 1 to %d texts", BODY_ITEMS_MAX);
	if (count < 1 || count > BODY_ITEMS_MAX)
		return refuse(body, name, words, ret);
	for (size_t i = 0; i < count; i++) {
		const char *text = members_list_text(body->members, name, i);

		if (!text || !has_length(text) || plain_text_check(name, text, NULL) < 0)
			return refuse(body, name, words, ret);
	}
	*ret_count = count;
	return true;
}

const char *body_list_text(const struct body *body, const char *name, size_t index)
{
	return members_list_text(body->members, name, index);
}
