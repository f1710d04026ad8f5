/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent/core/view.h"

static struct slot *slot; /* too large for the stack */
static struct view view;

static void begin(double start_s)
{
	memset(slot, 0, sizeof(*slot));
	slot->start_us = S(start_s);
	slot->target_count = 4;
	slot->targets[0].class = CLASS_INTERNET;
	slot->targets[1].class = CLASS_PROVIDER;
	slot->targets[2].class = CLASS_EDGE;
	slot->targets[3].class = CLASS_GATEWAY;
	slot->facts.carrier = CARRIER_UP;
	slot->facts.address.length = 4;
}

static struct probe *add(unsigned round, uint8_t target, enum outcome outcome)
{
	struct probe *probe = &slot->probes[slot->probe_count++];

	*probe = (struct probe){.round = (uint16_t)round,
		.offset_ms = round * 10000,
		.target = target,
		.outcome = outcome,
		.rtt_us = outcome == OUTCOME_ANSWERED ? 20000 : 0};
	return probe;
}

static void setup_lost(void)
{
	begin(120);
	for (unsigned i = 0; i < 6; i++)
		add(i, 0, OUTCOME_LOST);
}

static void link_that_answers_is_up_since_the_first_slot_of_it(void **state)
{
	view = (struct view){0};
	begin(60);
	for (unsigned i = 0; i < 6; i++)
		add(i, 0, OUTCOME_ANSWERED);
	view_take(&view, slot);
	assert_int_equal(view.state, VIEW_UP);
	assert_int_equal(view.fault, VIEW_FAULT_NONE);
	assert_int_equal(view.since_us, S(60));
	assert_int_equal(view.answered_us, S(110.02));
	slot->start_us = S(120);
	view_take(&view, slot);
	assert_int_equal(view.since_us, S(60));
	assert_int_equal(view.made, 6);
}

static void link_is_down_since_the_first_question_without_answer(void **state)
{
	link_that_answers_is_up_since_the_first_slot_of_it(state);
	begin(180);
	add(0, 0, OUTCOME_ANSWERED);
	add(1, 0, OUTCOME_ANSWERED);
	for (unsigned i = 2; i < 6; i++)
		add(i, 0, OUTCOME_LOST);
	view_take(&view, slot);
	assert_int_equal(view.state, VIEW_DOWN);
	assert_int_equal(view.since_us, S(200));
	assert_int_equal(view.answered_us, S(190.02));
	assert_int_equal(view.fault, VIEW_FAULT_LOSS); /* something did answer in it */
}

static void slot_that_asked_nothing_changes_nothing(void **state)
{
	link_that_answers_is_up_since_the_first_slot_of_it(state);
	begin(180);
	view_take(&view, slot);
	assert_int_equal(view.state, VIEW_UP);
}

static void fault_seen(enum view_fault fault)
{
	view = (struct view){0};
	view_take(&view, slot);
	assert_int_equal(view.state, VIEW_DOWN);
	assert_int_equal(view.fault, fault);
}

static void first_thing_that_is_missing_is_named(void **state)
{
	setup_lost();
	slot->facts.carrier = CARRIER_DOWN;
	fault_seen(VIEW_FAULT_CARRIER);
	setup_lost();
	slot->facts.address.length = 0;
	fault_seen(VIEW_FAULT_ADDRESS);
	setup_lost();
	add(5, 0, OUTCOME_REFUSED)->refusal = REFUSAL_ROUTE;
	fault_seen(VIEW_FAULT_ROUTE);
	setup_lost();
	add(5, 0, OUTCOME_REFUSED)->refusal = REFUSAL_OTHER;
	fault_seen(VIEW_FAULT_OTHER);
	setup_lost();
	fault_seen(VIEW_FAULT_GATEWAY);
	slot->facts.gateway = NEIGHBOUR_RESOLVED; /* deaf, and there */
	fault_seen(VIEW_FAULT_ACCESS);
	slot->facts.gateway = NEIGHBOUR_UNKNOWN;
	add(5, 3, OUTCOME_ANSWERED);
	fault_seen(VIEW_FAULT_ACCESS);
	add(5, 1, OUTCOME_ANSWERED);
	fault_seen(VIEW_FAULT_UPSTREAM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link_that_answers_is_up_since_the_first_slot_of_it),
		cmocka_unit_test(link_is_down_since_the_first_question_without_answer),
		cmocka_unit_test(slot_that_asked_nothing_changes_nothing),
		cmocka_unit_test(first_thing_that_is_missing_is_named),
	};
	int failed;

	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(slot);
	return failed;
}
