/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records without slots that come long after the slots beside the hole that they explain: what was
 * derived without them is derived anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/store/derived.h"
#include "tests/unit/store/months.h"

#define MINUTES(count) ((uint64_t)(count)*MINUTE_US)

/* The link's contract is followed, so that its runs are kept. */
static void follow(struct fixture *fixture)
{
	struct derived_link link = {1, T0, NULL, 1};
	struct terms terms;
	struct err err = {0};

	terms_init(&terms);
	link.rules = &terms;
	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(derived_follow(fixture->writer, &link, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){1, 1}, &err), 0);
}

/* Good minutes [from, to) of the month. minutes: when the boot began, from, to. */
static void good(struct fixture *fixture, uint32_t agent, uint32_t run, const unsigned minutes[3])
{
	struct sent records[64];
	size_t count = 0;

	for (unsigned i = minutes[1]; i < minutes[2]; i++)
		records[count++] = sent_slot(KEY(agent, run, 100 + i),
			(struct slot_plan){
				(uint8_t)run, MINUTES(i - minutes[0]), 60000, 0, 20000, NULL});
	fixture_take(fixture, records, count);
}

static void take(struct fixture *fixture, struct sent record)
{
	fixture_take(fixture, &record, 1);
}

/* Boots at minutes 0 and 50, measured [0, 10) and [60, 70); nothing in between. */
static uint32_t hole(struct fixture *fixture)
{
	uint32_t agent = measured_link(fixture, DESA, "Telkom");

	take(fixture, sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S));
	follow(fixture);
	good(fixture, agent, 1, (unsigned[]){0, 0, 10});
	take(fixture, sent_anchor(KEY(agent, 3, 1), 3, 0, (T0 + 3000) * US_PER_S));
	good(fixture, agent, 3, (unsigned[]){50, 60, 70});
	return agent;
}

static void expect(struct fixture *fixture, enum unknown_cause cause, int64_t seconds)
{
	struct rows rows = rows_of(fixture, SLA_BY_LINK, T0 + 4200);

	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.items[0].month.n, 3000);
	assert_int_equal(rows.items[0].month.n_by[cause], seconds);
}

static void without_a_word_it_is_power_until_the_boot(void **state)
{
	hole(*state);
	expect(*state, UNKNOWN_POWER, 2400);
	expect(*state, UNKNOWN_AGENT, 600);
}

static void a_late_stop_makes_it_a_restart(void **state)
{
	uint32_t agent = hole(*state);

	take(*state, sent_stop(KEY(agent, 1, 900), 1, MINUTES(10)));
	expect(*state, UNKNOWN_RESTART, 3000);
}

static void a_late_gap_record_says_what_was_dropped(void **state)
{
	uint32_t agent = hole(*state);

	take(*state, sent_dropped(KEY(agent, 1, 900), 1, 950, MINUTES(10), MINUTES(25)));
	expect(*state, UNKNOWN_DROPPED, 900);
	expect(*state, UNKNOWN_POWER, 1500);
}

static void a_late_gap_record_over_several_holes(void **state)
{
	uint32_t agent = hole(*state);

	good(*state, agent, 1, (unsigned[]){0, 30, 31});
	expect(*state, UNKNOWN_AGENT, 1800);
	take(*state, sent_dropped(KEY(agent, 1, 900), 1, 950, MINUTES(10), MINUTES(40)));
	expect(*state, UNKNOWN_DROPPED, 1740);
	expect(*state, UNKNOWN_POWER, 600);
}

static void a_late_sign_of_life_shortens_the_power_cut(void **state)
{
	uint32_t agent = hole(*state);

	take(*state, sent_anchor(KEY(agent, 1, 900), 1, MINUTES(30), (T0 + 1800) * US_PER_S));
	expect(*state, UNKNOWN_POWER, 1200);
	expect(*state, UNKNOWN_AGENT, 1800);
}

static void a_late_boot_that_nobody_can_place(void **state)
{
	uint32_t agent = hole(*state);

	take(*state,
		sent_slot(KEY(agent, 2, 1),
			(struct slot_plan){2, MINUTES(1), 60000, 0, 20000, NULL}));
	expect(*state, UNKNOWN_CLOCK, 3000);
	/* it learns the time after all */
	take(*state, sent_anchor(KEY(agent, 2, 2), 2, 0, (T0 + 1200) * US_PER_S));
	expect(*state, UNKNOWN_CLOCK, 0);
	expect(*state, UNKNOWN_EDGE, 60);
}

static void a_gap_record_before_its_anchor(void **state)
{
	uint32_t agent = hole(*state);

	take(*state, sent_dropped(KEY(agent, 2, 1), 2, 9, MINUTES(1), MINUTES(4)));
	expect(*state, UNKNOWN_DROPPED, 0);
	take(*state, sent_anchor(KEY(agent, 2, 10), 2, 0, (T0 + 1200) * US_PER_S));
	expect(*state, UNKNOWN_DROPPED, 180);
}

/* The boot goes on for more than a month: what its end touches is far from its beginning. */
static void a_late_start_after_a_reset_makes_it_a_restart(void **state)
{
	uint32_t agent = hole(*state);

	good(*state, agent, 3, (unsigned[]){50, 60000, 60010});
	expect(*state, UNKNOWN_POWER, 2400);
	take(*state, sent_start(KEY(agent, 3, 2), 3, MINUTES(1), RESET_WATCHDOG));
	expect(*state, UNKNOWN_RESTART, 3000);
}

static void a_start_after_a_power_cut_leaves_it_as_it_is(void **state)
{
	uint32_t agent = hole(*state);

	take(*state, sent_start(KEY(agent, 3, 2), 3, MINUTES(1), RESET_POWER_ON));
	expect(*state, UNKNOWN_POWER, 2400);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_late_start_after_a_reset_makes_it_a_restart),
		CASE(a_start_after_a_power_cut_leaves_it_as_it_is),
		CASE(without_a_word_it_is_power_until_the_boot),
		CASE(a_late_stop_makes_it_a_restart),
		CASE(a_late_gap_record_says_what_was_dropped),
		CASE(a_late_gap_record_over_several_holes),
		CASE(a_late_sign_of_life_shortens_the_power_cut),
		CASE(a_late_boot_that_nobody_can_place),
		CASE(a_gap_record_before_its_anchor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
