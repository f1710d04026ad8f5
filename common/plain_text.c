/* SPDX-License-Identifier: Apache-2.0 */
#include "common/plain_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/utf8.h"

struct range {
	uint32_t first, last;
};

static bool is_within(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	}
	return false;
}

#define IS_WITHIN(code, ranges) is_within(code, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static bool is_control(uint32_t code)
{
	static const struct range ranges[] = {{0x01, 0x1f}, {0x7f, 0x9f}};

	return IS_WITHIN(code, ranges);
}

/* What makes a name look like another one, or a line like two. Joiners of letters (U+200C, U+200D)
 * are part of some scripts, and stay. */
static bool is_hidden(uint32_t code)
{
	static const struct range ranges[] = {
		{0xad, 0xad}, /* soft hyphen */
		{0x61c, 0x61c}, /* Arabic letter mark */
		{0x180e, 0x180e}, {0x200b, 0x200b}, /* zero width space */
		{0x200e, 0x200f}, /* marks of direction */
		{0x2028, 0x202e}, /* breaks of lines, embeddings and overrides of direction */
		{0x2060, 0x206f}, /* word joiner, isolates, other format characters */
		{0xfeff, 0xfeff}, /* byte order mark */
		{0xfff9, 0xfffb}, /* annotations */
		{0xe0000, 0xe007f}, /* tags */
	};

	return IS_WITHIN(code, ranges);
}

static bool is_blank(uint32_t code)
{
	static const struct range ranges[] = {{0x20, 0x20}, {0xa0, 0xa0}, {0x115f, 0x1160},
		{0x1680, 0x1680}, {0x2000, 0x200a}, {0x200c, 0x200d}, {0x202f, 0x202f},
		{0x205f, 0x205f}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
		{0xffa0, 0xffa0}};

	return IS_WITHIN(code, ranges);
}

int plain_text_check(const char *what, const char *text, struct err *err)
{
	const unsigned char *at = (const unsigned char *)text;
	bool blank = true;

	if (!*at)
		return err_set(err, -EINVAL, "%s is empty", what);
	while (*at) {
		uint32_t code;
		size_t length = utf8_take(at, UTF8_BYTES_MAX, &code);

		if (length == 0)
			return err_set(err, -EINVAL, "%s is not UTF-8", what);
		if (is_control(code))
			return err_set(err, -EINVAL, "%s holds a control character (byte %u)", what,
				(unsigned)code);
		if (is_hidden(code))
			return err_set(err, -EINVAL,
				"%s holds a character that is not seen (U+%04X)", what,
				(unsigned)code);
		blank = blank && is_blank(code);
		at += length;
	}
	return blank ? err_set(err, -EINVAL, "%s is blank", what) : 0;
}
