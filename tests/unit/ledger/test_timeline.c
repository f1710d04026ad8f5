/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "collector/ledger/timeline.h"

#define T0 1774972800

static struct evidence good(void)
{
	return (struct evidence){.due = 6, .made = 6, .ever = 1u << CLASS_INTERNET};
}

static struct history_slot slot(
	uint32_t agent, uint32_t run, uint32_t boot, int64_t from, int64_t to)
{
	static uint32_t sequence;
	return (struct history_slot){
		.from = T0 + from,
		.to = T0 + to,
		.accepted_s = T0,
		.enrolled = agent,
		.agent = agent,
		.run = run,
		.sequence = ++sequence,
		.boot = boot,
		.evidence = good(),
	};
}

static struct history_boot boot(uint32_t agent, uint32_t run, int64_t booted, bool stopped)
{
	return (struct history_boot){
		.agent = agent,
		.first_run = run,
		.last_run = run,
		.booted_s = T0 + booted,
		.placed = true,
		.stopped = stopped,
	};
}

static void expect_line(const struct history *history, const char *wanted)
{
	char text[1024] = "";
	size_t at = 0;
	struct line line;
	assert_int_equal(line_build(history, &line), 0);
	for (size_t i = 0; i < line.slot_count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "[%lld %lld) ",
			(long long)(line.slots[i].from - T0), (long long)(line.slots[i].to - T0));
	for (size_t i = 0; i < line.hole_count; i++) {
		const struct line_hole *hole = &line.holes[i];
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s %lld ",
			unknown_cause_name(hole->cause), (long long)(hole->from - T0));
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			hole->to == INT64_MAX ? "- " : "%lld ", (long long)(hole->to - T0));
	}
	line_done(&line);
	assert_string_equal(text, wanted);
}

static void newer_agent_wins_from_its_acceptance(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 100), slot(2, 1, 1, 50, 150)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(2, 1, -9, false)};
	struct history history = {slots, 2, boots, 2, NULL, 0, 0};
	expect_line(&history, "[0 50) [50 150) ");
	slots[1].accepted_s = T0 + 80;
	expect_line(&history, "[0 80) [80 150) ");
	slots[1].accepted_s = T0 + 500; /* nobody rewrites the past by enrolling anew */
	expect_line(&history, "[0 100) [100 150) ");
}

static void lower_run_and_sequence_win_within_an_agent(void **state)
{
	struct history_slot slots[] = {slot(1, 2, 1, 0, 100), slot(1, 1, 0, 50, 150)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(1, 2, -9, false)};
	struct history history = {slots, 2, boots, 2, NULL, 0, 0};
	slots[0].evidence.lost = 1;
	expect_line(&history, "[0 50) [50 150) ");
	struct history_slot tail[] = {slot(1, 1, 0, 0, 100), slot(1, 1, 0, 50, 150)};
	history.slots = tail;
	expect_line(&history, "[0 100) [100 150) ");
}

static void order_of_the_slots_does_not_matter(void **state)
{
	struct history_slot a = slot(1, 1, 0, 0, 60), b = slot(1, 1, 0, 60, 120),
			    c = slot(2, 1, 1, 90, 150);
	struct history_slot orders[][3] = {{a, b, c}, {c, b, a}, {b, a, c}, {c, a, b}};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(2, 1, -9, false)};
	for (size_t i = 0; i < 4; i++) {
		struct history history = {orders[i], 3, boots, 2, NULL, 0, 0};
		expect_line(&history, "[0 60) [60 90) [90 150) ");
	}
}

static void gap_with_the_same_boot_is_the_agents(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(1, 2, 0, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false)};
	struct history history = {slots, 2, boots, 1, NULL, 0, 0};
	expect_line(&history, "[0 60) [600 660) agent 60 600 ");
}

static void gap_to_a_new_boot_is_power_until_the_boot(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(1, 2, 1, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(1, 2, 570, false)};
	struct history history = {slots, 2, boots, 2, NULL, 0, 0};
	expect_line(&history, "[0 60) [600 660) power 60 570 agent 570 600 ");
	boots[0].alive_s = T0 + 90; /* an anchor after its last slot */
	expect_line(&history, "[0 60) [600 660) agent 60 90 power 90 570 agent 570 600 ");
	boots[0].stopped = true;
	expect_line(&history, "[0 60) [600 660) restart 60 600 ");
}

static void gap_to_a_boot_after_a_reset_is_a_restart(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(1, 2, 1, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(1, 2, 570, false)};
	struct history history = {slots, 2, boots, 2, NULL, 0, 0};
	boots[0].reset = RESET_WATCHDOG; /* of the boot before: tells of another hole */
	for (uint8_t reset = 0; reset < RESET_COUNT; reset++) {
		bool had_power = reset == RESET_WATCHDOG || reset == RESET_PANIC;
		boots[1].reset = reset;
		expect_line(&history,
			had_power ? "[0 60) [600 660) restart 60 600 "
				  : "[0 60) [600 660) power 60 570 agent 570 600 ");
	}
}

static void gap_record_of_the_agent_goes_first(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(1, 2, 1, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(1, 2, 570, false)};
	struct history_drop drops[] = {{1, T0 + 30, T0 + 200}};
	struct history history = {slots, 2, boots, 2, drops, 1, 0};
	expect_line(&history, "[0 60) [600 660) dropped 60 200 power 200 570 agent 570 600 ");
}

static void slots_without_a_place_make_the_gap_the_clocks(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(1, 3, 2, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false),
		{.agent = 1, .first_run = 2, .last_run = 2, .has_unplaced = true},
		boot(1, 3, 570, false)};
	struct history history = {slots, 2, boots, 3, NULL, 0, 0};
	expect_line(&history, "[0 60) [600 660) clock 60 600 ");
	boots[1].first_run = boots[1].last_run = 4;
	expect_line(&history, "[0 60) [600 660) power 60 570 agent 570 600 clock 660 - ");
}

static void gap_between_two_agents_stays_silent(void **state)
{
	struct history_slot slots[] = {slot(1, 1, 0, 0, 60), slot(2, 1, 1, 600, 660)};
	struct history_boot boots[] = {boot(1, 1, -9, false), boot(2, 1, 570, false)};
	struct history history = {slots, 2, boots, 2, NULL, 0, 0};
	expect_line(&history, "[0 60) [600 660) ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_agent_wins_from_its_acceptance),
		cmocka_unit_test(lower_run_and_sequence_win_within_an_agent),
		cmocka_unit_test(order_of_the_slots_does_not_matter),
		cmocka_unit_test(gap_with_the_same_boot_is_the_agents),
		cmocka_unit_test(gap_to_a_new_boot_is_power_until_the_boot),
		cmocka_unit_test(gap_to_a_boot_after_a_reset_is_a_restart),
		cmocka_unit_test(gap_record_of_the_agent_goes_first),
		cmocka_unit_test(slots_without_a_place_make_the_gap_the_clocks),
		cmocka_unit_test(gap_between_two_agents_stays_silent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
