/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "collector/ingest/attempts.h"

static struct attempts attempts;

static int begin_anew(void **state)
{
	attempts_init(&attempts);
	return 0;
}

static bool ask(const char *host, uint64_t now_ms, bool wrong)
{
	const char *why = NULL;

	if (!attempts_begin(&attempts, host, now_ms, &why)) {
		assert_non_null(why);
		return false;
	}
	attempts_end(&attempts, host, now_ms, wrong);
	return true;
}

static void test_who_is_wrong_too_often_waits_and_others_do_not(void **state)
{
	for (int i = 0; i < ATTEMPTS_WRONG; i++)
		assert_true(ask("10.0.0.1", 1000, true));
	assert_false(ask("10.0.0.1", 2000, false));
	assert_true(ask("10.0.0.2", 2000, false));
	assert_false(ask("10.0.0.1", 1000 + ATTEMPTS_WINDOW_MS - 1, false));
	assert_true(ask("10.0.0.1", 1000 + ATTEMPTS_WINDOW_MS, false));
}

static void test_who_is_right_asks_as_often_as_he_likes(void **state)
{
	for (int i = 0; i < 10 * ATTEMPTS_ADDRESSES; i++)
		assert_true(ask("10.0.0.1", (uint64_t)i, false));
}

static void test_customer_of_ipv6_has_many_addresses(void **state)
{
	char host[64];

	for (int i = 0; i < ATTEMPTS_WRONG; i++) {
		snprintf(host, sizeof(host), "[2001:db8:0:7::%x]", i);
		assert_true(ask(host, 5, true));
	}
	assert_false(ask("[2001:db8:0:7:ffff::1]", 6, true));
	assert_true(ask("[2001:db8:0:8::1]", 6, true));
}

static void test_line_is_shared(void **state)
{
	const char *why;

	for (int i = 0; i < ATTEMPTS_AT_ONCE; i++)
		assert_true(attempts_begin(&attempts, "10.0.0.1", 0, &why));
	assert_false(attempts_begin(&attempts, "10.0.0.1", 0, &why));
	assert_true(attempts_begin(&attempts, "10.0.0.2", 0, &why));
	attempts_end(&attempts, "10.0.0.1", 0, false);
	assert_true(attempts_begin(&attempts, "10.0.0.1", 0, &why));
}

/* More addresses than are remembered, each once: who comes with a right token is served. */
static void test_flood_from_everywhere_costs_nobody_else(void **state)
{
	char host[64];
	int served = 0;

	for (int i = 0; i < 5000; i++) {
		snprintf(host, sizeof(host), "10.1.%d.%d", i / 256, i % 256);
		served += ask(host, (uint64_t)i, true);
		assert_true(ask("10.0.0.1", (uint64_t)i, false));
	}
	assert_int_equal(served, 5000); /* the first time of each */
	assert_false(ask(host, 5000, true)); /* not again while it storms */
	assert_true(ask(host, 5000 + ATTEMPTS_ALL_WINDOW_MS, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			test_who_is_wrong_too_often_waits_and_others_do_not, begin_anew),
		cmocka_unit_test_setup(test_who_is_right_asks_as_often_as_he_likes, begin_anew),
		cmocka_unit_test_setup(test_customer_of_ipv6_has_many_addresses, begin_anew),
		cmocka_unit_test_setup(test_line_is_shared, begin_anew),
		cmocka_unit_test_setup(test_flood_from_everywhere_costs_nobody_else, begin_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
