/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/digits.h"

static void check(int64_t value)
{
	char wanted[32], text[DIGITS_BYTES];

	*digits_put(text, value) = '\0';
	snprintf(wanted, sizeof(wanted), "%" PRId64, value);
	assert_string_equal(text, wanted);
}

static void numbers_are_written_as_printf_does(void **state)
{
	const int64_t limits[] = {0, 9, 10, 99, 100, INT32_MAX, INT64_MAX, INT64_MIN, -1, -10};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		check(limits[i]);
	for (int64_t value = 1; value < INT64_MAX / 7; value *= 7) {
		check(value);
		check(-value);
	}
}

static void a_number_of_digits_is_kept(void **state)
{
	char text[DIGITS_BYTES];

	*digits_put_padded(text, 7, 2) = '\0';
	assert_string_equal(text, "07");
	*digits_put_padded(text, 0, 6) = '\0';
	assert_string_equal(text, "000000");
	*digits_put_padded(text, 12345, 4) = '\0';
	assert_string_equal(text, "2345");
	assert_ptr_equal(digits_put_padded(text, 5, 0), text);
}

static void only_digits_up_to_a_limit_are_read(void **state)
{
	static const char *const wrong[] = {
		"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "101", "1000000000000000000"};
	int64_t value = -7;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(digits_parse(wrong[i], 100, &value), -EINVAL);
	assert_int_equal(digits_parse("1000000000000000000", INT64_MAX, &value), -EINVAL);
	assert_int_equal(value, -7);
	assert_int_equal(digits_parse("100", 100, &value), 0);
	assert_int_equal(value, 100);
	assert_int_equal(digits_parse("007", 100, &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(digits_parse("999999999999999999", INT64_MAX, &value), 0);
	assert_int_equal(value, 999999999999999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_printf_does),
		cmocka_unit_test(a_number_of_digits_is_kept),
		cmocka_unit_test(only_digits_up_to_a_limit_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
