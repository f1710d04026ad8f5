/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "collector/quiet.h"

static void a_topic_speaks_once_a_minute_and_tells_what_was_held_back(void **state)
{
	static struct quiet quiet;
	uint64_t held_back = 99;

	quiet_init(&quiet);
	assert_true(quiet_allows(&quiet, "agent-7 refused", 1000, &held_back));
	assert_int_equal(held_back, 0);
	assert_false(quiet_allows(&quiet, "agent-7 refused", 1001, &held_back));
	assert_false(quiet_allows(&quiet, "agent-7 refused", 60999, &held_back));
	assert_true(quiet_allows(&quiet, "agent-8 refused", 1002, &held_back));
	assert_int_equal(held_back, 0);
	assert_true(quiet_allows(&quiet, "agent-7 refused", 61000, &held_back));
	assert_int_equal(held_back, 2);
	assert_false(quiet_allows(&quiet, "agent-7 refused", 61001, &held_back));
}

static void many_topics_together_are_bounded(void **state)
{
	static struct quiet quiet;
	unsigned lines = 0;
	uint64_t held_back;
	char topic[32];

	quiet_init(&quiet);
	for (int i = 0; i < 10000; i++) {
		snprintf(topic, sizeof(topic), "agent-%d refused", i);
		lines += quiet_allows(&quiet, topic, 5000 + i / 10, &held_back);
	}
	assert_int_equal(lines, QUIET_LINES_PER_S);
	assert_true(quiet_allows(&quiet, "agent-99999 refused", 6000, &held_back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_topic_speaks_once_a_minute_and_tells_what_was_held_back),
		cmocka_unit_test(many_topics_together_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
