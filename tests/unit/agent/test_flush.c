/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include "agent/core/flush.h"

#define FULL 1000 /* bytes */
#define DAY S(86400)

static struct flush flush;

static int set_up(void **state)
{
	flush_init(&flush, FULL);
	return 0;
}

static void nothing_is_written_while_nothing_waits(void **state)
{
	assert_int_equal(flush_due(&flush), FLUSH_NEVER);
}

static void unacknowledged_records_are_written_ten_minutes_after_the_first(void **state)
{
	flush_added(&flush, S(100), 10, false);
	flush_added(&flush, S(160), 10, false);
	assert_int_equal(flush_due(&flush), S(700));
	flush_done(&flush, S(700));
	assert_int_equal(flush_due(&flush), FLUSH_NEVER);
	flush_added(&flush, S(710), 10, false);
	assert_int_equal(flush_due(&flush), S(1310));
}

static void acknowledged_records_wait_until_there_are_many(void **state)
{
	for (int i = 1; i <= 9; i++) {
		flush_added(&flush, S(60.0 * i), 100, i == 3);
		flush_acked(&flush);
		assert_int_equal(flush_due(&flush), FLUSH_NEVER);
	}
	flush_added(&flush, S(600), 100, false);
	flush_acked(&flush);
	assert_true(flush_due(&flush) <= S(600));
	flush_done(&flush, S(600));
	assert_int_equal(flush_due(&flush), FLUSH_NEVER);
}

static void news_are_written_within_five_seconds(void **state)
{
	flush_added(&flush, S(100), 10, false);
	flush_added(&flush, S(160), 10, true);
	assert_true(flush_due(&flush) > S(160) && flush_due(&flush) <= S(165));
}

static void news_that_are_acknowledged_need_no_flash(void **state)
{
	flush_added(&flush, S(100), 10, true);
	flush_acked(&flush);
	assert_int_equal(flush_due(&flush), FLUSH_NEVER);
}

/* Lives a day in which there is news every `every_us`; how often it was written, and the longest
 * that anything waited. */
static unsigned live_a_day(uint64_t every_us, uint64_t *ret_longest_us)
{
	uint64_t next_us = S(1), first_us = FLUSH_NEVER, longest_us = 0;
	unsigned writes = 0;

	while (next_us < DAY) {
		uint64_t due_us = flush_due(&flush);

		if (due_us > next_us) {
			flush_added(&flush, next_us, 1, true);
			first_us = first_us == FLUSH_NEVER ? next_us : first_us;
			next_us += every_us;
			continue;
		}
		longest_us = due_us - first_us > longest_us ? due_us - first_us : longest_us;
		first_us = FLUSH_NEVER;
		flush_done(&flush, due_us);
		writes++;
	}
	*ret_longest_us = longest_us;
	return writes;
}

static void flapping_link_falls_back_to_the_ten_minutes(void **state)
{
	uint64_t longest_us;
	unsigned writes;

	flush_init(&flush, SIZE_MAX);
	writes = live_a_day(S(20), &longest_us);
	assert_in_range(writes, 144, 144 + FLUSH_NEWS_BURST + 32);
	assert_true(longest_us <= FLUSH_AGE_US);
}

static void day_with_a_few_news_writes_each_at_once(void **state)
{
	uint64_t longest_us;

	flush_init(&flush, SIZE_MAX);
	assert_int_equal(live_a_day(S(2900), &longest_us), 29);
	assert_int_equal(longest_us, FLUSH_NEWS_US);
}

static void budget_is_full_again_after_a_quiet_time(void **state)
{
	uint64_t now_us = S(1);

	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < FLUSH_NEWS_BURST; i++) {
			flush_added(&flush, now_us, 1, true);
			assert_int_equal(flush_due(&flush), now_us + FLUSH_NEWS_US);
			now_us = flush_due(&flush);
			flush_done(&flush, now_us);
		}
		flush_added(&flush, now_us, 1, true);
		assert_int_equal(flush_due(&flush), now_us + FLUSH_AGE_US);
		flush_done(&flush, now_us + FLUSH_AGE_US);
		now_us += FLUSH_NEWS_BURST * FLUSH_NEWS_EVERY_US;
	}
}

static void news_wait_for_the_budget_and_no_longer(void **state)
{
	uint64_t began_us = S(10000);

	for (int i = 0; i < FLUSH_NEWS_BURST; i++) {
		flush_added(&flush, began_us, 1, true);
		flush_done(&flush, began_us + FLUSH_NEWS_US);
	}
	flush_added(&flush, began_us + FLUSH_NEWS_EVERY_US - S(60), 1, true);
	assert_int_equal(flush_due(&flush), began_us + FLUSH_NEWS_US + FLUSH_NEWS_EVERY_US);
}

static void write_that_was_due_anyway_costs_no_budget(void **state)
{
	for (int i = 0; i < 100; i++) {
		uint64_t at_us = S(10000.0 + 600 * i);

		flush_added(&flush, at_us, FULL, true);
		flush_done(&flush, at_us + FLUSH_NEWS_US);
	}
	flush_added(&flush, S(80000), 1, true);
	assert_int_equal(flush_due(&flush), S(80000) + FLUSH_NEWS_US);
}

static void failed_write_is_tried_again_after_ten_minutes(void **state)
{
	flush_added(&flush, S(100), FULL, true);
	flush_failed(&flush, S(102));
	assert_int_equal(flush_due(&flush), S(102) + FLUSH_RETRY_US);
	flush_added(&flush, S(200), FULL, true);
	assert_int_equal(flush_due(&flush), S(102) + FLUSH_RETRY_US);
	flush_done(&flush, S(702));
	flush_added(&flush, S(710), 1, true);
	assert_true(flush_due(&flush) <= S(715));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_written_while_nothing_waits),
		TEST(unacknowledged_records_are_written_ten_minutes_after_the_first),
		TEST(acknowledged_records_wait_until_there_are_many),
		TEST(news_are_written_within_five_seconds),
		TEST(news_that_are_acknowledged_need_no_flash),
		TEST(flapping_link_falls_back_to_the_ten_minutes),
		TEST(day_with_a_few_news_writes_each_at_once),
		TEST(budget_is_full_again_after_a_quiet_time),
		TEST(news_wait_for_the_budget_and_no_longer),
		TEST(write_that_was_due_anyway_costs_no_budget),
		TEST(failed_write_is_tried_again_after_ten_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
