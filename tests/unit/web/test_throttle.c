/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "web/account/throttle.h"

#define S 1000000ULL

static const struct throttle_rule rule = {.burst = 3, .refill_us = 60 * S};
static const uint64_t now = 1000 * S;

static void so_many_failures_pass_and_then_one_in_a_while(void **state)
{
	struct throttle *throttle = throttle_new(8);

	for (int i = 0; i < 3; i++) {
		assert_int_equal(throttle_wait_us(throttle, &rule, "a", now), 0);
		throttle_charge(throttle, &rule, "a", now);
	}
	assert_int_equal(throttle_wait_us(throttle, &rule, "a", now), 60 * S);
	assert_int_equal(throttle_wait_us(throttle, &rule, "a", now + 59 * S), S);
	assert_int_equal(throttle_wait_us(throttle, &rule, "a", now + 60 * S), 0);
	throttle_charge(throttle, &rule, "a", now + 60 * S);
	assert_int_equal(throttle_wait_us(throttle, &rule, "a", now + 60 * S), 60 * S);
	assert_int_equal(throttle_wait_us(throttle, &rule, "b", now), 0);
	throttle_free(throttle);
}

static void after_a_rest_it_is_as_if_nothing_had_been(void **state)
{
	struct throttle *throttle = throttle_new(8);

	for (int i = 0; i < 3; i++)
		throttle_charge(throttle, &rule, "a", now);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(throttle_wait_us(throttle, &rule, "a", now + 180 * S), 0);
		throttle_charge(throttle, &rule, "a", now + 180 * S);
	}
	assert_true(throttle_wait_us(throttle, &rule, "a", now + 180 * S) > 0);
	throttle_free(throttle);
}

static void what_turned_out_well_does_not_count(void **state)
{
	struct throttle *throttle = throttle_new(8);

	for (int i = 0; i < 100; i++) {
		assert_int_equal(throttle_wait_us(throttle, &rule, "a", now), 0);
		throttle_charge(throttle, &rule, "a", now);
		throttle_forgive(throttle, &rule, "a");
	}
	for (int i = 0; i < 3; i++)
		throttle_charge(throttle, &rule, "b", now);
	throttle_clear(throttle, "b");
	assert_int_equal(throttle_wait_us(throttle, &rule, "b", now), 0);
	throttle_forgive(throttle, &rule, "never charged");
	throttle_clear(throttle, "never charged");
	throttle_free(throttle);
}

static void a_full_table_forgets_who_waits_least(void **state)
{
	struct throttle *throttle = throttle_new(4);
	char key[8];

	for (int i = 0; i < 5; i++)
		throttle_charge(throttle, &rule, "worst", now);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "%d", i);
		throttle_charge(throttle, &rule, key, now + (uint64_t)i);
	}
	assert_true(throttle_wait_us(throttle, &rule, "worst", now) > 0);
	throttle_free(throttle);
}

static void a_key_is_told_by_its_beginning(void **state)
{
	struct throttle *throttle = throttle_new(4);
	char key[THROTTLE_KEY_BYTES + 20];

	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	for (int i = 0; i < 3; i++)
		throttle_charge(throttle, &rule, key, now);
	assert_true(throttle_wait_us(throttle, &rule, key, now) > 0);
	assert_int_equal(throttle_wait_us(throttle, &rule, "k", now), 0);
	throttle_free(throttle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_failures_pass_and_then_one_in_a_while),
		cmocka_unit_test(after_a_rest_it_is_as_if_nothing_had_been),
		cmocka_unit_test(what_turned_out_well_does_not_count),
		cmocka_unit_test(a_full_table_forgets_who_waits_least),
		cmocka_unit_test(a_key_is_told_by_its_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
