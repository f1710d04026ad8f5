/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/twin.h"

#define S INT64_C(1000000)
#define UTC (1774972800 * S)

/* A boot whose clock began then, told at this moment of it; of moments [from_s, to_s]. */
static struct twin_life life_of(int64_t booted_s, int64_t told_s, int64_t from_s, int64_t to_s)
{
	struct twin_sign sign = {(uint64_t)(told_s * S), 1000, UTC + (booted_s + told_s) * S,
		UTC + (booted_s + told_s) * S, ANCHOR_COLLECTOR};
	struct twin_life life;

	assert_true(twin_life(
		&sign, 1, (uint64_t[]){(uint64_t)(from_s * S), (uint64_t)(to_s * S)}, &life));
	return life;
}

static void who_follows_is_the_same_device(void **state)
{
	struct twin_life before = life_of(0, 10, 10, 600);
	struct twin_life at_once = life_of(600, 1, 0, 900), later = life_of(700, 1, 0, 900);
	struct span span;

	assert_false(twin_overlap(&before, &later, &span));
	assert_false(twin_overlap(&later, &before, &span));
	assert_false(twin_overlap(&before, &at_once, &span));
}

static void who_lives_at_the_same_time_is_another(void **state)
{
	struct twin_life first = life_of(0, 10, 10, 600), second = life_of(500, 10, 20, 900);
	struct span span;

	assert_true(twin_overlap(&first, &second, &span));
	assert_int_equal(span.from, UTC / S + 520);
	assert_int_equal(span.to, UTC / S + 600);
	assert_true(twin_overlap(&second, &first, &span));
	assert_int_equal(span.from, UTC / S + 520);
}

static void one_that_lived_only_while_the_other_was_silent_is_seen_when_that_goes_on(void **state)
{
	struct twin_life whole = life_of(0, 10, 10, 86400), within = life_of(5000, 3, 3, 4);
	struct span span;

	assert_true(twin_overlap(&whole, &within, &span));
	assert_int_equal(span.from, UTC / S + 5003);
	assert_int_equal(span.to, UTC / S + 5004);
}

static void errors_accuse_nobody(void **state)
{
	struct twin_life first = life_of(0, 10, 10, 600), second = life_of(590, 10, 0, 900);
	struct span span;

	first.to_error_us = 5 * S;
	second.from_error_us = 4 * S; /* with the least that is asked it is more than 10 s */
	assert_false(twin_overlap(&first, &second, &span));
	second.from_error_us = 2 * S;
	assert_true(twin_overlap(&first, &second, &span));
}

static bool judged(const struct twin_sign *signs, size_t count, struct twin_life *ret_life)
{
	struct twin_sign copies[8];

	memcpy(copies, signs, count * sizeof(*signs));
	return twin_life(copies, count, (uint64_t[]){0, 1000 * (uint64_t)S}, ret_life);
}

static void own_clock_is_believed_when_it_agreed_with_ours(void **state)
{
	struct twin_sign sign = {100 * S, 1000, UTC, UTC + 60 * S, ANCHOR_NTP};
	struct twin_life life;

	assert_true(judged(&sign, 1, &life));
	assert_true(life.from_error_us >= TWIN_CLOCK_US);
	sign.received_us = UTC + TWIN_FRESH_US;
	assert_false(judged(&sign, 1, &life)); /* told late: it may be anything */
	sign.received_us = UTC - 3600 * S;
	assert_false(judged(&sign, 1, &life)); /* from the future: it is wrong */
	sign.received_us = UTC;
	sign.source = ANCHOR_MANUAL;
	assert_false(judged(&sign, 1, &life));
	sign.source = ANCHOR_COLLECTOR;
	sign.received_us = UTC + 86400 * S;
	assert_true(judged(&sign, 1, &life)); /* the collector's own word lasts */
	sign.error_us = 11 * (uint64_t)S;
	assert_false(judged(&sign, 1, &life));
}

static void who_contradicts_itself_is_not_judged(void **state)
{
	struct twin_sign signs[] = {
		{500 * S, 1000, UTC + 500 * S, UTC + 500 * S, ANCHOR_NTP},
		{100 * S, 1000, UTC + 160 * S, UTC + 161 * S, ANCHOR_NTP}, /* was set then */
	};
	struct twin_life life;

	assert_false(judged(signs, 2, &life));
	signs[0].source = ANCHOR_COLLECTOR; /* it knows better */
	assert_true(judged(signs, 2, &life));
	assert_int_equal(life.from_us, UTC);
	assert_int_equal(life.to_us, UTC + 1000 * S);
}

static void nothing_tells_of_a_boot_without_signs(void **state)
{
	struct twin_life life;

	assert_false(twin_life(NULL, 0, (uint64_t[]){0, 1}, &life));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_follows_is_the_same_device),
		cmocka_unit_test(who_lives_at_the_same_time_is_another),
		cmocka_unit_test(
			one_that_lived_only_while_the_other_was_silent_is_seen_when_that_goes_on),
		cmocka_unit_test(errors_accuse_nobody),
		cmocka_unit_test(own_clock_is_believed_when_it_agreed_with_ours),
		cmocka_unit_test(who_contradicts_itself_is_not_judged),
		cmocka_unit_test(nothing_tells_of_a_boot_without_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
