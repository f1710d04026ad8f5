/* SPDX-License-Identifier: Apache-2.0 */
/* The rank-sum test: an example worked by hand, and how often it is wrong where nothing differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/rank.h"

#define WORLDS 2000

static uint64_t dice = 88172645463325252ULL;

static int64_t draw(int64_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (int64_t)(dice >> 11) % below;
}

/* Eight above eight: U = 64, mean 32, variance 8*8*17/12 = 90.67; z = 31.5/9.5219 = 3.3082,
 * p = 0.00047. */
static void worked_by_hand(void **state)
{
	int64_t low[] = {1, 2, 3, 4, 5, 6, 7, 8}, high[] = {9, 10, 11, 12, 13, 14, 15, 16};
	struct rank rank;

	rank_higher(high, 8, low, 8, &rank);
	assert_in_range(rank.p_ppm, 465, 475);
	rank_higher(low, 8, high, 8, &rank);
	assert_true(rank.p_ppm > 999000);
	rank_higher(high, 7, low, 8, &rank); /* too few to say anything */
	assert_int_equal(rank.p_ppm, 1000000);
}

static void what_is_alike_says_nothing(void **state)
{
	int64_t own[10], others[10];
	struct rank rank;

	memset(own, 0, sizeof(own));
	memset(others, 0, sizeof(others));
	rank_higher(own, 10, others, 10, &rank);
	assert_int_equal(rank.p_ppm, 1000000);
}

/* Honest providers, of any size, far and near, with many links that lose nothing: those named at
 * one in a hundred are no more than one in a hundred, and a few for chance. */
static void chance_is_as_rare_as_it_says(void **state)
{
	int64_t own[60], others[200];
	size_t named = 0;

	for (size_t world = 0; world < WORLDS; world++) {
		size_t own_count = RANK_MIN + (size_t)draw(50),
		       count = RANK_MIN + (size_t)draw(190);
		int64_t far = draw(80000), wide = 1 + draw(world % 3 ? 60000 : 4);
		struct rank rank;

		for (size_t i = 0; i < own_count; i++)
			own[i] = far + draw(wide) * draw(wide) / wide;
		for (size_t i = 0; i < count; i++)
			others[i] = far + draw(wide) * draw(wide) / wide;
		rank_higher(own, own_count, others, count, &rank);
		named += rank.p_ppm <= 10000;
	}
	/* 20 are expected; 35 or more come with a chance of less than one in five hundred */
	assert_true(named < 35);
	assert_true(named > 2); /* and it is not blind */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_by_hand),
		cmocka_unit_test(what_is_alike_says_nothing),
		cmocka_unit_test(chance_is_as_rare_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
