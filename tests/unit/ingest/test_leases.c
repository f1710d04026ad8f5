/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "collector/ingest/leases.h"

#define S 1000ULL

static int setup(void **state)
{
	struct leases_limits limits = {.all = 5, .provider = 3, .seed = 7};

	return leases_new(&limits, (struct leases **)state);
}

static int teardown(void **state)
{
	leases_free(*state);
	return 0;
}

static bool ask(void **state, uint64_t session, const char *provider, uint64_t now_ms)
{
	struct lease_ask ask = {session, 1, provider};
	uint32_t seconds = 0;
	bool granted = leases_ask(*state, &ask, now_ms, &seconds);

	assert_true(granted ? seconds >= 1 && seconds <= LEASE_S
			    : seconds >= LEASE_WAIT_MIN_S && seconds <= LEASE_WAIT_MAX_S);
	return granted;
}

static void so_many_and_no_more(void **state)
{
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(ask(state, i, "a", 0));
	assert_false(ask(state, 4, "a", 0)); /* the provider's are all out */
	assert_true(ask(state, 5, "b", 0));
	assert_true(ask(state, 6, "c", 0));
	assert_false(ask(state, 7, "d", 0)); /* all are out */
	assert_int_equal(leases_figures(*state, 0).held, 5);
}

static void what_comes_back_is_lent_again(void **state)
{
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(ask(state, i, "a", 0));
	leases_return(*state, 2, 9); /* not held */
	assert_false(ask(state, 4, "a", 0));
	leases_return(*state, 2, 1);
	assert_true(ask(state, 4, "a", 0));
	leases_end_session(*state, 4);
	assert_true(ask(state, 5, "a", 0));
	assert_int_equal(leases_figures(*state, 0).granted, 5);
}

static void a_lease_ends_with_its_time(void **state)
{
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(ask(state, i, "a", i * S));
	assert_false(ask(state, 4, "a", LEASE_S * S));
	assert_true(ask(state, 4, "a", (LEASE_S + 1) * S));
	assert_int_equal(leases_figures(*state, (LEASE_S + 1) * S).expired, 1);
	assert_int_equal(leases_figures(*state, (2 * LEASE_S + 1) * S).held, 0);
}

static void asking_again_is_the_same_lease(void **state)
{
	struct lease_ask again = {1, 1, "a"};
	uint32_t seconds;

	assert_true(ask(state, 1, "a", 0));
	assert_true(leases_ask(*state, &again, 50 * S, &seconds));
	assert_int_equal(seconds, LEASE_S - 50);
	assert_int_equal(leases_figures(*state, 50 * S).held, 1);
}

static void a_session_cannot_take_them_all(void **state)
{
	uint32_t seconds, granted = 0;

	for (uint32_t number = 1; number <= 5; number++) {
		struct lease_ask ask = {1, number, number % 2 ? "a" : "b"};

		granted += leases_ask(*state, &ask, 0, &seconds);
	}
	assert_int_equal(granted, LEASES_OF_SESSION);
}

/* A thousand routers whose tests are due in the same second: they come back over minutes, and no
 * second has more than a few of them. */
static void those_who_wait_are_spread(void **state)
{
	unsigned seconds_of[LEASE_WAIT_MAX_S + 1] = {0}, most = 0;

	for (uint64_t session = 1; session <= 1000; session++) {
		struct lease_ask ask = {session, 1, "a"};
		uint32_t seconds;

		if (!leases_ask(*state, &ask, 0, &seconds))
			seconds_of[seconds]++;
	}
	for (size_t i = 0; i <= LEASE_WAIT_MAX_S; i++)
		most = seconds_of[i] > most ? seconds_of[i] : most;
	assert_in_range(most, 1, 15);
}

static void nothing_is_lent_where_nothing_may_be(void **state)
{
	struct leases_limits limits = {.all = 0, .provider = 4, .seed = 1};
	struct leases *leases;
	struct lease_ask ask = {1, 1, ""};
	uint32_t seconds;

	assert_int_equal(leases_new(&limits, &leases), 0);
	assert_false(leases_ask(leases, &ask, 0, &seconds));
	leases_free(leases);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(so_many_and_no_more),
		CASE(what_comes_back_is_lent_again),
		CASE(a_lease_ends_with_its_time),
		CASE(asking_again_is_the_same_lease),
		CASE(a_session_cannot_take_them_all),
		CASE(those_who_wait_are_spread),
		CASE(nothing_is_lent_where_nothing_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
