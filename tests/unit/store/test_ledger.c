/* SPDX-License-Identifier: Apache-2.0 */
/* Records become rows, rows become places: the same ones whatever the order in which they came. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)

static struct sent minute(uint32_t agent, uint32_t sequence, uint8_t boot, unsigned number)
{
	return sent_slot(KEY(agent, boot, sequence),
		(struct slot_plan){boot, number * MINUTE_US, 60000, 0, 20000 + number, NULL});
}

struct tally {
	int64_t slots, disputed, first_s, last_s;
};

static int tally_slot(void *arg, const struct ledger_slot *slot)
{
	struct tally *tally = arg;

	if (!tally->slots++)
		tally->first_s = slot->from_s;
	tally->last_s = slot->to_s;
	tally->disputed += slot->disputed;
	return 0;
}

static struct tally tally_of(struct fixture *fixture, int64_t link)
{
	struct tally tally = {0};
	struct err err = {0};

	struct ledger_span ever = {link, INT64_MIN, INT64_MAX};

	assert_int_equal(
		ledger_slots(ledger_writer_view(fixture->writer), &ever, tally_slot, &tally, &err),
		0);
	return tally;
}

static void slots_wait_for_an_anchor(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {minute(agent, 1, 1, 0), minute(agent, 2, 1, 1)};
	struct sent anchor = sent_anchor(KEY(agent, 1, 3), 1, 30 * US_PER_S, (T0 + 630) * US_PER_S);

	fixture_take(fixture, records, 2);
	assert_int_equal(fixture_counts(fixture).unplaced, 2);
	assert_int_equal(tally_of(fixture, link).slots, 0);
	fixture_take(fixture, &anchor, 1);
	assert_int_equal(fixture_counts(fixture).unplaced, 0);
	struct tally tally = tally_of(fixture, link);
	assert_int_equal(tally.slots, 2);
	assert_int_equal(tally.first_s, T0 + 600);
	assert_int_equal(tally.last_s, T0 + 720);
}

static void edges_are_floored_and_slots_stay_adjacent(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {sent_anchor(KEY(agent, 1, 1), 1, 0, (T0 + 10) * US_PER_S + 900000),
		minute(agent, 2, 1, 0), minute(agent, 3, 1, 1),
		/* less than a whole second: it counts nowhere, and waits for nothing */
		sent_slot(KEY(agent, 1, 4),
			(struct slot_plan){1, 120 * US_PER_S + 100000, 1000, 0, 1, NULL})};

	fixture_take(fixture, records, 3);
	struct tally tally = tally_of(fixture, link);
	assert_int_equal(tally.first_s, T0 + 10);
	assert_int_equal(tally.last_s, T0 + 130);
	fixture_take(fixture, &records[3], 1);
	assert_int_equal(tally_of(fixture, link).last_s, T0 + 132);
	assert_int_equal(fixture_counts(fixture).unbound, 0);
}

static void slots_of_an_unbound_wan_count_once_it_is_bound(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	int64_t other = fixture_link(fixture, DESA, "Starlink");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct registry_binding binding = {.agent = agent,
		.wan = "wan2",
		.link = other,
		.from_s = T0 + 30,
		.to_s = SPAN_FOREVER};
	struct sent records[] = {sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
		sent_slot(KEY(agent, 1, 2), (struct slot_plan){1, 0, 60000, 0, 1000, "wan2"})};
	struct err err = {0};
	int64_t id;

	fixture_take(fixture, records, 2);
	assert_int_equal(fixture_counts(fixture).unbound, 1);
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), 0);
	fixture_take(fixture, NULL, 0);
	assert_int_equal(fixture_counts(fixture).unbound, 0);
	struct tally tally = tally_of(fixture, other);
	assert_int_equal(tally.slots, 1);
	assert_int_equal(tally.first_s, T0 + 30); /* not before the binding */
	assert_int_equal(tally.last_s, T0 + 60);
}

static void a_moved_router_measures_both_links_within_one_slot(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	int64_t other = fixture_link(fixture, DESA_OTHER, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct registry_binding binding = {.agent = agent,
		.wan = "wan",
		.link = other,
		.from_s = T0 + 20,
		.to_s = SPAN_FOREVER};
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S), minute(agent, 2, 1, 0)};
	struct err err = {0};
	int64_t id;

	fixture_take(fixture, records, 2);
	assert_int_equal(registry_agent_bind(fixture->registry, &binding, &id, &err), 0);
	fixture_take(fixture, NULL, 0);
	assert_int_equal(tally_of(fixture, link).last_s, T0 + 20);
	assert_int_equal(tally_of(fixture, other).first_s, T0 + 20);
	assert_int_equal(tally_of(fixture, other).last_s, T0 + 60);
}

static void equal_content_is_a_duplicate_and_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S), minute(agent, 2, 1, 0)};
	char *before, *after;

	fixture_take(fixture, records, 2);
	before = fixture_dump(fixture, link);
	int64_t outbox = fixture_counts(fixture).outbox_last;
	fixture_take(fixture, records, 2);
	after = fixture_dump(fixture, link);
	assert_string_equal(before, after);
	assert_int_equal(fixture_counts(fixture).duplicates, 2);
	assert_int_equal(fixture_counts(fixture).conflicts, 0);
	assert_int_equal(fixture_counts(fixture).outbox_last, outbox);
	free(before);
	free(after);
}

static void other_content_disputes_the_slot_whichever_came_first(void **state)
{
	char *dumps[2];

	for (int turn = 0; turn < 2; turn++) {
		struct fixture *fixture = fixture_new();
		int64_t link = fixture_link(fixture, DESA, "Telkom");
		uint32_t agent = fixture_agent(fixture, link, T0);
		struct sent records[] = {sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
			minute(agent, 2, 1, 0), minute(agent, 2, 1, 5), minute(agent, 2, 1, 9)};
		struct sent swapped[] = {records[3], records[1], records[2], records[0]};

		fixture_take(fixture, turn ? swapped : records, 4);
		fixture_take(fixture, turn ? records : swapped, 4);
		assert_int_equal(fixture_counts(fixture).conflicts, 2);
		assert_int_equal(fixture_counts(fixture).duplicates, 4);
		assert_int_equal(tally_of(fixture, link).slots, 1);
		assert_int_equal(tally_of(fixture, link).disputed, 1);
		dumps[turn] = fixture_dump(fixture, link);
		fixture_free(fixture);
	}
	assert_string_equal(dumps[0], dumps[1]);
	free(dumps[0]);
	free(dumps[1]);
}

static void a_key_that_was_a_slot_and_is_an_anchor_is_a_conflict(void **state)
{
	char *dumps[2];

	for (int turn = 0; turn < 2; turn++) {
		struct fixture *fixture = fixture_new();
		int64_t link = fixture_link(fixture, DESA, "Telkom");
		uint32_t agent = fixture_agent(fixture, link, T0);
		struct sent records[] = {sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S),
			minute(agent, 2, 1, 0),
			sent_anchor(KEY(agent, 1, 2), 1, 1000, (T0 + 500) * US_PER_S)};
		struct sent swapped[] = {records[2], records[1], records[0]};

		fixture_take(fixture, turn ? swapped : records, 3);
		assert_int_equal(fixture_counts(fixture).conflicts, 1);
		dumps[turn] = fixture_dump(fixture, link);
		/* how many slots there were is told by what came first */
		*strstr(dumps[turn], "slots ") = '\0';
		fixture_free(fixture);
	}
	assert_string_equal(dumps[0], dumps[1]);
	free(dumps[0]);
	free(dumps[1]);
}

static void what_is_no_record_is_kept_and_counted(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	struct sent bad = {.agent = 1,
		.run = 1,
		.sequence = 7,
		.bytes = "garbage",
		.length = 7,
		.reject_code = REJECT_MALFORMED};
	struct sent unmarked = bad;

	fixture_agent(fixture, link, T0);
	unmarked.sequence = 8;
	unmarked.reject_code = 0; /* an older ingest let it in */
	fixture_take(fixture, &bad, 1);
	fixture_take(fixture, &unmarked, 1);
	fixture_take(fixture, &bad, 1);
	assert_int_equal(fixture_counts(fixture).rejected, 2);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
	/* the same key may come sound one day */
	struct sent good = sent_stop(KEY(1, 1, 7), 1, 0);
	fixture_take(fixture, &good, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 0);
}

/* ---- the set, not the order */

#define BOOTS 3
#define MINUTES 40

static size_t make_days(uint32_t agent, struct sent *ret_records)
{
	size_t count = 0;

	for (uint8_t boot = 1; boot <= BOOTS; boot++) {
		uint32_t sequence = 1;
		int64_t booted_us = (T0 + boot * 86400) * US_PER_S;
		for (unsigned i = 0; i < MINUTES; i++) {
			if (i % 10 == 3) /* the router's clock drifts: anchors differ */
				ret_records[count++] = sent_anchor(KEY(agent, boot, sequence++),
					boot, i * MINUTE_US, booted_us + i * (MINUTE_US + 30000));
			if (i == 20) {
				ret_records[count++] = sent_dropped(KEY(agent, boot, sequence),
					boot, sequence + 4, i * MINUTE_US, (i + 5) * MINUTE_US);
				sequence += 5;
				i += 5;
			}
			ret_records[count++] = minute(agent, sequence++, boot, i);
		}
		if (boot == 2)
			ret_records[count++] = sent_stop(
				KEY(agent, boot, sequence++), boot, 50 * MINUTE_US);
	}
	/* a boot that never learns the time, and a key with two contents */
	ret_records[count++] = minute(agent, 1, BOOTS + 1, 1);
	ret_records[count++] = minute(agent, 5, 1, 77);
	return count;
}

static void shuffle(struct sent *records, size_t count, unsigned seed)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = (size_t)rand_r(&seed) % i;
		struct sent kept = records[i - 1];
		records[i - 1] = records[k];
		records[k] = kept;
	}
}

static char *dump_after(struct sent *records, size_t count, unsigned seed)
{
	struct fixture *fixture = fixture_new();
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	char *dump;

	fixture_agent(fixture, link, T0 + 86400 + 90);
	if (seed)
		shuffle(records, count, seed);
	for (size_t at = 0; at < count;) {
		size_t batch = seed ? 1 + (size_t)rand_r(&seed) % 30 : count;
		if (batch > count - at)
			batch = count - at;
		fixture_take(fixture, records + at, batch);
		/* some of it twice */
		if (seed)
			fixture_take(fixture, records, at % 7);
		at += batch;
	}
	dump = fixture_dump(fixture, link);
	fixture_free(fixture);
	return dump;
}

static void any_order_of_arrival_gives_the_same_tables(void **state)
{
	struct sent *records = calloc(BOOTS * (MINUTES + 12) + 4, sizeof(*records));
	size_t count = make_days(1, records);
	char *sorted = dump_after(records, count, 0);

	assert_non_null(strstr(sorted, "disputed"));
	assert_non_null(strstr(sorted, "drop "));
	assert_non_null(strstr(sorted, "stopped"));
	assert_non_null(strstr(sorted, "unplaced 1"));
	for (unsigned seed = 1; seed <= 12; seed++) {
		char *shuffled = dump_after(records, count, seed);
		if (strcmp(sorted, shuffled))
			fail_msg("seed %u\n%s\nis not\n%s", seed, shuffled, sorted);
		free(shuffled);
	}
	free(sorted);
	free(records);
}

static void a_batch_that_fails_never_happened(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent records[] = {
		sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S), minute(agent, 2, 1, 0)};
	struct journal_record journal = {.agent = agent,
		.key = {1, 2},
		.record = records[1].bytes,
		.record_length = records[1].length};
	struct err err = {0};

	fixture_take(fixture, records, 1);
	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(ledger_take(fixture->writer, &journal, false, &err), 0);
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	ledger_rollback(fixture->writer);
	assert_int_equal(fixture_counts(fixture).slots, 0);
	assert_int_equal(fixture_counts(fixture).cursor.record, 1);
	assert_int_equal(tally_of(fixture, link).slots, 0);
	fixture_take(fixture, &records[1], 1);
	assert_int_equal(fixture_counts(fixture).slots, 1);
	assert_int_equal(tally_of(fixture, link).slots, 1);
}

static void only_one_process_writes(void **state)
{
	struct fixture *fixture = *state;
	struct ledger_writer *second = NULL;
	struct err err = {0};

	fixture_take(fixture, NULL, 0);
	assert_int_equal(ledger_writer_open(fixture->state, &second, &err), -EBUSY);
	assert_null(second);
}

/* An ACK was lost, the spool overflowed: the agent gives up what had arrived all the same. */
static void a_gap_over_a_record_that_came_disputes_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct sent slot = minute(7, 2, 1, 1);
	struct sent gap = sent_dropped(KEY(7, 1, 2), 1, 9, MINUTE_US, 8 * MINUTE_US);

	fixture_take(fixture, &slot, 1);
	fixture_take(fixture, &gap, 1);
	fixture_take(fixture, &slot, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 0);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(slots_wait_for_an_anchor),
		TEST(edges_are_floored_and_slots_stay_adjacent),
		TEST(slots_of_an_unbound_wan_count_once_it_is_bound),
		TEST(a_moved_router_measures_both_links_within_one_slot),
		TEST(equal_content_is_a_duplicate_and_changes_nothing),
		TEST(a_gap_over_a_record_that_came_disputes_nothing),
		cmocka_unit_test(other_content_disputes_the_slot_whichever_came_first),
		cmocka_unit_test(a_key_that_was_a_slot_and_is_an_anchor_is_a_conflict),
		TEST(what_is_no_record_is_kept_and_counted),
		cmocka_unit_test(any_order_of_arrival_gives_the_same_tables),
		TEST(a_batch_that_fails_never_happened),
		TEST(only_one_process_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
