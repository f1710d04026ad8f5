/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ledger/speed.h"

#define T0 1774972800 /* midnight in WITA */
#define WITA 28800
#define HOUR 3600

/* 20 Mbit/s down, 5 up; 80 % of it in 90 % of the tests, from ten on two days. */
static const struct speed_terms terms = {800000, 900000, 10, 2};

static void add(struct speed_list *list, int hour, uint32_t down_kbps, uint32_t up_kbps)
{
	const struct speed_test test = {
		T0 + hour * HOUR, down_kbps > 0, up_kbps > 0, down_kbps, up_kbps, 20000, 5000};

	assert_int_equal(speed_list_add(list, &test), 0);
}

static struct speed_month judge(const struct speed_terms *by, struct speed_list *list)
{
	struct speed_month month;

	assert_int_equal(speed_judge(by, list, WITA, &month), 0);
	return month;
}

static void nothing_was_tested(void **state)
{
	struct speed_list list = {0};
	struct speed_terms none = {.days = 1};
	struct speed_month month = judge(&terms, &list);

	assert_int_equal(month.tests, 0);
	assert_false(month.has_down);
	assert_false(month.has_up);
	assert_int_equal(month.verdict, VERDICT_UNDECIDED);
	assert_int_equal(judge(&none, &list).verdict, VERDICT_NOT_JUDGED);
}

static void the_share_of_tests_decides_and_is_met_exactly(void **state)
{
	struct speed_list list = {0};

	for (int i = 0; i < 9; i++)
		add(&list, 4 * i, 16000, 4000); /* 80 % to the bit */
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_UNDECIDED); /* nine of ten */
	add(&list, 40, 15999, 4000);
	assert_int_equal(judge(&terms, &list).passed, 9);
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_MET);
	add(&list, 44, 20000, 3999); /* the other direction is judged too */
	assert_int_equal(judge(&terms, &list).passed, 9);
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_MISSED);
	speed_list_done(&list);
}

static void one_whose_device_nobody_knows_decides_nothing(void **state)
{
	struct speed_list list = {0};
	struct speed_month month;

	for (int i = 0; i < 10; i++)
		add(&list, 4 * i, 16000, 4000);
	list.items[9].disputed = true;
	month = judge(&terms, &list);
	assert_int_equal(month.tests, 9); /* it may be no test of this link */
	assert_int_equal(month.verdict, VERDICT_UNDECIDED);
	for (int i = 10; i < 20; i++)
		add(&list, 4 * i, 16000, 4000);
	for (int i = 20; i < 22; i++) {
		add(&list, 4 * i, 1000, 1000);
		list.items[list.count - 1].disputed = true;
	}
	month = judge(&terms, &list); /* 19 of 19, or of 21: 90.4 % */
	assert_int_equal(month.passed, 19);
	assert_int_equal(month.down_median_kbps, 16000);
	assert_int_equal(month.verdict, VERDICT_MET);
	add(&list, 88, 1000, 1000);
	list.items[list.count - 1].disputed = true;
	month = judge(&terms, &list); /* 19 of 22: 86.3 % */
	assert_int_equal(month.days, 4);
	assert_int_equal(month.verdict, VERDICT_UNDECIDED);
	for (int i = 23; i < 28; i++)
		add(&list, 4 * i, 1000, 1000);
	month = judge(&terms, &list); /* 19 of 24, or 20 of 25 at best */
	assert_int_equal(month.verdict, VERDICT_MISSED);
	speed_list_done(&list);
}

static void one_of_which_two_figures_came_may_be_either(void **state)
{
	struct speed_list list = {0};

	for (int i = 0; i < 19; i++)
		add(&list, 4 * i, 16000, 4000);
	for (int i = 19; i < 22; i++) {
		add(&list, 4 * i, 16000, 4000);
		list.items[i].disputed = true;
	}
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_MET);
	for (int i = 19; i < 22; i++)
		list.items[i].several = true;
	/* 19 of 22 where the other figures were too low */
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_UNDECIDED);
	list.count = 21;
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_MET);
	list.count = 9; /* what people decided against is no longer there: too few */
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_UNDECIDED);
	speed_list_done(&list);
}

static void each_direction_counts_where_it_was_measured(void **state)
{
	struct speed_list list = {0};
	struct speed_month month;

	for (int i = 0; i < 10; i++)
		add(&list, 4 * i, 16000 + (uint32_t)i, 0);
	month = judge(&terms, &list);
	assert_int_equal(month.verdict, VERDICT_MET);
	assert_true(month.has_down);
	assert_false(month.has_up);
	speed_list_done(&list);
}

static void tests_of_one_day_do_not_speak_for_a_month(void **state)
{
	struct speed_list list = {0};

	for (int i = 0; i < 12; i++)
		add(&list, 23 - i, 20000, 5000);
	assert_int_equal(judge(&terms, &list).days, 1);
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_UNDECIDED);
	add(&list, 24, 20000, 5000); /* midnight in the link's zone */
	assert_int_equal(judge(&terms, &list).days, 2);
	assert_int_equal(judge(&terms, &list).verdict, VERDICT_MET);
	speed_list_done(&list);
}

static void medians_are_nearest_rank(void **state)
{
	struct speed_list list = {0}, more = {0};
	struct speed_month month;

	add(&list, 1, 3000, 70);
	add(&list, 2, 1000, 0);
	assert_int_equal(judge(&terms, &list).down_median_kbps, 1000);
	assert_int_equal(judge(&terms, &list).up_median_kbps, 70);
	add(&more, 3, 2000, 0);
	add(&more, 4, 9000, 10);
	assert_int_equal(speed_list_merge(&list, &more), 0);
	month = judge(&terms, &list);
	assert_int_equal(month.tests, 4);
	assert_int_equal(month.down_median_kbps, 2000);
	assert_int_equal(month.up_median_kbps, 10);
	speed_list_done(&more);
	speed_list_done(&list);
}

static void the_rate_is_that_of_the_time_of_the_test(void **state)
{
	struct speed_terms one = {1000000, 1000000, 2, 1};
	struct speed_list list = {0};
	struct speed_test before = {T0, true, false, 10000, 0, 10000, 1};
	struct speed_test after = {T0 + HOUR, true, false, 20000, 0, 20000, 1};

	speed_list_add(&list, &before);
	speed_list_add(&list, &after);
	assert_int_equal(judge(&one, &list).verdict, VERDICT_MET);
	after.down_kbps = 19999;
	speed_list_add(&list, &after);
	assert_int_equal(judge(&one, &list).verdict, VERDICT_MISSED);
	speed_list_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_was_tested),
		cmocka_unit_test(the_share_of_tests_decides_and_is_met_exactly),
		cmocka_unit_test(one_whose_device_nobody_knows_decides_nothing),
		cmocka_unit_test(one_of_which_two_figures_came_may_be_either),
		cmocka_unit_test(each_direction_counts_where_it_was_measured),
		cmocka_unit_test(tests_of_one_day_do_not_speak_for_a_month),
		cmocka_unit_test(medians_are_nearest_rank),
		cmocka_unit_test(the_rate_is_that_of_the_time_of_the_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
