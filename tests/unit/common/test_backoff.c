/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/backoff.h"

static void doubles_up_to_the_ceiling(void **state)
{
	struct backoff backoff;

	backoff_init(&backoff, 1000, 10000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 2000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 4000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 8000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 10000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 10000);
}

static void never_waits_less_than_the_floor(void **state)
{
	struct backoff backoff;
	unsigned i;

	backoff_init(&backoff, 1000, 10000);
	for (i = 0; i < 10; i++)
		assert_int_equal(backoff_next(&backoff, 0), 1000);
}

static void spreads_the_waits_evenly(void **state)
{
	struct backoff backoff;
	unsigned low = 0, high = 0;
	uint32_t i;

	backoff_init(&backoff, 1000, 9000);
	for (i = 0; i < 5; i++)
		backoff_next(&backoff, 0);
	for (i = 0; i < 256; i++) {
		uint32_t wait_ms = backoff_next(&backoff, i << 24);

		assert_in_range(wait_ms, 1000, 9000);
		if (wait_ms < 5000)
			low++;
		else
			high++;
	}
	assert_int_equal(low, high);
}

static void reset_starts_over(void **state)
{
	struct backoff backoff;

	backoff_init(&backoff, 500, 60000);
	backoff_next(&backoff, UINT32_MAX);
	backoff_next(&backoff, UINT32_MAX);
	backoff_reset(&backoff);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 1000);
}

static void widened_it_draws_from_all_of_it(void **state)
{
	struct backoff backoff;

	backoff_init(&backoff, 1000, 60000);
	backoff_widen(&backoff, 140000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 140000);
	assert_int_equal(backoff_next(&backoff, 0), 1000);
	backoff_reset(&backoff);
	backoff_widen(&backoff, 1000); /* never narrower */
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 2000);
}

static void within_a_width_it_does_not_grow(void **state)
{
	struct backoff backoff;

	backoff_init(&backoff, 1000, 60000);
	backoff_widen(&backoff, 33000);
	for (int i = 0; i < 3; i++)
		assert_int_equal(backoff_next_within(&backoff, 33000, UINT32_MAX), 33000);
	assert_int_equal(backoff_next_within(&backoff, 33000, 0), 1000);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 60000);
	assert_int_equal(backoff_next_within(&backoff, 0, UINT32_MAX), 60000);
	assert_int_equal(backoff_next_within(&backoff, 90000, UINT32_MAX), 60000);
}

static void extreme_settings_do_not_overflow(void **state)
{
	struct backoff backoff;

	backoff_init(&backoff, UINT32_MAX, UINT32_MAX);
	assert_true(backoff_next(&backoff, UINT32_MAX) == UINT32_MAX);
	backoff_init(&backoff, 5000, 100); /* a ceiling below the floor is the floor */
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 5000);
	backoff_init(&backoff, 0, UINT32_MAX);
	assert_int_equal(backoff_next(&backoff, UINT32_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_up_to_the_ceiling),
		cmocka_unit_test(never_waits_less_than_the_floor),
		cmocka_unit_test(spreads_the_waits_evenly),
		cmocka_unit_test(reset_starts_over),
		cmocka_unit_test(widened_it_draws_from_all_of_it),
		cmocka_unit_test(within_a_width_it_does_not_grow),
		cmocka_unit_test(extreme_settings_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
