/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/pack.h"

static void bytes_are_little_endian(void **state)
{
	static const uint8_t expected[] = {0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0x0f, 0x0e,
		0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08, 'x', 'y'};
	uint8_t bytes[32];
	struct pack pack;

	pack_init(&pack, bytes, sizeof bytes);
	pack_u8(&pack, 0x01);
	pack_u16(&pack, 0x0203);
	pack_u32(&pack, 0x04050607);
	pack_u64(&pack, 0x08090a0b0c0d0e0f);
	pack_bytes(&pack, "xy", 2);
	assert_false(pack.failed);
	assert_int_equal(pack.length, sizeof expected);
	assert_memory_equal(bytes, expected, sizeof expected);
}

static void what_was_packed_comes_out(void **state)
{
	uint8_t bytes[32];
	struct pack pack;
	struct unpack unpack;

	pack_init(&pack, bytes, sizeof bytes);
	pack_u8(&pack, UINT8_MAX);
	pack_u16(&pack, UINT16_MAX - 1);
	pack_u32(&pack, UINT32_MAX - 2);
	pack_u64(&pack, UINT64_MAX - 3);
	pack_bytes(&pack, "abc", 3);
	unpack_init(&unpack, bytes, pack.length);
	assert_int_equal(unpack_u8(&unpack), UINT8_MAX);
	assert_int_equal(unpack_u16(&unpack), UINT16_MAX - 1);
	assert_int_equal(unpack_u32(&unpack), UINT32_MAX - 2);
	assert_true(unpack_u64(&unpack) == UINT64_MAX - 3);
	assert_memory_equal(unpack_bytes(&unpack, 3), "abc", 3);
	assert_false(unpack.failed);
	assert_int_equal(unpack.at, unpack.length);
}

static void what_does_not_fit_fails_for_good(void **state)
{
	uint8_t bytes[6] = {0};
	struct pack pack;

	pack_init(&pack, bytes, 5);
	pack_u32(&pack, 1);
	pack_u16(&pack, 0xffff);
	assert_true(pack.failed);
	pack_u8(&pack, 0xff); /* would fit, but a part is missing before it */
	assert_int_equal(pack.length, 4);
	assert_int_equal(bytes[4], 0);
	assert_int_equal(bytes[5], 0);
}

static void reading_past_the_end_fails_for_good(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3};
	struct unpack unpack;

	unpack_init(&unpack, bytes, sizeof bytes);
	assert_int_equal(unpack_u16(&unpack), 0x0201);
	assert_int_equal(unpack_u32(&unpack), 0);
	assert_true(unpack.failed);
	assert_int_equal(unpack_u8(&unpack), 0);
	assert_null(unpack_bytes(&unpack, 0));
	unpack_init(&unpack, bytes, sizeof bytes);
	assert_null(unpack_bytes(&unpack, SIZE_MAX));
	assert_true(unpack.failed);
}

static void nothing_is_a_view_too(void **state)
{
	struct unpack unpack;

	unpack_init(&unpack, NULL, 0);
	assert_non_null(unpack_bytes(&unpack, 0));
	assert_false(unpack.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_little_endian),
		cmocka_unit_test(what_was_packed_comes_out),
		cmocka_unit_test(what_does_not_fit_fails_for_good),
		cmocka_unit_test(reading_past_the_end_fails_for_good),
		cmocka_unit_test(nothing_is_a_view_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
