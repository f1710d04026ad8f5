/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/muldiv.h"

static void small_numbers_are_as_the_machine_divides(void **state)
{
	uint64_t rest = 99;

	assert_int_equal(muldiv(7, 9, 4, &rest), 15);
	assert_int_equal(rest, 3);
	assert_int_equal(muldiv(0, UINT64_MAX, 3, &rest), 0);
	assert_int_equal(rest, 0);
	assert_int_equal(muldiv(6, 7, 42, NULL), 1);
}

/* a * b / b is a, and with something on top of it there is a rest. */
static void what_was_multiplied_comes_back(void **state)
{
	for (uint64_t a = 1; a < UINT64_MAX / 13; a *= 13) {
		for (uint64_t b = 3; b < UINT64_MAX / 11; b = b * 11 + 1) {
			uint64_t rest = 99;

			assert_true(muldiv(a, b, b, &rest) == a);
			assert_int_equal(rest, 0);
		}
	}
}

/* Of (c - 1) * (c - 1) / c the quotient is c - 2, the rest 1. */
static void largest_of_all_is_exact(void **state)
{
	for (uint64_t c = UINT64_MAX; c > 3; c /= 3) {
		uint64_t rest = 99;

		assert_true(muldiv(c - 1, c - 1, c, &rest) == c - 2);
		assert_int_equal(rest, 1);
	}
}

/* 10^12 * 2592000 * 10^6 / (2592000 * 999999), by hand: 1000001000001 and a rest. */
static void fee_of_a_month_is_exact(void **state)
{
	uint64_t rest = 99;

	assert_true(
		muldiv(1000000000000, 2592000000000, 2592000 * 999999ULL, &rest) == 1000001000001);
	assert_int_equal(rest, 2592000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_numbers_are_as_the_machine_divides),
		cmocka_unit_test(what_was_multiplied_comes_back),
		cmocka_unit_test(largest_of_all_is_exact),
		cmocka_unit_test(fee_of_a_month_is_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
