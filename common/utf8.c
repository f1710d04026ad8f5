/* SPDX-License-Identifier: Apache-2.0 */
#include "common/utf8.h"

#include <stdbool.h>

#define CODE_MAX 0x10ffff

/* By how many bytes follow the first: what its fixed bits are, and the least that needs so many. */
static const struct form {
	uint8_t mask, lead;
	uint32_t least;
} forms[UTF8_BYTES_MAX] = {
	{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

static bool is_surrogate(uint32_t code)
{
	return code >> 11 == 0xd800 >> 11;
}

size_t utf8_take(const void *text, size_t left, uint32_t *ret_code)
{
	const uint8_t *at = text;
	size_t more = 0;
	uint32_t code;

	while (more < UTF8_BYTES_MAX && (*at & forms[more].mask) != forms[more].lead)
		more++;
	if (more >= UTF8_BYTES_MAX || more >= left)
		return 0;
	code = *at & (uint8_t)~forms[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < forms[more].least || code > CODE_MAX || is_surrogate(code))
		return 0;
	if (ret_code)
		*ret_code = code;
	return more + 1;
}
