/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/utf8.h"

/* By the book, the other way round: which bytes a character has. */
static size_t encode(uint32_t code, uint8_t ret_bytes[UTF8_BYTES_MAX])
{
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = length - 1; i > 0; i--, code >>= 6)
		ret_bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
	ret_bytes[0] = (uint8_t)(leads[length] | code);
	return length;
}

static void every_character_is_taken_whole_and_never_cut(void **state)
{
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		uint8_t bytes[UTF8_BYTES_MAX];
		uint32_t taken = UINT32_MAX;
		size_t length = encode(code, bytes);

		if (code >= 0xd800 && code <= 0xdfff) {
			assert_int_equal(utf8_take(bytes, length, &taken), 0);
			continue;
		}
		assert_int_equal(utf8_take(bytes, length, &taken), length);
		assert_int_equal(taken, code);
		if (length > 1)
			assert_int_equal(utf8_take(bytes, length - 1, NULL), 0);
	}
}

/* Of all that two bytes and two given ones behind them can say, only those are characters that
 * encode() makes. */
static void nothing_else_is_a_character(void **state)
{
	static const uint8_t tails[][2] = {{0x80, 0x80}, {0xbf, 0xbf}, {0x80, 0x41}, {0x41, 0x80}};

	for (unsigned i = 0; i < 65536 * 4; i++) {
		const uint8_t *tail = tails[i >> 16];
		const uint8_t bytes[] = {(uint8_t)(i >> 8), (uint8_t)i, tail[0], tail[1]};
		uint8_t same[UTF8_BYTES_MAX];
		uint32_t code = 0;
		size_t length = utf8_take(bytes, sizeof(bytes), &code);

		if (length == 0)
			continue;
		assert_int_equal(encode(code, same), length);
		assert_memory_equal(bytes, same, length);
	}
}

static void what_is_no_character_leaves_the_code_alone(void **state)
{
	static const char *const texts[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xc3("};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		uint32_t code = 42;

		assert_int_equal(utf8_take(texts[i], UTF8_BYTES_MAX, &code), 0);
		assert_int_equal(code, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_is_taken_whole_and_never_cut),
		cmocka_unit_test(nothing_else_is_a_character),
		cmocka_unit_test(what_is_no_character_leaves_the_code_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
