/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include "agent/core/grid.h"

static void slots_lie_on_multiples_of_their_length(void **state)
{
	struct grid grid;

	grid_init(&grid, S(125), 60000, 10000);
	assert_int_equal(grid.start_us, S(125));
	assert_int_equal(grid_slot_start(&grid, S(130)), S(125));
	assert_int_equal(grid_slot_end(&grid, S(130)), S(180));
	assert_int_equal(grid_slot_start(&grid, S(180)), S(180));
	assert_int_equal(grid_slot_end(&grid, S(180)), S(240));
}

static void start_is_rounded_up_to_a_millisecond(void **state)
{
	struct grid grid;

	grid_init(&grid, 5000001, 60000, 10000);
	assert_int_equal(grid.start_us, 5001000);
}

static void start_within_the_last_second_of_a_slot_waits_for_the_next(void **state)
{
	struct grid grid;

	grid_init(&grid, S(59.5), 60000, 10000);
	assert_int_equal(grid.start_us, S(60));
	grid_init(&grid, S(59), 60000, 10000);
	assert_int_equal(grid.start_us, S(59));
}

static void rounds_are_counted_half_open_with_an_extra_one_at_the_start(void **state)
{
	struct grid grid;

	grid_init(&grid, S(125), 60000, 10000);
	assert_int_equal(grid_rounds(&grid, S(125), S(180)), 6); /* 125 130 140 150 160 170 */
	assert_int_equal(grid_rounds(&grid, S(180), S(240)), 6);
	assert_int_equal(grid_rounds(&grid, S(125), S(130)), 1);
	assert_int_equal(grid_rounds(&grid, S(181), S(189)), 0);
	assert_int_equal(grid_rounds(&grid, S(0), S(125)), 0);
	grid_init(&grid, S(120), 60000, 10000);
	assert_int_equal(grid_rounds(&grid, S(120), S(180)), 6); /* on the grid: no extra one */
}

static void next_and_last_round_around_a_moment(void **state)
{
	struct grid grid;

	grid_init(&grid, S(125), 60000, 10000);
	assert_int_equal(grid_round_from(&grid, S(3)), S(125));
	assert_int_equal(grid_round_from(&grid, S(125) + 1), S(130));
	assert_int_equal(grid_round_from(&grid, S(130)), S(130));
	assert_int_equal(grid_round_until(&grid, S(129)), S(125));
	assert_int_equal(grid_round_until(&grid, S(139)), S(130));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_lie_on_multiples_of_their_length),
		cmocka_unit_test(start_is_rounded_up_to_a_millisecond),
		cmocka_unit_test(start_within_the_last_second_of_a_slot_waits_for_the_next),
		cmocka_unit_test(rounds_are_counted_half_open_with_an_extra_one_at_the_start),
		cmocka_unit_test(next_and_last_round_around_a_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
