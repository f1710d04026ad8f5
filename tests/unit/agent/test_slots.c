/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <string.h>

#include "agent/core/sched.h"
#include "agent/core/slots.h"

static const struct wan_reading idle = {.interface = 2, .carrier = CARRIER_UP};

static struct slots *make(double start_s, uint32_t slot_ms, uint32_t round_ms)
{
	struct grid grid;
	struct slots *slots;

	grid_init(&grid, S(start_s), slot_ms, round_ms);
	assert_int_equal(slots_new(&grid, "wan", boot_id, &idle, &slots), 0);
	return slots;
}

static void tell(struct slots *slots, double round_s, double sent_s, enum outcome outcome)
{
	const struct question question = {.round_us = S(round_s),
		.target = target_v4(CLASS_INTERNET, 1, 0),
		.kind = PROBE_ICMP};
	const struct answer answer = {.sent_us = S(sent_s), .outcome = outcome, .rtt_us = 1234};

	slots_probe(slots, &question, &answer);
}

static void slot_is_taken_when_it_ended_and_its_rounds_are_over(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	tell(slots, 60, 60.001, OUTCOME_ANSWERED);
	tell(slots, 110, 113, OUTCOME_LOST);
	assert_int_equal(slots_due(slots), S(120));
	assert_false(slots_take(slots, SCHED_NEVER, &slot)); /* it collects */
	slots_turn(slots, S(120), &idle);
	assert_false(slots_take(slots, S(110), &slot)); /* a round of it is open */
	assert_true(slots_take(slots, S(120), &slot));
	assert_int_equal(slot.start_us, S(60));
	assert_int_equal(slot.length_ms, 60000);
	assert_int_equal(slot.rounds_due, 6);
	assert_string_equal(slot.wan, "wan");
	assert_memory_equal(slot.boot, boot_id, BOOT_BYTES);
	assert_int_equal(slot.probe_count, 2);
	assert_int_equal(slot.probes[0].offset_ms, 1);
	assert_int_equal(slot.probes[0].rtt_us, 1234);
	assert_int_equal(slot.probes[1].round, 5);
	assert_int_equal(slot.probes[1].rtt_us, 0);
	assert_int_equal(slot.target_count, 1);
	assert_false(slots_take(slots, SCHED_NEVER, &slot));
	slots_free(slots);
}

static void probe_sent_after_the_end_belongs_to_its_rounds_slot(void **state)
{
	struct slots *slots = make(60, 10000, 10000);
	struct slot slot;

	slots_turn(slots, S(70), &idle);
	tell(slots, 60, 76, OUTCOME_LOST);
	tell(slots, 70, 70, OUTCOME_ANSWERED);
	assert_true(slots_take(slots, S(70), &slot));
	assert_int_equal(slot.probe_count, 1);
	assert_int_equal(slot.probes[0].offset_ms, 16000);
	slots_free(slots);
}

static void counters_are_differences_and_survive_a_new_interface(void **state)
{
	struct slots *slots = make(60, 10000, 10000);
	struct wan_reading reading = {.interface = 2, .rx_bytes = 500, .tx_bytes = 70};
	struct slot slot;

	slots_turn(slots, S(70), &reading);
	reading.rx_bytes = 800;
	reading.tx_bytes = 20; /* began anew */
	slots_turn(slots, S(80), &reading);
	reading = (struct wan_reading){.interface = 3, .rx_bytes = 4000, .carrier = CARRIER_DOWN};
	slots_turn(slots, S(90), &reading);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.facts.rx_bytes, 500);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.facts.rx_bytes, 300);
	assert_int_equal(slot.facts.tx_bytes, 20);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.facts.rx_bytes, 4000);
	assert_int_equal(slot.facts.carrier, CARRIER_DOWN);
	slots_free(slots);
}

static void first_and_last_slot_are_shorter(void **state)
{
	struct slots *slots = make(65, 60000, 10000);
	struct slot slot;

	slots_turn(slots, S(120), &idle);
	slots_stop(slots, S(130.5), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.start_us, S(65));
	assert_int_equal(slot.length_ms, 55000);
	assert_int_equal(slot.rounds_due, 6);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.start_us, S(120));
	assert_int_equal(slot.length_ms, 10500);
	assert_int_equal(slot.rounds_due, 2);
	assert_false(slots_take(slots, SCHED_NEVER, &slot));
	slots_free(slots);
}

static void less_than_a_second_at_the_end_is_given_up(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	slots_stop(slots, S(60.999), &idle);
	assert_false(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slots_due(slots), UINT64_MAX);
	slots_free(slots);
	slots = make(59.5, 60000, 10000); /* begins at 60, stops before */
	slots_stop(slots, S(59.7), &idle);
	assert_false(slots_take(slots, SCHED_NEVER, &slot));
	slots_free(slots);
}

static void slots_slept_through_are_not_made(void **state)
{
	struct slots *slots = make(60, 10000, 10000);
	struct slot slot;

	slots_turn(slots, S(3605), &idle);
	assert_int_equal(slots_due(slots), S(3610));
	slots_turn(slots, S(3610), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.start_us, S(60));
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.start_us, S(3600));
	slots_free(slots);
}

static void events_are_kept_with_their_offset_up_to_the_limit(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	for (unsigned i = 0; i < SLOT_EVENTS_MAX + 5; i++)
		slots_event(slots, S(61) + i * 1000, EVENT_CLOCK_STEP, -(int64_t)i);
	slots_turn(slots, S(120), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.event_count, SLOT_EVENTS_MAX);
	assert_int_equal(slot.events[3].offset_ms, 1003);
	assert_int_equal(slot.events[3].value, -3);
	slots_free(slots);
}

static void forgotten_round_leaves_no_probe(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	tell(slots, 60, 60, OUTCOME_ANSWERED);
	tell(slots, 70, 70, OUTCOME_LOST);
	tell(slots, 70, 73, OUTCOME_LOST);
	slots_forget_round(slots, S(70));
	slots_stop(slots, S(75), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.rounds_due, 2);
	assert_int_equal(slot.probe_count, 1);
	assert_int_equal(slot.probes[0].round, 0);
	slots_free(slots);
}

static void slot_with_too_many_targets_leaves_probes_out(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	const struct answer answer = {.sent_us = S(60), .outcome = OUTCOME_LOST};
	struct slot slot;

	for (uint8_t i = 0; i < SLOT_TARGETS_MAX + 3; i++) {
		const struct question question = {.round_us = S(60),
			.target = target_v4(CLASS_GATEWAY, i, 0),
			.kind = PROBE_ICMP};

		slots_probe(slots, &question, &answer);
	}
	slots_turn(slots, S(120), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.target_count, SLOT_TARGETS_MAX);
	assert_int_equal(slot.probe_count, SLOT_TARGETS_MAX);
	slots_free(slots);
}

static void name_that_does_not_fit_is_refused(void **state)
{
	struct grid grid;
	struct slots *slots = NULL;

	grid_init(&grid, S(60), 60000, 10000);
	assert_int_equal(slots_new(&grid, "seventeen-letters", boot_id, &idle, &slots), -EINVAL);
	assert_null(slots);
}

static void clock_step_cuts_a_slot_in_two(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	const struct wan_reading later = {.interface = 2, .carrier = CARRIER_UP, .rx_bytes = 700};
	const struct wan_reading end = {.interface = 2, .carrier = CARRIER_UP, .rx_bytes = 1000};
	struct slot slot;

	tell(slots, 60, 60, OUTCOME_ANSWERED);
	tell(slots, 80, 80, OUTCOME_ANSWERED);
	slots_cut(slots, S(85) + 400, &later);
	slots_event(slots, S(85) + 400, EVENT_CLOCK_STEP, 5);
	tell(slots, 80, 86, OUTCOME_LOST); /* of a round from before */
	tell(slots, 90, 90, OUTCOME_ANSWERED);
	assert_int_equal(slots_due(slots), S(120));
	assert_false(slots_take(slots, S(80), &slot)); /* its last round is open */
	assert_true(slots_take(slots, S(90), &slot));
	assert_int_equal(slot.start_us, S(60));
	assert_int_equal(slot.length_ms, 25000);
	assert_int_equal(slot.rounds_due, 3);
	assert_int_equal(slot.probe_count, 3);
	assert_int_equal(slot.event_count, 0);
	assert_int_equal(slot.facts.rx_bytes, 700);
	slots_turn(slots, S(120), &end);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.start_us, S(85));
	assert_int_equal(slot.length_ms, 35000);
	assert_int_equal(slot.rounds_due, 3);
	assert_int_equal(slot.probe_count, 1);
	assert_int_equal(slot.probes[0].round, 0);
	assert_int_equal(slot.event_count, 1);
	assert_int_equal(slot.facts.rx_bytes, 300);
	slots_free(slots);
}

static void nothing_is_cut_off_that_would_be_too_short(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	slots_cut(slots, S(60.5), &idle);
	slots_cut(slots, S(119.5), &idle);
	slots_turn(slots, S(120), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.length_ms, 60000);
	slots_free(slots);
}

static void nothing_is_cut_off_in_which_no_round_is_due(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;

	slots_cut(slots, S(112), &idle); /* the last round was at 110 */
	slots_turn(slots, S(120), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.length_ms, 60000);
	slots_cut(slots, S(145), &idle);
	slots_cut(slots, S(148), &idle); /* none between 145 and 148 */
	slots_turn(slots, S(180), &idle);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.length_ms, 25000);
	assert_int_equal(slot.rounds_due, 3);
	assert_true(slots_take(slots, SCHED_NEVER, &slot));
	assert_int_equal(slot.length_ms, 35000);
	assert_int_equal(slot.rounds_due, 3);
	slots_free(slots);
}

static void clock_set_all_the_time_leaves_no_hole(void **state)
{
	struct slots *slots = make(60, 60000, 10000);
	struct slot slot;
	uint64_t end_us = S(60);

	for (unsigned i = 1; i < 30; i++)
		slots_cut(slots, S(60 + 2 * i), &idle);
	slots_turn(slots, S(120), &idle);
	while (slots_take(slots, SCHED_NEVER, &slot)) {
		assert_int_equal(slot.start_us, end_us);
		end_us = slot.start_us + slot.length_ms * 1000ULL;
	}
	assert_int_equal(end_us, S(120));
	slots_free(slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_step_cuts_a_slot_in_two),
		cmocka_unit_test(nothing_is_cut_off_that_would_be_too_short),
		cmocka_unit_test(nothing_is_cut_off_in_which_no_round_is_due),
		cmocka_unit_test(clock_set_all_the_time_leaves_no_hole),
		cmocka_unit_test(slot_is_taken_when_it_ended_and_its_rounds_are_over),
		cmocka_unit_test(probe_sent_after_the_end_belongs_to_its_rounds_slot),
		cmocka_unit_test(counters_are_differences_and_survive_a_new_interface),
		cmocka_unit_test(first_and_last_slot_are_shorter),
		cmocka_unit_test(less_than_a_second_at_the_end_is_given_up),
		cmocka_unit_test(slots_slept_through_are_not_made),
		cmocka_unit_test(events_are_kept_with_their_offset_up_to_the_limit),
		cmocka_unit_test(forgotten_round_leaves_no_probe),
		cmocka_unit_test(slot_with_too_many_targets_leaves_probes_out),
		cmocka_unit_test(name_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
