/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/observation.h"

#include <string.h>

struct span {
	const char *at;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static struct span trim(struct span span)
{
	while (span.length && is_blank(span.at[0])) {
		span.at++;
		span.length--;
	}
	while (span.length && is_blank(span.at[span.length - 1]))
		span.length--;
	return span;
}

static struct span unquote(struct span span)
{
	bool is_quoted = span.length >= 2 && (span.at[0] == '"' || span.at[0] == '\'') &&
		span.at[span.length - 1] == span.at[0];

	return is_quoted ? (struct span){span.at + 1, span.length - 2} : span;
}

static bool all(struct span span, bool (*is_right)(char c))
{
	for (size_t i = 0; i < span.length; i++)
		if (!is_right(span.at[i]))
			return false;
	return true;
}

static bool has_key(const struct observation *observation, struct span key)
{
	for (size_t i = 0; i < observation->item_count; i++)
		if (strlen(observation->items[i].key) == key.length &&
			memcmp(observation->items[i].key, key.at, key.length) == 0)
			return true;
	return false;
}

/* 0, or a fault and 1. */
static int take_line(struct observation *observation, struct span line)
{
	const char *equals = memchr(line.at, '=', line.length);
	struct observation_item *item;
	struct span key, value;

	if (!equals)
		return OBSERVATION_NO_EQUALS + 1;
	key = trim((struct span){line.at, (size_t)(equals - line.at)});
	value = trim((struct span){equals + 1, line.length - (size_t)(equals + 1 - line.at)});
	value = unquote(value);
	if (!key.length || key.length > OBSERVATION_KEY_MAX || !all(key, is_name))
		return OBSERVATION_BAD_KEY + 1;
	if (value.length > OBSERVATION_VALUE_MAX || !all(value, is_printable))
		return OBSERVATION_BAD_VALUE + 1;
	if (has_key(observation, key))
		return OBSERVATION_TWICE + 1;
	if (observation->item_count >= OBSERVATION_ITEMS_MAX)
		return OBSERVATION_TOO_MANY + 1;
	item = &observation->items[observation->item_count++];
	memset(item, 0, sizeof(*item));
	memcpy(item->key, key.at, key.length);
	memcpy(item->value, value.at, value.length);
	return 0;
}

static void describe(struct span line, char ret_text[OBSERVATION_KEY_MAX + 1])
{
	size_t length = line.length < OBSERVATION_KEY_MAX ? line.length : OBSERVATION_KEY_MAX;

	for (size_t i = 0; i < length; i++)
		ret_text[i] = is_printable(line.at[i]) ? line.at[i] : '?';
	ret_text[length] = '\0';
}

void observation_parse(struct observation *observation, const char *text, size_t length,
	void (*bad)(void *arg, const struct observation_bad_line *line), void *arg)
{
	const char *end = text + length;
	unsigned number = 0;

	observation->item_count = 0;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;
		struct span line = trim((struct span){text, (size_t)(line_end - text)});
		struct observation_bad_line found = {.line = ++number};
		int fault;

		text = newline ? newline + 1 : end;
		if (!line.length || line.at[0] == '#')
			continue;
		fault = take_line(observation, line);
		if (!fault || !bad)
			continue;
		found.fault = (enum observation_fault)(fault - 1);
		describe(line, found.text);
		bad(arg, &found);
	}
}

const char *observation_fault_words(enum observation_fault fault)
{
	static const char *const words[] = {
		[OBSERVATION_NO_EQUALS] = "is not key=value",
		[OBSERVATION_BAD_KEY] = "the key must be 1 to 32 of a-z, 0-9, _, . and -",
		[OBSERVATION_BAD_VALUE] = "the value must be at most 96 printable ASCII signs",
		[OBSERVATION_TWICE] = "the key was there already",
		[OBSERVATION_TOO_MANY] = "more than 32 lines",
	};

	return words[fault];
}

bool observation_source_of(const char *file_name, char ret_source[OBSERVATION_SOURCE_MAX + 1])
{
	const char *dot = strrchr(file_name, '.');
	size_t length = dot && dot != file_name ? (size_t)(dot - file_name) : strlen(file_name);

	if (!length || length > OBSERVATION_SOURCE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		ret_source[i] = is_name(file_name[i]) ? file_name[i] : '_';
	ret_source[length] = '\0';
	return true;
}

bool observation_same_items(const struct observation *a, const struct observation *b)
{
	if (a->item_count != b->item_count)
		return false;
	for (size_t i = 0; i < a->item_count; i++)
		if (strcmp(a->items[i].key, b->items[i].key) != 0 ||
			strcmp(a->items[i].value, b->items[i].value) != 0)
			return false;
	return true;
}
