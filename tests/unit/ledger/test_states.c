/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "line_maker.h"

/* 2026-04-01 00:00 WITA; any second would do. */
#define T0 1774972800

static void expect(const char *line, const struct terms *terms, const char *states)
{
	char text[4096];
	judge_text(line, T0, terms, text, sizeof(text));
	assert_string_equal(text, states);
}

static struct terms usual(void)
{
	struct terms terms;
	terms_init(&terms);
	return terms;
}

static void run_of_bad_shorter_than_window_is_forgiven(void **state)
{
	struct terms terms = usual();
	expect("g10 b4 g10", &terms, "U1440 N-:silent");
}

static void run_of_bad_of_exactly_the_window_is_down(void **state)
{
	struct terms terms = usual();
	expect("g10 b5 g10", &terms, "U600 D300:upstream U600 N-:silent");
	terms.window_s = 301;
	expect("g10 b5 g10", &terms, "U1500 N-:silent");
}

static void run_of_good_shorter_than_window_does_not_end_an_outage(void **state)
{
	struct terms terms = usual();
	expect("g10 b5 g4 b1 g10", &terms, "U600 D600:upstream U600 N-:silent");
	expect("g10 b5 g5 b1 g10", &terms, "U600 D300:upstream U960 N-:silent");
}

static void gap_that_could_hide_an_outage_is_unknown(void **state)
{
	struct terms terms = usual();
	expect("g10 .5 g10", &terms, "U600 N300:silent U600 N-:silent");
	/* too short to be an outage either way */
	expect("g10 .4 g10", &terms, "U1440 N-:silent");
}

static void gap_inside_an_outage_shorter_than_window_stays_down(void **state)
{
	struct terms terms = usual();
	expect("g10 b5 .4 b5 g10", &terms, "U600 D840:upstream U600 N-:silent");
	expect("g10 b5 .5 b5 g10", &terms,
		"U600 D300:upstream N300:silent D300:upstream U600 N-:silent");
}

static void short_hole_is_bridged_by_its_neighbours(void **state)
{
	struct terms terms = usual();
	expect("g10 b2 .2 b2 g10", &terms, "U600 D360:upstream U600 N-:silent");
	expect("g10 b2 .1 f1 b2 g10", &terms, "U600 D360:upstream U600 N-:silent");
	terms.bridge_s = 119;
	expect("g10 b2 .2 b2 g10", &terms, "U600 N120:edge N120:silent N120:edge U600 N-:silent");
}

static void hole_between_good_and_bad_is_not_bridged(void **state)
{
	struct terms terms = usual();
	expect("g10 .1 b4 g10", &terms, "U600 N60:silent N240:edge U600 N-:silent");
}

static void uncharged_cause_is_unknown_and_can_be_charged(void **state)
{
	struct terms terms = usual();
	expect("g10 l6 g10", &terms, "U600 N360:local U600 N-:silent");
	terms.uncharged = 0;
	expect("g10 l6 g10", &terms, "U600 D360:local U600 N-:silent");
	terms.uncharged = 1u << DOWN_UPSTREAM;
	expect("g10 b6 g10", &terms, "U600 N360:local U600 N-:silent");
}

static void disputed_and_starved_slots_are_unknown(void **state)
{
	struct terms terms = usual();
	expect("g10 x6 g10", &terms, "U600 N360:disputed U600 N-:silent");
	expect("g10 f6 g10", &terms, "U600 N360:agent U600 N-:silent");
}

static void main_cause_is_the_one_that_covers_most(void **state)
{
	struct terms terms = usual();
	expect("g10 b3 a4 g10", &terms, "U600 D420:access U600 N-:silent");
	expect("g10 b3 a3 g10", &terms, "U600 D360:upstream U600 N-:silent");
	expect("g10 a3 b3 g10", &terms, "U600 D360:access U600 N-:silent");
}

static void outage_that_still_runs_is_unknown_until_the_window(void **state)
{
	struct terms terms = usual();
	expect("g10 b3", &terms, "U600 N180:edge N-:silent");
	expect("g10 b6", &terms, "U600 D360:upstream N-:silent");
}

static void time_before_the_first_slot_is_unknown(void **state)
{
	struct terms terms = usual();
	expect(".10 b3 g10", &terms, "N600:silent N180:edge U600 N-:silent");
	expect("", &terms, "N-:silent");
}

static void loss_at_the_threshold_is_good(void **state)
{
	struct terms terms = usual();
	struct line_slot slot = {T0, T0 + 600, 6, 6, 3, DOWN_UPSTREAM, false};
	struct line line = {.slots = &slot, .slot_count = 1};
	struct states states = {0};
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states_at(&states, T0)->state, STATE_U);
	states_done(&states);
	slot.lost = 4;
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states_at(&states, T0)->state, STATE_D);
	states_done(&states);
}

static void slot_in_which_nothing_was_due_is_known_if_one_round_was_made(void **state)
{
	struct terms terms = usual();
	struct line_slot slot = {T0, T0 + 400, 0, 1, 0, DOWN_UPSTREAM, false};
	struct line line = {.slots = &slot, .slot_count = 1};
	struct states states = {0};
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states_at(&states, T0)->state, STATE_U);
	states_done(&states);
	slot.made = 0;
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states_at(&states, T0)->state, STATE_N);
	assert_int_equal(states_at(&states, T0)->cause, UNKNOWN_AGENT);
	states_done(&states);
}

static void forgiven_bad_slots_are_high_loss_intervals(void **state)
{
	struct terms terms = usual();
	struct line line;
	struct states states = {0};
	line_make(&line, T0, "g10 b2 .2 b2 g10 b1 g10 b5 g10");
	terms.window_s = 301;
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	/* the bridged run of 6 minutes is down, so two intervals are left */
	assert_int_equal(states.high_loss.count, 2);
	assert_int_equal(spans_total(&states.high_loss), 360);
	states_done(&states);
	line_done(&line);
}

static void power_gap_near_a_bad_slot_is_left_to_a_person(void **state)
{
	struct terms terms = usual();
	struct line line;
	struct states states = {0};
	/* bad ends 299 s before the gap: less than W; 300 s: not */
	line_make(&line, T0, "g10 b1 g5 p60 g10");
	line.slots[10].to -= 1;
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states.power_person.count, 0);
	states_done(&states);
	line.slots[10].to += 1;
	terms.window_s = 301;
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(states.power_person.count, 1);
	states_done(&states);
	line_done(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_of_bad_shorter_than_window_is_forgiven),
		cmocka_unit_test(run_of_bad_of_exactly_the_window_is_down),
		cmocka_unit_test(run_of_good_shorter_than_window_does_not_end_an_outage),
		cmocka_unit_test(gap_that_could_hide_an_outage_is_unknown),
		cmocka_unit_test(gap_inside_an_outage_shorter_than_window_stays_down),
		cmocka_unit_test(short_hole_is_bridged_by_its_neighbours),
		cmocka_unit_test(hole_between_good_and_bad_is_not_bridged),
		cmocka_unit_test(uncharged_cause_is_unknown_and_can_be_charged),
		cmocka_unit_test(disputed_and_starved_slots_are_unknown),
		cmocka_unit_test(main_cause_is_the_one_that_covers_most),
		cmocka_unit_test(outage_that_still_runs_is_unknown_until_the_window),
		cmocka_unit_test(time_before_the_first_slot_is_unknown),
		cmocka_unit_test(loss_at_the_threshold_is_good),
		cmocka_unit_test(slot_in_which_nothing_was_due_is_known_if_one_round_was_made),
		cmocka_unit_test(forgiven_bad_slots_are_high_loss_intervals),
		cmocka_unit_test(power_gap_near_a_bad_slot_is_left_to_a_person),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
