/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/crc32c.h"
#include "common/crc32c_tables.h"

/* The test cases of RFC 3720, appendix B.4. */
static void gives_the_values_of_the_rfc(void **state)
{
	uint8_t bytes[32];
	unsigned i;

	memset(bytes, 0, sizeof bytes);
	assert_int_equal(crc32c(0, bytes, sizeof bytes), 0x8a9136aa);
	memset(bytes, 0xff, sizeof bytes);
	assert_int_equal(crc32c(0, bytes, sizeof bytes), 0x62a8ab43);
	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(crc32c(0, bytes, sizeof bytes), 0x46dd794e);
	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(31 - i);
	assert_int_equal(crc32c(0, bytes, sizeof bytes), 0x113fdb5c);
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(crc32c(0, "", 0), 0);
}

/* One bit at a time, as the definition says. */
static uint32_t by_definition(const uint8_t *bytes, size_t length)
{
	uint32_t state = UINT32_MAX;
	unsigned bit;

	for (; length > 0; bytes++, length--) {
		state ^= *bytes;
		for (bit = 0; bit < 8; bit++)
			state = state & 1 ? state >> 1 ^ 0x82f63b78 : state >> 1;
	}
	return ~state;
}

static void every_way_of_computing_it_agrees(void **state)
{
	uint8_t bytes[300];
	size_t from, length;
	uint32_t seed = 1;
	unsigned i;

	for (i = 0; i < sizeof bytes; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (uint8_t)(seed >> 16);
	}
	for (from = 0; from < 9; from++) {
		for (length = 0; length < sizeof bytes - from; length++) {
			uint32_t expected = by_definition(bytes + from, length);

			assert_int_equal(crc32c(0, bytes + from, length), expected);
			assert_int_equal(
				~crc32c_by_tables(UINT32_MAX, bytes + from, length), expected);
		}
	}
}

static void goes_on_where_it_stopped(void **state)
{
	static const char text[] = "kabupaten kutai timur, kecamatan sangatta utara";
	uint32_t whole = crc32c(0, text, sizeof text);
	size_t cut;

	for (cut = 0; cut <= sizeof text; cut++)
		assert_int_equal(
			crc32c(crc32c(0, text, cut), text + cut, sizeof text - cut), whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_values_of_the_rfc),
		cmocka_unit_test(every_way_of_computing_it_agrees),
		cmocka_unit_test(goes_on_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
