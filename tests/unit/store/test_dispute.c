/* SPDX-License-Identifier: Apache-2.0 */
/* Two devices with one identity: what the readers of the ledger see once people have chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/ledger_settlement.h"
#include "tests/unit/store/fixture.h"

#define FIRST_BOOT "05000000000000000000000000000000" /* of the fixture's boot 5 */
#define SECOND_BOOT "06000000000000000000000000000000"

static struct registry_settlement settlement_of(uint32_t agent, int64_t from_s, int64_t to_s)
{
	return (struct registry_settlement){.agent = agent,
		.from_s = from_s,
		.to_s = to_s,
		.accept = FIRST_BOOT,
		.by = "Budi",
		.note = "kembar"};
}

static void a_settlement_covers_what_lies_wholly_in_it(void **state)
{
	struct settled items[] = {
		{.agent = 3, .from_s = 100, .to_s = 200}, {.agent = 7, .from_s = 100, .to_s = 160}};
	const struct settlements settlements = {items, 2};

	assert_ptr_equal(settlements_find(&settlements, 3, 100, 200), &items[0]);
	assert_ptr_equal(settlements_find(&settlements, 7, 100, 160), &items[1]);
	assert_null(settlements_find(&settlements, 7, 100, 161));
	assert_null(settlements_find(&settlements, 3, 99, 160));
	assert_null(settlements_find(&settlements, 4, 100, 110));
}

struct witness { /* of one link */
	int64_t disputed, slots;
	int32_t rtt_us; /* of the last one that is not disputed */
};

static int see_slot(void *arg, const struct ledger_slot *slot)
{
	struct witness *witness = arg;

	witness->slots++;
	witness->disputed += slot->disputed;
	if (!slot->disputed)
		witness->rtt_us = (int32_t)slot->slot->probes[0].rtt_us;
	return 0;
}

static struct witness look_at(struct fixture *fixture, int64_t link)
{
	const struct ledger_span always = {link, INT64_MIN, SPAN_FOREVER};
	struct witness witness = {0};
	struct history history = {0};
	int64_t in_history = 0, slots;
	struct err err = {0};

	assert_int_equal(ledger_slots(ledger_writer_view(fixture->writer), &always, see_slot,
				 &witness, &err),
		0);
	assert_int_equal(
		ledger_history_load(ledger_writer_view(fixture->writer), &always, &history, &err),
		0);
	for (size_t i = 0; i < history.slot_count; i++)
		in_history += history.slots[i].disputed;
	slots = (int64_t)history.slot_count;
	ledger_history_done(&history);
	assert_int_equal(in_history, witness.disputed);
	assert_int_equal(slots, witness.slots);
	return witness;
}

static int see_touched(void *arg, const struct ledger_span *span)
{
	*(struct ledger_span *)arg = *span;
	return 0;
}

/* One batch in which only the settlements change; what it touched. */
static struct ledger_span settle(
	struct fixture *fixture, const struct registry_settlement *items, size_t count)
{
	const struct seglog_pos cursor = {1, 0};
	struct ledger_span touched = {0};
	struct err err = {0};

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(ledger_follow_settlements(fixture->writer, items, count, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	ledger_touched(fixture->writer, see_touched, &touched);
	assert_int_equal(ledger_commit(fixture->writer, cursor, &err), 0);
	return touched;
}

/* Packs what is there: 90 days later all of it is ripe. */
static void pack(struct fixture *fixture)
{
	const struct seglog_pos cursor = {1, 0};
	struct err err = {0};
	bool more = true;

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(
		ledger_pack(fixture->writer, (T0 + 90 * 86400) * US_PER_S, 9, &more, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, cursor, &err), 0);
}

/* Packing keeps of an RTT the step that it is in: a few per cent. */
static void expect_rtt(struct fixture *fixture, int64_t link, int32_t rtt_us)
{
	struct witness seen = look_at(fixture, link);

	assert_int_equal(seen.slots, 1);
	assert_int_equal(seen.disputed, 0);
	assert_in_range(seen.rtt_us, rtt_us - rtt_us / 20, rtt_us + rtt_us / 20);
}

static void choose_device(struct fixture *fixture, bool turned, bool packed)
{
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent first[] = {
		sent_anchor(KEY(agent, 1, 1), 5, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){5, 0, 60000, 0, 2000, NULL}),
	};
	struct sent second[] = {
		sent_anchor(KEY(agent, 1, 1), 6, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){6, 0, 60000, 0, 3000, NULL}),
	};
	struct registry_settlement one = settlement_of(agent, T0, T0 + 60);
	struct ledger_span touched;

	fixture_take(fixture, turned ? second : first, 2);
	if (packed)
		pack(fixture);
	fixture_take(fixture, turned ? first : second, 2);
	assert_int_equal(look_at(fixture, link).disputed, 1);
	touched = settle(fixture, &one, 1);
	assert_int_equal(touched.link, link);
	assert_true(touched.from_s <= T0 && touched.to_s >= T0 + 60);
	expect_rtt(fixture, link, 2000);
	assert_int_equal(settle(fixture, &one, 1).link, 0); /* nothing new */
	strcpy(one.accept, SECOND_BOOT);
	settle(fixture, &one, 1);
	expect_rtt(fixture, link, 3000);
	one.to_s = T0 + 59; /* the slot is not wholly in it */
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, 1);
}

static void a_device_is_chosen_when_it_came_first(void **state)
{
	choose_device(*state, false, false);
}

static void a_device_is_chosen_when_it_came_last(void **state)
{
	choose_device(*state, true, false);
}

static void a_device_is_chosen_when_the_first_was_packed(void **state)
{
	choose_device(*state, false, true);
}

static void a_device_is_chosen_when_the_last_was_packed(void **state)
{
	choose_device(*state, true, true);
}

static void what_is_not_told_once_by_the_boot_stays_disputed(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent sent[] = {
		sent_anchor(KEY(agent, 1, 1), 5, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){5, 0, 60000, 0, 2000, NULL}),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){5, 0, 60000, 0, 3000, NULL}),
	};
	struct registry_settlement one = settlement_of(agent, T0, T0 + 60);

	fixture_take(fixture, sent, 3);
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, 1); /* told twice */
	strcpy(one.accept, SECOND_BOOT);
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, 1); /* not told at all */
	strcpy(one.accept, REGISTRY_ACCEPT_NONE);
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, 1);
}

static void what_is_revoked_or_comes_later_is_followed(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent sent[] = {
		sent_anchor(KEY(agent, 1, 1), 5, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){5, 0, 60000, 0, 2000, NULL}),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){6, 0, 60000, 0, 3000, NULL}),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){7, 0, 60000, 0, 4000, NULL}),
		sent_anchor(KEY(agent, 1, 3), 7, 0, T0 * US_PER_S),
	};
	struct registry_settlement one = settlement_of(agent, T0, T0 + 60);

	strcpy(one.accept, "07000000000000000000000000000000");
	fixture_take(fixture, sent, 3);
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, look_at(fixture, link).slots);
	fixture_take(fixture, sent + 3, 2);
	assert_int_equal(look_at(fixture, link).disputed, 0);
	assert_int_equal(look_at(fixture, link).rtt_us, 4000);
	one.revoked_s = T0 + 99;
	settle(fixture, &one, 1);
	assert_int_equal(look_at(fixture, link).disputed, look_at(fixture, link).slots);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_settlement_covers_what_lies_wholly_in_it),
		TEST(a_device_is_chosen_when_it_came_first),
		TEST(a_device_is_chosen_when_it_came_last),
		TEST(a_device_is_chosen_when_the_first_was_packed),
		TEST(a_device_is_chosen_when_the_last_was_packed),
		TEST(what_is_not_told_once_by_the_boot_stays_disputed),
		TEST(what_is_revoked_or_comes_later_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
