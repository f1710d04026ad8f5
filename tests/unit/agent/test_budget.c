/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/core/budget.h"
#include "agent/errands/budget_file.h"
#include "agent/errands/missing.h"
#include "agent/errands/pauses.h"

#define TODAY 20778U

static void what_is_older_than_thirty_days_is_forgotten(void **state)
{
	struct budget budget = {0};

	budget_charge(&budget, TODAY, 100);
	budget_charge(&budget, TODAY + 29, 10);
	assert_int_equal(budget_spent(&budget, TODAY + 29), 110);
	assert_int_equal(budget_spent(&budget, TODAY + 30), 10);
	budget_charge(&budget, TODAY + 30, 1);
	assert_int_equal(budget.count, 2);
}

static void each_day_is_kept_once_and_no_more_than_thirty(void **state)
{
	struct budget budget = {0};

	for (uint32_t day = 0; day < 100; day++)
		for (int test = 0; test < 4; test++)
			budget_charge(&budget, TODAY + day, 5);
	assert_int_equal(budget.count, BUDGET_DAYS);
	assert_int_equal(budget_spent(&budget, TODAY + 99), BUDGET_DAYS * 20);
}

static void clock_that_was_never_set_spends_all_the_same(void **state)
{
	struct budget budget = {0};

	budget_charge(&budget, BUDGET_DAY_UNKNOWN, 7);
	assert_int_equal(budget_spent(&budget, BUDGET_DAY_UNKNOWN), 7);
	budget_charge(&budget, TODAY, 1);
	budget_charge(&budget, BUDGET_DAY_UNKNOWN, 2);
	assert_int_equal(budget_spent(&budget, TODAY), 3); /* the 7 are of 1970 */
}

static void day_of_the_future_counts_as_today(void **state)
{
	struct budget budget = {0};

	budget_charge(&budget, TODAY + 4000, 50);
	assert_int_equal(budget_spent(&budget, TODAY), 50);
	budget_charge(&budget, TODAY, 1);
	assert_int_equal(budget_spent(&budget, TODAY), 51);
	assert_int_equal(budget_spent(&budget, TODAY + 30), 0);
}

static void text_holds_all_of_it(void **state)
{
	struct budget budget = {0}, again;
	char text[BUDGET_TEXT_MAX];
	size_t length;

	for (uint32_t day = 0; day < BUDGET_DAYS; day++)
		budget_charge(&budget, UINT32_MAX - BUDGET_DAYS + day, UINT64_MAX);
	length = budget_format(&budget, text);
	assert_int_equal(length, strlen(text));
	assert_true(length < BUDGET_TEXT_MAX - 1);
	budget_parse(text, &again);
	assert_int_equal(again.count, budget.count);
	for (size_t i = 0; i < again.count; i++) {
		assert_int_equal(again.days[i].day, budget.days[i].day);
		assert_int_equal(again.days[i].bytes, budget.days[i].bytes);
	}
}

static void damaged_text_costs_its_lines_alone(void **state)
{
	struct budget budget;

	budget_parse("20778 5\nnonsense\n20779\n20778 9\n20780 -4\n20781 7", &budget);
	assert_int_equal(budget_spent(&budget, 20781), 12);
	budget_parse("", &budget);
	assert_int_equal(budget.count, 0);
	budget_parse(NULL, &budget);
	assert_int_equal(budget.count, 0);
}

static void file_is_there_after_a_restart(void **state)
{
	char folder[] = "/tmp/budget-XXXXXX", path[64];
	struct budget_file file;

	assert_non_null(mkdtemp(folder));
	budget_file_open(&file, folder);
	assert_int_equal(budget_file_spent(&file), 0);
	budget_file_charge(&file, 0);
	snprintf(path, sizeof(path), "%s/speed.budget", folder);
	assert_int_not_equal(access(path, F_OK), 0); /* nothing to write */
	budget_file_charge(&file, 1000);
	budget_file_charge(&file, 234);
	budget_file_open(&file, folder);
	assert_int_equal(budget_file_spent(&file), 1234);
	unlink(path);
	rmdir(folder);
}

static void missing_helper_is_news_once_a_day(void **state)
{
	struct missing missing = {0};

	assert_true(missing_is_news(&missing, 0));
	assert_false(missing_is_news(&missing, 0));
	assert_true(missing_is_news(&missing, 1));
}

static void thousand_routers_do_not_come_at_once(void **state)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t first_ms = pauses_first_ms(3600), next_ms = pauses_next_ms(3600);

		assert_true(first_ms >= 300000 && first_ms <= 1800000);
		assert_true(next_ms >= 2880000 && next_ms <= 4320000);
		least = first_ms < least ? first_ms : least;
		most = first_ms > most ? first_ms : most;
	}
	assert_true(most - least > 1200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_older_than_thirty_days_is_forgotten),
		cmocka_unit_test(each_day_is_kept_once_and_no_more_than_thirty),
		cmocka_unit_test(clock_that_was_never_set_spends_all_the_same),
		cmocka_unit_test(day_of_the_future_counts_as_today),
		cmocka_unit_test(text_holds_all_of_it),
		cmocka_unit_test(damaged_text_costs_its_lines_alone),
		cmocka_unit_test(file_is_there_after_a_restart),
		cmocka_unit_test(missing_helper_is_news_once_a_day),
		cmocka_unit_test(thousand_routers_do_not_come_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
