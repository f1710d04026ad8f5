/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/settings/settings_edit.h"

#include <stdbool.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* as Windows writes it */
#define BLANKS " \t\v\f\r" /* as the reader of the file passes over */

static int put(struct buf *out, const char *text)
{
	return buf_append(out, text, strlen(text));
}

static int put_line(struct buf *out, const struct settings_edit *edit)
{
	int r = put(out, edit->key);

	if (r == 0)
		r = put(out, " = ");
	if (r == 0)
		r = put(out, edit->value);
	return r < 0 ? r : put(out, "\n");
}

/* "[section]" */
static bool is_section(const char *line, const char *name)
{
	size_t length = strlen(name);

	return line[0] == '[' && strncmp(line + 1, name, length) == 0 && line[1 + length] == ']';
}

static bool is_key(const char *line, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return false;
	line += length;
	line += strspn(line, BLANKS);
	return *line == '=' || *line == ':';
}

/* Where the key's line begins, or where its section's first line does; NULL: there is none. */
static const char *find(const char *text, const struct settings_edit *edit, bool *ret_key)
{
	const char *place = NULL;
	bool inside = false;

	*ret_key = false;
	if (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		text += strlen(BYTE_ORDER_MARK);
	while (*text) {
		const char *line = text + strspn(text, BLANKS), *end = strchrnul(line, '\n');

		if (*line == '[')
			inside = is_section(line, edit->section);
		if (inside && is_key(line, edit->key)) {
			*ret_key = true;
			return text;
		}
		text = *end ? end + 1 : end;
		if (inside && !place)
			place = text;
	}
	return place;
}

int settings_edit(const char *text, const struct settings_edit *edit, struct buf *out)
{
	bool is_there;
	const char *at = find(text, edit, &is_there), *rest;
	size_t head = at ? (size_t)(at - text) : strlen(text);
	int r = buf_append(out, text, head);

	if (r == 0 && head && text[head - 1] != '\n')
		r = put(out, "\n");
	if (r == 0 && !at) {
		r = put(out, "[");
		if (r == 0)
			r = put(out, edit->section);
		if (r == 0)
			r = put(out, "]\n");
	}
	if (r == 0)
		r = put_line(out, edit);
	rest = text + head;
	if (is_there) {
		rest = strchrnul(rest, '\n');
		rest += *rest != '\0';
	}
	return r < 0 ? r : put(out, rest);
}
