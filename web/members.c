/* SPDX-License-Identifier: Apache-2.0 */
#include "web/members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define MEMBERS_NESTED_MAX 1024 /* brackets, those in people's notes too */

struct members {
	json_t *object;
};

/* Of lists within lists jansson makes many times their text; bodies hold an object and a list. */
static bool nests_too_much(const char *json, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += json[i] == '{' || json[i] == '[';
	return count > MEMBERS_NESTED_MAX;
}

static json_t *parse(const void *json, size_t length, char ret_words[MEMBERS_WORDS_BYTES])
{
	json_error_t error;
	json_t *value;

	if (length == 0) { /* not json_object(): the writer of common/json.h has that name too */
		json = "{}";
		length = 2;
	}
	if (nests_too_much(json, length)) {
		snprintf(ret_words, MEMBERS_WORDS_BYTES, "the body holds too many lists");
		return NULL;
	}
	value = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(value))
		return value;
	if (value)
		snprintf(ret_words, MEMBERS_WORDS_BYTES, "the body must be a JSON object");
	else
		snprintf(ret_words, MEMBERS_WORDS_BYTES, "the body is no JSON: line %d: %.100s",
			error.line, error.text);
	json_decref(value);
	return NULL;
}

int members_parse(const void *json, size_t length, struct members **ret_members,
	char ret_words[MEMBERS_WORDS_BYTES])
{
	struct members *members = calloc(1, sizeof(*members));

	if (!members)
		return -ENOMEM;
	members->object = parse(json, length, ret_words);
	if (!members->object) {
		free(members);
		return -EINVAL;
	}
	*ret_members = members;
	return 0;
}

void members_free(struct members *members)
{
	if (!members)
		return;
	json_decref(members->object);
	free(members);
}

static bool is_among(const char *name, const char *const *known)
{
	for (; *known; known++) {
		if (strcmp(name, *known) == 0)
			return true;
	}
	return false;
}

const char *members_unknown(const struct members *members, const char *const *known)
{
	const char *name;
	json_t *value;

	json_object_foreach(members->object, name, value)
	{
		if (!is_among(name, known))
			return name;
	}
	return NULL;
}

enum member_kind members_kind(const struct members *members, const char *name)
{
	const json_t *value = json_object_get(members->object, name);

	if (!value || json_is_null(value))
		return MEMBER_NONE;
	if (json_is_string(value))
		return MEMBER_TEXT;
	if (json_is_integer(value))
		return MEMBER_NUMBER;
	if (json_is_boolean(value))
		return MEMBER_FLAG;
	return json_is_array(value) ? MEMBER_LIST : MEMBER_OTHER;
}

const char *members_text(const struct members *members, const char *name)
{
	return json_string_value(json_object_get(members->object, name));
}

int64_t members_number(const struct members *members, const char *name)
{
	return json_integer_value(json_object_get(members->object, name));
}

bool members_flag(const struct members *members, const char *name)
{
	return json_is_true(json_object_get(members->object, name));
}

size_t members_list_size(const struct members *members, const char *name)
{
	return json_array_size(json_object_get(members->object, name));
}

const char *members_list_text(const struct members *members, const char *name, size_t index)
{
	return json_string_value(json_array_get(json_object_get(members->object, name), index));
}
