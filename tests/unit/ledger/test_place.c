/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/place.h"

#define S 1000000LL
#define UTC (1774972800 * S)

static void moment_is_placed_by_the_last_anchor_before_it(void **state)
{
	struct place_anchor anchors[] = {
		{200 * S, UTC + 300 * S, 1000},
		{100 * S, UTC + 100 * S, 1000},
	};
	size_t count = place_choose(anchors, 2);
	assert_int_equal(count, 2);
	assert_int_equal(place_us(anchors, count, 150 * S), UTC + 150 * S);
	assert_int_equal(place_us(anchors, count, 199 * S), UTC + 199 * S);
	assert_int_equal(place_us(anchors, count, 200 * S), UTC + 300 * S);
	/* before the first: by the first */
	assert_int_equal(place_us(anchors, count, 0), UTC);
}

static void worse_anchor_is_passed_over(void **state)
{
	struct place_anchor anchors[] = {
		{0, UTC, 1000},
		{100 * S, UTC + 105 * S, 1000 + 10000 + 1}, /* 100 ppm of 100 s is 10 ms */
		{200 * S, UTC + 205 * S, 1000 + 20000},
	};
	size_t count = place_choose(anchors, 3);
	assert_int_equal(count, 2);
	assert_int_equal(place_us(anchors, count, 150 * S), UTC + 150 * S);
	assert_int_equal(place_us(anchors, count, 200 * S), UTC + 205 * S);
}

static void anchor_off_by_more_than_ten_seconds_places_nothing(void **state)
{
	struct place_anchor anchors[] = {{0, UTC, 10 * S + 1}};
	assert_int_equal(place_choose(anchors, 1), 0);
	anchors[0].error_us = 10 * S;
	assert_int_equal(place_choose(anchors, 1), 1);
	assert_int_equal(place_choose(NULL, 0), 0);
}

static void seconds_round_down(void **state)
{
	struct place_anchor anchors[] = {{0, UTC + 999999, 0}};
	assert_int_equal(place_s(anchors, 1, 0), 1774972800);
	assert_int_equal(place_s(anchors, 1, 1), 1774972801);
	anchors[0].utc_us = -1;
	assert_int_equal(place_s(anchors, 1, 0), -1);
}

static void order_of_anchors_does_not_matter(void **state)
{
	struct place_anchor a[] = {{5, UTC, 9}, {5, UTC + 7, 9}, {5, UTC + 3, 4}, {1, UTC, 9}};
	struct place_anchor b[] = {a[3], a[2], a[1], a[0]};
	size_t count = place_choose(a, 4);
	assert_int_equal(count, place_choose(b, 4));
	assert_memory_equal(a, b, count * sizeof(a[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moment_is_placed_by_the_last_anchor_before_it),
		cmocka_unit_test(worse_anchor_is_passed_over),
		cmocka_unit_test(anchor_off_by_more_than_ten_seconds_places_nothing),
		cmocka_unit_test(seconds_round_down),
		cmocka_unit_test(order_of_anchors_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
