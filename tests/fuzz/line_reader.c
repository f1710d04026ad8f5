/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *at;
	enum line_rule rule;
};

static bool is_escaped(const char *begin, const char *at, enum line_rule rule)
{
	size_t slashes = 0;

	while (at - slashes > begin && at[-1 - (ptrdiff_t)slashes] == '\\')
		slashes++;
	return rule == LINE_BEFORE ? slashes > 0 : slashes % 2 == 1;
}

/* Up to one of the characters that is not escaped; the text without what escapes. */
static bool take(struct reader *reader, const char *stops, char ret_text[LINE_TEXT_BYTES])
{
	const char *begin = reader->at, *end = begin;
	size_t length = 0;

	while (*end && (!strchr(stops, *end) || is_escaped(begin, end, reader->rule)))
		end++;
	for (const char *at = begin; at < end; at++) {
		if (*at == '\\' && at + 1 < end &&
			(strchr(",= ", at[1]) || (at[1] == '\\' && reader->rule == LINE_ODD)))
			at++;
		if (length + 1 == LINE_TEXT_BYTES)
			return false;
		ret_text[length++] = *at;
	}
	ret_text[length] = '\0';
	reader->at = end;
	return length > 0;
}

static bool skip(struct reader *reader, char wanted)
{
	bool is_there = *reader->at == wanted;

	reader->at += is_there;
	return is_there;
}

static bool take_tag(struct reader *reader, struct line_point *point)
{
	struct line_tag *tag = &point->tags[point->tag_count++];

	return point->tag_count < LINE_ITEMS_MAX && take(reader, ",= ", tag->key) &&
		skip(reader, '=') && take(reader, ",= ", tag->value);
}

static bool take_field(struct reader *reader, struct line_point *point)
{
	struct line_field *field = &point->fields[point->field_count++];
	char *end;

	if (point->field_count == LINE_ITEMS_MAX || !take(reader, ",= ", field->key) ||
		!skip(reader, '=') || !strchr("0123456789", *reader->at))
		return false;
	errno = 0;
	field->value = strtoull(reader->at, &end, 10);
	if (errno || end == reader->at || field->value > INT64_MAX)
		return false;
	reader->at = end;
	return skip(reader, 'i');
}

bool line_read(const char *line, enum line_rule rule, struct line_point *ret_point)
{
	struct reader reader = {line, rule};
	char *end;

	*ret_point = (struct line_point){.tag_count = 0};
	if (!take(&reader, ", ", ret_point->measurement))
		return false;
	while (skip(&reader, ','))
		if (!take_tag(&reader, ret_point))
			return false;
	if (!skip(&reader, ' '))
		return false;
	do {
		if (!take_field(&reader, ret_point))
			return false;
	} while (skip(&reader, ','));
	if (!skip(&reader, ' '))
		return false;
	errno = 0;
	ret_point->time = strtoll(reader.at, &end, 10);
	return !errno && end != reader.at && !*end && !strchr(" +", *reader.at);
}
