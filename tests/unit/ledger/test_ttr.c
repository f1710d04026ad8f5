/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "collector/ledger/ttr.h"
#include "line_maker.h"

#define T0 1774972800
#define NOW (T0 + 86400)

static struct outage only_outage(const char *text)
{
	struct outage *outages = NULL, outage;
	struct states states = {0};
	struct terms terms;
	struct line line;
	size_t count = 0;

	terms_init(&terms);
	line_make(&line, T0, text);
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(outages_find(&states, NOW, &outages, &count), 0);
	assert_int_equal(count, 1);
	outage = outages[0];
	free(outages);
	states_done(&states);
	line_done(&line);
	return outage;
}

static void expect(struct ttr ttr, int64_t shortest_s, int64_t longest_s, bool running)
{
	assert_int_equal(ttr.shortest_s, shortest_s);
	assert_int_equal(ttr.longest_s, longest_s);
	assert_int_equal(ttr.running, running);
}

static void measured_at_both_ends_it_is_one_figure(void **state)
{
	struct outage outage = only_outage("g10 b30 g20");

	expect(ttr_from_start(&outage, NOW), 1800, 1800, false);
	expect(ttr_from_ticket(&outage, T0 + 900, NOW), 1500, 1500, false);
}

static void a_ticket_before_or_after_the_outage(void **state)
{
	struct outage outage = only_outage("g10 b30 g20");

	expect(ttr_from_ticket(&outage, T0, NOW), 1800, 1800, false);
	expect(ttr_from_ticket(&outage, T0 + 2400, NOW), 0, 0, false);
	expect(ttr_from_ticket(&outage, T0 + 9000, NOW), 0, 0, false);
}

static void unknown_time_beside_it_makes_an_interval(void **state)
{
	struct outage outage = only_outage("g10 .10 b30 p20 g20");

	expect(ttr_from_start(&outage, NOW), 1800, 3600, false);
	/* opened in the N before it: the clock began no earlier than the ticket */
	expect(ttr_from_ticket(&outage, T0 + 900, NOW), 1800, 3300, false);
	/* opened while it was surely down */
	expect(ttr_from_ticket(&outage, T0 + 1500, NOW), 1500, 2700, false);
	/* opened in the N after it */
	expect(ttr_from_ticket(&outage, T0 + 3600, NOW), 0, 600, false);
}

static void unknown_time_inside_is_part_of_it(void **state)
{
	struct outage outage = only_outage("g10 b30 p10 b10 g20");

	expect(ttr_from_start(&outage, NOW), 3000, 3000, false);
}

static void one_that_runs_has_lasted_so_long_at_least(void **state)
{
	struct outage outage = only_outage("g10 b30");

	expect(ttr_from_start(&outage, T0 + 3000), 1800, 2400, true);
	expect(ttr_from_ticket(&outage, T0 + 2000, T0 + 3000), 400, 1000, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured_at_both_ends_it_is_one_figure),
		cmocka_unit_test(a_ticket_before_or_after_the_outage),
		cmocka_unit_test(unknown_time_beside_it_makes_an_interval),
		cmocka_unit_test(unknown_time_inside_is_part_of_it),
		cmocka_unit_test(one_that_runs_has_lasted_so_long_at_least),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
