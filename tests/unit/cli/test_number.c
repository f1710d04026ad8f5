/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/number.h"

static void number_keeps_every_decimal(void **state)
{
	int64_t value = 0;

	assert_int_equal(number_parse("99.5", 4, &value), 0);
	assert_int_equal(value, 995000);
	assert_int_equal(number_parse("-0.5012345", 7, &value), 0);
	assert_int_equal(value, -5012345);
	assert_int_equal(number_parse("100", 0, &value), 0);
	assert_int_equal(value, 100);
	assert_int_equal(number_parse("9223372036854775807", 0, &value), 0);
	assert_true(value == INT64_MAX);
}

static void number_refuses_what_is_none(void **state)
{
	static const char *const bad[] = {
		"", "-", ".", "1.", ".5", "1.2.3", "1e3", " 1", "1 ", "+1", "0x10", "1,5", "--1"};
	int64_t value = 42;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(number_parse(bad[i], 4, &value), -EINVAL);
		assert_int_equal(value, 42);
	}
}

static void number_refuses_what_it_cannot_hold(void **state)
{
	int64_t value = 42;

	assert_int_equal(number_parse("1.23456", 4, &value), -ERANGE);
	assert_int_equal(number_parse("1.5", 0, &value), -ERANGE);
	assert_int_equal(number_parse("9223372036854775808", 0, &value), -ERANGE);
	assert_int_equal(number_parse("9223372036854775807", 1, &value), -ERANGE);
	assert_int_equal(value, 42);
}

static void check_format(int64_t value, unsigned decimals, const char *expected)
{
	char text[NUMBER_TEXT_BYTES];

	number_format(value, decimals, text);
	assert_string_equal(text, expected);
}

static void number_prints_no_idle_zeros(void **state)
{
	check_format(995000, 4, "99.5");
	check_format(1000000, 4, "100");
	check_format(1, 4, "0.0001");
	check_format(-5012345, 7, "-0.5012345");
	check_format(0, 3, "0");
	check_format(INT64_MIN, 0, "-9223372036854775808");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_keeps_every_decimal),
		cmocka_unit_test(number_refuses_what_is_none),
		cmocka_unit_test(number_refuses_what_it_cannot_hold),
		cmocka_unit_test(number_prints_no_idle_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
