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
	const struct link before = {.index = 3, .rx_bytes = 50, .tx_bytes = 10},
			  after = {.index = 3, .rx_bytes = 1050, .tx_bytes = 110};
	struct budget_file file;
	struct err err;

	assert_non_null(mkdtemp(folder));
	budget_file_open(&file, folder);
	assert_int_equal(budget_file_spent(&file), 0);
	snprintf(path, sizeof(path), "%s/speed.budget", folder);
	assert_int_equal(budget_file_hold(&file, 1000, &before, &err), 0);
	budget_file_open(&file, folder); /* cut short */
	assert_int_equal(budget_file_spent(&file), 1000);
	assert_int_equal(budget_file_hold(&file, 3000, &before, &err), 0);
	budget_file_settle(&file, 0, 100, &after); /* of 1,100 that were seen */
	budget_file_open(&file, folder);
	assert_int_equal(budget_file_spent(&file), 1000 + 1050);
	assert_int_equal(budget_file_hold(&file, 500, &before, &err), 0);
	budget_file_call_off(&file);
	budget_file_open(&file, folder);
	assert_int_equal(budget_file_spent(&file), 1000 + 1050);
	unlink(path);
	rmdir(folder);
}

/* The interface is another one, its counters began anew, or others moved all: all stays charged. */
static void what_is_not_sure_is_not_given_back(void **state)
{
	const struct link before = {.index = 3, .rx_bytes = 500, .tx_bytes = 500};
	const struct link after[] = {{.index = 0}, {.index = 4, .rx_bytes = 600, .tx_bytes = 600},
		{.index = 3, .rx_bytes = 499, .tx_bytes = 9000},
		{.index = 3, .rx_bytes = 510, .tx_bytes = 510}};
	char folder[] = "/tmp/budget-XXXXXX", path[64];
	struct budget_file file;
	struct err err;

	assert_non_null(mkdtemp(folder));
	budget_file_open(&file, folder);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(budget_file_hold(&file, 1000, &before, &err), 0);
		budget_file_settle(&file, 7, 20, &after[i]);
		assert_int_equal(budget_file_spent(&file), (i + 1) * 1000);
	}
	snprintf(path, sizeof(path), "%s/speed.budget", folder);
	unlink(path);
	rmdir(folder);
	assert_true(budget_file_hold(&file, 1000, &before, &err) < 0); /* no disk, no test */
	assert_int_equal(budget_file_spent(&file), 4000);
}

static void what_is_due_lies_between_what_moved_and_the_most(void **state)
{
	struct budget budget = {0};

	assert_int_equal(budget_most(2000000), 2000000 + 100000 + 1048576);
	assert_int_equal(budget_due(1000, 0, 0), 1000);
	assert_int_equal(budget_due(1000, 200, 100), 210);
	assert_int_equal(budget_due(1000, 100, 200), 210);
	assert_int_equal(budget_due(1000, 990, 0), 1000);
	assert_int_equal(budget_due(1000, UINT64_MAX, 1), 1000);
	budget_charge(&budget, TODAY, 30);
	budget_charge(&budget, TODAY + 1, 5);
	budget_give_back(&budget, TODAY + 1, 10); /* charged before midnight */
	assert_int_equal(budget_spent(&budget, TODAY + 1), 25);
	budget_give_back(&budget, TODAY + 1, 1000);
	assert_int_equal(budget_spent(&budget, TODAY + 1), 0);
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
		cmocka_unit_test(what_is_not_sure_is_not_given_back),
		cmocka_unit_test(what_is_due_lies_between_what_moved_and_the_most),
		cmocka_unit_test(missing_helper_is_news_once_a_day),
		cmocka_unit_test(thousand_routers_do_not_come_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
