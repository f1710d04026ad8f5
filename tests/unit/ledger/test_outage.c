/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/outage.h"
#include "line_maker.h"

#define T0 1774972800

static void find(const char *text, struct outage **outages, size_t *count, struct states *states)
{
	struct line line;
	struct terms terms;
	terms_init(&terms);
	line_make(&line, T0, text);
	assert_int_equal(states_compute(&line, &terms, T0, states), 0);
	assert_int_equal(outages_find(states, T0 + 100000, outages, count), 0);
	line_done(&line);
}

static void runs_joined_only_by_unknown_are_one_outage(void **state)
{
	struct outage *outages;
	size_t count;
	struct states states = {0};
	struct spans within = {0};
	find("g10 b5 .10 a6 g10 b5 g10", &outages, &count, &states);
	assert_int_equal(count, 2);
	assert_int_equal(outages[0].from, T0 + 600);
	assert_int_equal(outages[0].to, T0 + 600 + 300 + 600 + 360);
	assert_int_equal(outages[0].down_s, 660);
	assert_int_equal(outages[0].unknown_s, 600);
	assert_int_equal(outages[0].cause, DOWN_ACCESS);
	assert_int_equal(outages[1].down_s, 300);
	spans_add(&within, T0, T0 + 700);
	assert_int_equal(outage_down_within(&outages[0], &states, &within), 100);
	assert_int_equal(outage_down_within(&outages[1], &states, &within), 0);
	spans_done(&within);
	free(outages);
	states_done(&states);
}

static void outage_that_still_runs_ends_where_knowledge_ends(void **state)
{
	struct outage *outages;
	size_t count;
	struct states states = {0};
	find("g10 b6", &outages, &count, &states);
	assert_int_equal(count, 1);
	assert_int_equal(outages[0].to, T0 + 960);
	assert_int_equal(outages[0].span_to, SPAN_FOREVER);
	assert_int_equal(outages[0].unknown_s, 100000 - 960);
	free(outages);
	states_done(&states);
}

static void unknown_alone_is_no_outage(void **state)
{
	struct outage *outages;
	size_t count;
	struct states states = {0};
	find("g10 .30 g10", &outages, &count, &states);
	assert_int_equal(count, 0);
	free(outages);
	states_done(&states);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_joined_only_by_unknown_are_one_outage),
		cmocka_unit_test(outage_that_still_runs_ends_where_knowledge_ends),
		cmocka_unit_test(unknown_alone_is_no_outage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
