/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/core/trial.h"

#define S 1000000ULL
#define LIMIT (600 * S)
#define SETTLES (LIMIT / TRIAL_SETTLE_PARTS)

static void one_is_kept_once_the_collector_is_heard(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	assert_true(trial_offer(&trial, 7, 5 * S) <= 5 * S);
	trial_take(&trial, 7, 5 * S);
	assert_int_equal(trial.followed, 7);
	assert_int_equal(trial_settles_us(&trial), 5 * S + SETTLES);
	assert_false(trial_heard(&trial, 6 * S)); /* that may have left before */
	assert_true(trial.trying);
	assert_true(trial_heard(&trial, 5 * S + SETTLES));
	assert_false(trial.trying);
	assert_false(trial_fails(&trial, 100 * LIMIT));
	assert_int_equal(trial.followed, 7);
	assert_int_equal(trial_offer(&trial, 7, 100 * LIMIT), TRIAL_NEVER);
}

static void one_that_costs_the_collector_is_given_up(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial_take(&trial, 7, 0);
	trial_heard(&trial, SETTLES);
	trial_take(&trial, 9, 1000 * S);
	assert_false(trial_heard(&trial, 1001 * S));
	assert_int_equal(trial_fails_us(&trial), 1000 * S + LIMIT);
	assert_false(trial_fails(&trial, 1000 * S + LIMIT - 1));
	assert_true(trial_fails(&trial, 1000 * S + LIMIT));
	assert_int_equal(trial.followed, 7);
	assert_int_equal(trial.given_up, 9);
	assert_false(trial_fails(&trial, 1000 * S + 2 * LIMIT)); /* once */
	assert_int_equal(trial_offer(&trial, 9, 5000 * S), TRIAL_NEVER);
	assert_true(trial_offer(&trial, 10, 5000 * S) <= 5000 * S);
}

/* The link was cut just then, or the collector went away: that is not the configuration's doing. */
static void one_without_which_it_is_silent_too_may_come_again(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial_take(&trial, 9, 0);
	assert_int_equal(trial_acquits_us(&trial), TRIAL_NEVER);
	assert_true(trial_fails(&trial, LIMIT));
	assert_int_equal(trial_offer(&trial, 9, LIMIT), TRIAL_NEVER);
	assert_int_equal(trial_acquits_us(&trial), 2 * LIMIT);
	assert_false(trial_acquits(&trial, 2 * LIMIT - 1));
	assert_true(trial_acquits(&trial, 2 * LIMIT));
	assert_false(trial_acquits(&trial, 3 * LIMIT)); /* once */
	assert_int_equal(trial.given_up, 0);
	assert_true(trial_offer(&trial, 9, 2 * LIMIT) <= 2 * LIMIT);
	trial_take(&trial, 9, 3 * LIMIT);
	assert_true(trial_fails(&trial, 4 * LIMIT));
	trial_heard(&trial, 4 * LIMIT + S); /* at once without it: it was to blame */
	assert_false(trial_acquits(&trial, 9 * LIMIT));
	assert_int_equal(trial_offer(&trial, 9, 9 * LIMIT), TRIAL_NEVER);
}

static void the_first_one_goes_back_to_the_own_file(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial_take(&trial, 3, 0);
	assert_true(trial_fails(&trial, LIMIT));
	assert_int_equal(trial.followed, 0);
}

static void another_waits_while_one_is_on_trial(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial_take(&trial, 3, 0);
	assert_int_equal(trial_offer(&trial, 4, S), LIMIT);
	trial_heard(&trial, SETTLES);
	assert_true(trial_offer(&trial, 4, SETTLES) <= SETTLES);
}

/* The power fails in the middle: the trial goes on, and has all its time again. */
static void a_trial_survives_the_program(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 50 * S);
	trial.followed = 2;
	assert_true(trial_resume(&trial, 3, 1, 50 * S));
	assert_int_equal(trial.followed, 3);
	assert_true(trial.trying);
	assert_false(trial_fails(&trial, LIMIT));
	assert_true(trial_fails(&trial, 50 * S + LIMIT));
	assert_int_equal(trial.followed, 2);
	assert_int_equal(trial.given_up, 3);
}

/* One by which the program crashes is never heard of again. */
static void a_trial_does_not_survive_many_starts(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial.followed = 2;
	assert_true(trial_resume(&trial, 3, TRIAL_STARTS_MAX, 0));
	trial_init(&trial, LIMIT, 0);
	trial.followed = 2;
	assert_false(trial_resume(&trial, 3, TRIAL_STARTS_MAX + 1, 0));
	assert_int_equal(trial.followed, 2);
	assert_int_equal(trial.given_up, 3);
	assert_false(trial.trying);
}

/* A collector that offers another one three times a second for a day. */
static void few_are_taken_however_many_are_offered(void **state)
{
	struct trial trial;
	unsigned taken = 0;
	uint32_t version = 1;

	trial_init(&trial, LIMIT, 0);
	for (uint64_t now_us = 0; now_us < 86400 * S; now_us += S / 3) {
		trial_heard(&trial, now_us);
		if (trial_offer(&trial, ++version, now_us) > now_us)
			continue;
		trial_take(&trial, version, now_us);
		taken++;
	}
	assert_in_range(taken, TRIAL_BURST, TRIAL_BURST + 24);
}

static void what_is_refused_is_looked_at_now_and_then(void **state)
{
	struct trial trial;
	unsigned looks = 0;
	uint32_t version = 1;

	trial_init(&trial, LIMIT, 0);
	for (uint64_t now_us = S; now_us <= 3600 * S; now_us += S / 3) {
		if (trial_offer(&trial, ++version, now_us) > now_us)
			continue;
		trial_refuse(&trial, now_us);
		looks++;
	}
	assert_in_range(looks, 340, 360);
	assert_int_equal(trial.tokens, TRIAL_BURST); /* nothing was written */
}

static void what_says_nothing_new_is_adopted(void **state)
{
	struct trial trial;

	trial_init(&trial, LIMIT, 0);
	trial_adopt(&trial, 5, S);
	assert_int_equal(trial.followed, 5);
	assert_false(trial.trying);
	assert_int_equal(trial_offer(&trial, 0, 100 * S), TRIAL_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_kept_once_the_collector_is_heard),
		cmocka_unit_test(one_that_costs_the_collector_is_given_up),
		cmocka_unit_test(one_without_which_it_is_silent_too_may_come_again),
		cmocka_unit_test(the_first_one_goes_back_to_the_own_file),
		cmocka_unit_test(another_waits_while_one_is_on_trial),
		cmocka_unit_test(a_trial_survives_the_program),
		cmocka_unit_test(a_trial_does_not_survive_many_starts),
		cmocka_unit_test(few_are_taken_however_many_are_offered),
		cmocka_unit_test(what_is_refused_is_looked_at_now_and_then),
		cmocka_unit_test(what_says_nothing_new_is_adopted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
