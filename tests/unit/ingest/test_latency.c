/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ingest/latency.h"

static void nothing_known_is_0(void **state)
{
	struct latency latency;

	latency_init(&latency);
	assert_int_equal(latency_quantile_us(&latency, 990), 0);
}

static void every_value_is_known_to_an_eighth(void **state)
{
	struct latency latency;

	for (uint64_t us = 0; us < UINT32_MAX; us += us / 9 + 1) {
		uint64_t bound;

		latency_init(&latency);
		latency_add(&latency, us);
		bound = latency_quantile_us(&latency, 500);
		assert_true(bound > us);
		assert_true(bound <= us + us / LATENCY_STEPS + 1);
	}
	latency_init(&latency);
	latency_add(&latency, UINT64_MAX);
	assert_true(latency_quantile_us(&latency, 990) > UINT32_MAX);
}

static void quantiles_are_of_the_nearest_rank(void **state)
{
	struct latency latency;

	latency_init(&latency);
	for (int i = 0; i < 99; i++)
		latency_add(&latency, 5);
	latency_add(&latency, 1000000);
	assert_int_equal(latency_quantile_us(&latency, 500), 6);
	assert_int_equal(latency_quantile_us(&latency, 990), 6);
	assert_true(latency_quantile_us(&latency, 999) > 1000000);
}

static void values_are_forgotten_after_two_turns(void **state)
{
	struct latency latency;

	latency_init(&latency);
	latency_add(&latency, 1000);
	latency_turn(&latency);
	latency_add(&latency, 5);
	assert_true(latency_quantile_us(&latency, 990) > 1000);
	latency_turn(&latency);
	assert_int_equal(latency_quantile_us(&latency, 990), 6);
	latency_turn(&latency);
	assert_int_equal(latency_quantile_us(&latency, 990), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_is_0),
		cmocka_unit_test(every_value_is_known_to_an_eighth),
		cmocka_unit_test(quantiles_are_of_the_nearest_rank),
		cmocka_unit_test(values_are_forgotten_after_two_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
