/* SPDX-License-Identifier: Apache-2.0 */
#include "web/params.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "common/plain_text.h"

#define WORDS_BYTES 160

const char *const params_none[] = {NULL};

static bool is_known(const char *name, const char *const *known)
{
	for (; *known; known++) {
		if (strcmp(name, *known) == 0)
			return true;
	}
	return false;
}

static bool is_repeated(const struct request *request, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (strcmp(request->params[i].name, request->params[index].name) == 0)
			return true;
	}
	return false;
}

/* "known are: month, by, format" */
static void list_known(const char *const *known, char *words, size_t size)
{
	size_t used = (size_t)snprintf(words, size, *known ? "unknown; known are: " : "unknown");

	for (const char *const *name = known; *name && used < size; name++)
		used += (size_t)snprintf(
			words + used, size - used, "%s%s", name == known ? "" : ", ", *name);
}

bool params_known(const struct request *request, const char *const *known, struct response *ret)
{
	char words[WORDS_BYTES];

	if (request->fault) {
		response_error(ret, 400, request->fault);
		return false;
	}
	for (size_t i = 0; i < request->param_count; i++) {
		const struct http_param *param = &request->params[i];

		if (!is_known(param->name, known)) {
			list_known(known, words, sizeof(words));
			response_bad_param(ret, param->name, param->value, words);
			return false;
		}
		if (is_repeated(request, i)) {
			response_bad_param(ret, param->name, param->value, "given twice");
			return false;
		}
	}
	return true;
}

bool param_number(const struct request *request, const char *name, struct param_range range,
	int64_t *ret_value, struct response *ret)
{
	const char *text = request_param(request, name);
	char words[WORDS_BYTES], *end;
	long long value;

	if (!text)
		return true;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || errno || value < range.min ||
		value > range.max) {
		snprintf(words, sizeof(words), "must be a whole number from %lld to %lld",
			(long long)range.min, (long long)range.max);
		response_bad_param(ret, name, text, words);
		return false;
	}
	*ret_value = value;
	return true;
}

bool param_page(const struct request *request, struct page *ret_page, struct response *ret)
{
	int64_t limit = PAGE_ROWS_DEFAULT, offset = 0;

	const struct param_range limits = {1, PAGE_ROWS_MAX}, offsets = {0, PAGE_OFFSET_MAX};

	if (!param_number(request, "limit", limits, &limit, ret) ||
		!param_number(request, "offset", offsets, &offset, ret))
		return false;
	*ret_page = (struct page){.limit = (size_t)limit, .offset = (size_t)offset};
	return true;
}

/* "64.08.05.2001": parts of two digits, the fourth of four. */
static bool is_code(const char *text, unsigned levels)
{
	for (unsigned level = 1; level <= levels; level++) {
		unsigned digits = level == 4 ? 4 : 2;

		while (digits-- > 0) {
			if (!isdigit((unsigned char)*text++))
				return false;
		}
		if (*text++ != (level == levels ? '\0' : '.'))
			return false;
	}
	return true;
}

bool param_code(const struct request *request, const char *name, unsigned levels,
	const char **ret_code, struct response *ret)
{
	static const char *const examples[] = {"", "64", "64.08", "64.08.05", "64.08.05.2001"};
	const char *text = request_param(request, name);
	char words[WORDS_BYTES];

	if (text && !is_code(text, levels)) {
		snprintf(words, sizeof(words), "must be a Kemendagri code with dots, such as %s",
			examples[levels]);
		response_bad_param(ret, name, text, words);
		return false;
	}
	*ret_code = text;
	return true;
}

bool param_text(const struct request *request, const char *name, const char **ret_text,
	struct response *ret)
{
	const char *text = request_param(request, name);
	char words[WORDS_BYTES];
	struct err err = {0};

	if (text && (!*text || strlen(text) > PARAM_TEXT_MAX)) {
		snprintf(words, sizeof(words), "must have 1 to %d bytes", PARAM_TEXT_MAX);
		response_bad_param(ret, name, text, words);
		return false;
	}
	if (text && plain_text_check(name, text, &err) < 0) {
		response_bad_param(ret, name, text, err.text);
		return false;
	}
	*ret_text = text;
	return true;
}

bool param_month(const struct request *request, const char **ret_month, struct response *ret)
{
	const char *text = request_param(request, "month");
	int64_t from, to;

	if (!text || civil_month(text, 0, &from, &to, NULL) < 0) {
		response_bad_param(
			ret, "month", text ? text : "", "must be YYYY-MM, such as 2026-01");
		return false;
	}
	*ret_month = text;
	return true;
}

bool param_time(
	const struct request *request, const char *name, int64_t *ret_utc_s, struct response *ret)
{
	const char *text = request_param(request, name);
	int32_t wita_s = 0;

	civil_zone("WITA", &wita_s);
	if (text && civil_parse(text, wita_s, ret_utc_s, NULL) < 0) {
		response_bad_as(ret, "time", &(struct http_param){name, text},
			"must be a time, such as 2026-01-31 or 2026-01-31T16:00:00Z");
		return false;
	}
	return true;
}

bool param_choice(const struct request *request, const char *name, const char *const *choices,
	int *ret_choice, struct response *ret)
{
	const char *text = request_param(request, name);
	char words[WORDS_BYTES];
	size_t used = (size_t)snprintf(words, sizeof(words), "must be one of");

	if (!text)
		return true;
	for (int i = 0; choices[i]; i++) {
		if (strcmp(text, choices[i]) == 0) {
			*ret_choice = i;
			return true;
		}
		if (used < sizeof(words))
			used += (size_t)snprintf(words + used, sizeof(words) - used, "%s %s",
				i ? "," : "", choices[i]);
	}
	response_bad_param(ret, name, text, words);
	return false;
}
