/* SPDX-License-Identifier: Apache-2.0 */
/* Two devices that live at once with one identity: noticed, kept apart, and counted for nobody
 * until people have decided. A plain reboot is none of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_witness.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US UINT64_C(60000000)

struct device {
	uint32_t agent, run, sequence;
	uint8_t boot;
	int64_t booted_s;
	uint32_t rtt_us;
	enum anchor_source source;
};

/* It boots: an anchor that arrives as it is made. */
static void begin(struct fixture *fixture, struct device *device)
{
	struct record record = {.kind = RECORD_ANCHOR,
		.anchor = {.boot = {device->boot},
			.mono_us = 1000000,
			.utc_us = (device->booted_s + 1) * US_PER_S,
			.error_us = 1000,
			.source = device->source ? device->source : ANCHOR_COLLECTOR}};
	struct sent sent = sent_record(
		KEY(device->agent, device->run, ++device->sequence), &record);

	sent.received_us = record.anchor.utc_us;
	fixture_take(fixture, &sent, 1);
}

/* Its slot of that minute, which arrives at once. */
static struct sent slot_at(struct device *device, unsigned minute)
{
	struct sent sent = sent_slot(KEY(device->agent, device->run, ++device->sequence),
		(struct slot_plan){
			device->boot, minute * MINUTE_US, 60000, 0, device->rtt_us, NULL});

	sent.received_us = (device->booted_s + 60 * (minute + 1)) * US_PER_S;
	return sent;
}

static void report(struct fixture *fixture, struct device *device, unsigned minute)
{
	struct sent sent = slot_at(device, minute);

	fixture_take(fixture, &sent, 1);
}

static int count_twin(void *arg, const struct ledger_twin *twin)
{
	++*(int64_t *)arg;
	return 0;
}

static int64_t twins(struct fixture *fixture)
{
	struct err err = {0};
	int64_t count = 0;

	assert_int_equal(
		ledger_twins_each(ledger_writer_view(fixture->writer), count_twin, &count, &err),
		0);
	return count;
}

struct seen {
	int64_t slots, disputed, first_disputed_s;
	int64_t by_first; /* that count, and are the first device's */
};

static int see_slot(void *arg, const struct ledger_slot *slot)
{
	struct seen *seen = arg;

	if (slot->disputed && !seen->disputed)
		seen->first_disputed_s = slot->from_s;
	seen->slots++;
	seen->disputed += slot->disputed;
	seen->by_first += !slot->disputed && slot->boot[0] == 5;
	return 0;
}

static struct seen look_at(struct fixture *fixture, int64_t link)
{
	const struct ledger_span always = {link, INT64_MIN, SPAN_FOREVER};
	struct ledger_db *view = ledger_writer_view(fixture->writer);
	struct history history = {0};
	struct seen seen = {0};
	struct err err = {0};
	int64_t disputed = 0;

	assert_int_equal(ledger_slots(view, &always, see_slot, &seen, &err), 0);
	assert_int_equal(ledger_history_load(view, &always, &history, &err), 0);
	assert_int_equal(history.slot_count, seen.slots);
	for (size_t i = 0; i < history.slot_count; i++)
		disputed += history.slots[i].disputed;
	assert_int_equal(disputed, seen.disputed);
	ledger_history_done(&history);
	return seen;
}

static int see_touched(void *arg, const struct ledger_span *span)
{
	*(struct ledger_span *)arg = *span;
	return 0;
}

static struct ledger_span settle(
	struct fixture *fixture, const struct registry_settlement *items, size_t count)
{
	struct ledger_span touched = {0};
	struct err err = {0};

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(ledger_follow_settlements(fixture->writer, items, count, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	ledger_touched(fixture->writer, see_touched, &touched);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){1, 0}, &err), 0);
	return touched;
}

struct town {
	struct fixture *fixture;
	int64_t link;
	struct device first, second;
};

/* The first device from T0 on; the second one boots ten minutes later, in another run. */
static struct town town_of(void **state)
{
	struct town town = {.fixture = *state};

	town.link = fixture_link(town.fixture, DESA, "Telkom");
	town.first = (struct device){.agent = fixture_agent(town.fixture, town.link, T0),
		.run = 12,
		.boot = 5,
		.booted_s = T0,
		.rtt_us = 2000};
	town.second = town.first;
	town.second.run = 13;
	town.second.boot = 6;
	town.second.booted_s = T0 + 600;
	town.second.rtt_us = 9000;
	return town;
}

static void live(struct town *town, struct device *device, unsigned from, unsigned to)
{
	for (unsigned minute = from; minute < to; minute++)
		report(town->fixture, device, minute);
}

static void a_reboot_is_no_twin(void **state)
{
	struct town town = town_of(state);

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 10);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	assert_int_equal(twins(town.fixture), 0);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 0);
}

static void late_records_of_an_older_boot_are_no_twin(void **state)
{
	struct town town = town_of(state);
	struct sent late[5];

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 5);
	for (unsigned i = 0; i < 5; i++)
		late[i] = slot_at(&town.first, 5 + i);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	for (unsigned i = 0; i < 5; i++)
		late[i].received_us = (T0 + 2000) * US_PER_S;
	fixture_take(town.fixture, late, 5);
	fixture_take(town.fixture, late, 5); /* and again */
	assert_int_equal(twins(town.fixture), 0);
}

static void a_clock_that_is_wrong_is_no_twin(void **state)
{
	struct town town = town_of(state);

	town.first.source = town.second.source = ANCHOR_NTP;
	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 10);
	town.second.booted_s -= 570; /* by its own clock; it arrives when it is true */
	struct sent anchor = sent_anchor(KEY(town.second.agent, 13, ++town.second.sequence), 6,
		1000000, (town.second.booted_s + 1) * US_PER_S);
	anchor.received_us = (T0 + 601) * US_PER_S;
	fixture_take(town.fixture, &anchor, 1);
	live(&town, &town.second, 0, 5);
	assert_int_equal(twins(town.fixture), 0);
}

static void noticed_with_the_first_report_of_the_other(void **state)
{
	struct town town = town_of(state);
	struct seen seen;

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 11);
	begin(town.fixture, &town.second);
	report(town.fixture, &town.second, 0);
	assert_int_equal(twins(town.fixture), 1);
	seen = look_at(town.fixture, town.link);
	assert_int_equal(seen.slots, 12); /* kept apart */
	assert_int_equal(seen.disputed, 2);
	assert_int_equal(seen.first_disputed_s, T0 + 600);
	live(&town, &town.first, 11, 15);
	live(&town, &town.second, 1, 4);
	assert_int_equal(twins(town.fixture), 1);
	assert_int_equal(look_at(town.fixture, town.link).by_first, 10);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 9);
}

static void one_that_is_never_heard_at_the_same_minute_is_noticed(void **state)
{
	struct town town = town_of(state);

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 10);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 1, 5);
	assert_int_equal(twins(town.fixture), 0); /* it may have been a reboot */
	live(&town, &town.first, 16, 17);
	assert_int_equal(twins(town.fixture), 1);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 5);
}

static void the_order_of_arrival_does_not_matter(void **state)
{
	struct town town = town_of(state);

	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 15);
	assert_int_equal(twins(town.fixture), 1);
	assert_int_equal(look_at(town.fixture, town.link).first_disputed_s, T0 + 600);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 10);
}

static void one_run_of_both_is_noticed(void **state)
{
	struct town town = town_of(state);

	town.second.run = town.first.run;
	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 11);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 3);
	live(&town, &town.first, 11, 13);
	live(&town, &town.second, 3, 4);
	assert_int_equal(twins(town.fixture), 1);
}

/* Its state is older than what it has sent: runs are used again, by another boot. */
static void a_restored_backup_is_no_twin(void **state)
{
	struct town town = town_of(state);

	town.second.run = town.first.run;
	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 10);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	assert_int_equal(twins(town.fixture), 0);
	assert_true(fixture_counts(town.fixture).conflicts > 0); /* that is said */
	assert_int_equal(fixture_counts(town.fixture).clones, 0);
}

static void people_decide_and_take_it_back(void **state)
{
	struct town town = town_of(state);
	struct registry_settlement one = {.agent = town.first.agent,
		.from_s = T0 + 600,
		.to_s = T0 + 900,
		.accept = "05000000000000000000000000000000",
		.by = "Budi",
		.note = "kembar"};
	struct ledger_span touched;

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 15);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 10);
	assert_int_equal(fixture_counts(town.fixture).clones, 1);
	touched = settle(town.fixture, &one, 1);
	assert_int_equal(fixture_counts(town.fixture).clones, 0);
	assert_int_equal(touched.link, town.link);
	assert_true(touched.from_s <= T0 + 600 && touched.to_s == SPAN_FOREVER);
	assert_int_equal(look_at(town.fixture, town.link).slots, 15);
	assert_int_equal(look_at(town.fixture, town.link).by_first, 15);
	live(&town, &town.first, 15, 18); /* the other one is gone */
	assert_int_equal(look_at(town.fixture, town.link).by_first, 18);
	live(&town, &town.second, 6, 8); /* it is not */
	live(&town, &town.first, 18, 19);
	assert_int_equal(look_at(town.fixture, town.link).by_first, 15);
	assert_true(look_at(town.fixture, town.link).disputed == 6);
	strcpy(one.accept, "06000000000000000000000000000000");
	settle(town.fixture, &one, 1);
	assert_int_equal(look_at(town.fixture, town.link).by_first, 10);
	one.revoked_s = T0 + 5000;
	settle(town.fixture, &one, 1);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 16);
}

static void neither_is_a_decision_too(void **state)
{
	struct town town = town_of(state);
	struct registry_settlement none = {.agent = town.first.agent,
		.from_s = T0 + 600,
		.to_s = T0 + 900,
		.accept = REGISTRY_ACCEPT_NONE};

	begin(town.fixture, &town.first);
	live(&town, &town.first, 0, 15);
	begin(town.fixture, &town.second);
	live(&town, &town.second, 0, 5);
	settle(town.fixture, &none, 1);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 10);
	live(&town, &town.first, 15, 18);
	assert_int_equal(look_at(town.fixture, town.link).disputed, 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_reboot_is_no_twin),
		TEST(late_records_of_an_older_boot_are_no_twin),
		TEST(a_clock_that_is_wrong_is_no_twin),
		TEST(noticed_with_the_first_report_of_the_other),
		TEST(one_that_is_never_heard_at_the_same_minute_is_noticed),
		TEST(the_order_of_arrival_does_not_matter),
		TEST(one_run_of_both_is_noticed),
		TEST(a_restored_backup_is_no_twin),
		TEST(people_decide_and_take_it_back),
		TEST(neither_is_a_decision_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
