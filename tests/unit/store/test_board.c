/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown on the wall, batch by batch. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/hist.h"
#include "tests/unit/store/wall.h"

static void the_wall_follows_the_link(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	struct ledger_live live;

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 30, 0);
	live = shown(wall);
	assert_int_equal(live.state, LIVE_UP);
	assert_int_equal(live.since_s, T0);
	assert_int_equal(live.rtt_us, hist_step(20000));
	assert_int_equal(live.loss_ppm, 0);
	assert_int_equal(live.slot_to_s, T0 + 1800);
	assert_int_equal(live.heard_us, (T0 + 1810) * US_PER_S);
	live_through(wall, 30, 32, 6);
	live = shown(wall);
	assert_int_equal(live.state, LIVE_UNKNOWN);
	assert_string_equal(live.cause, "edge");
	assert_int_equal(live.loss_ppm, 400000);
	live_through(wall, 32, 40, 6);
	live = shown(wall);
	assert_int_equal(live.state, LIVE_DOWN);
	assert_int_equal(live.since_s, T0 + 1800);
	assert_string_equal(live.cause, "provider");
	assert_int_equal(live.rtt_us, LIVE_NONE);
	live_through(wall, 40, 50, 0);
	live = shown(wall);
	assert_int_equal(live.state, LIVE_UP);
	assert_int_equal(live.since_s, T0 + 2400);
	assert_string_equal(outbox(wall)->lives_text, "up unknown down unknown up ");
}

/* The minute's slot, in which a resolver was asked. */
static void ask(struct wall *wall, unsigned number, uint8_t outcome)
{
	struct sent sent = sent_slot(KEY(wall->agent, 1, number + 2),
		(struct slot_plan){1, number * MINUTE_US, 60000, 0, 20000, NULL, outcome});

	sent.received_us = (T0 + number * 60 + 70) * US_PER_S;
	batch(wall, &sent, 1, T0 + number * 60 + 70);
}

static void names_that_fail_are_shown_until_they_work(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 10, 0);
	ask(wall, 10, DNS_TIMEOUT);
	assert_int_equal(shown(wall).state, LIVE_UP);
	assert_string_equal(shown(wall).dns, "10.0.0.1 timeout");
	live_through(wall, 11, 41, 0); /* nobody asks for half an hour */
	assert_string_equal(shown(wall).dns, "10.0.0.1 timeout");
	ask(wall, 41, DNS_SERVFAIL);
	assert_string_equal(shown(wall).dns, "10.0.0.1 servfail");
	ask(wall, 42, DNS_ANSWERED);
	assert_string_equal(shown(wall).dns, "");
	/* each change is said */
	assert_string_equal(outbox(wall)->lives_text, "up up up up ");
	ask(wall, 43, DNS_TIMEOUT);
	live_through(wall, 44, 410, 0);
	assert_string_equal(shown(wall).dns, ""); /* six hours ago is no news */
}

static void silence_is_shown_after_two_slots_and_five_seconds(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	const int64_t heard_s = T0 + 600 + 10;

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 10, 0);
	assert_false(board_wants(wall->board, wall->view, (heard_s + 125) * US_PER_S));
	assert_true(board_wants(wall->board, wall->view, (heard_s + 126) * US_PER_S));
	batch(wall, NULL, 0, heard_s + 126);
	assert_int_equal(shown(wall).state, LIVE_SILENT);
	assert_int_equal(shown(wall).since_s, heard_s);
	assert_false(board_wants(wall->board, wall->view, (heard_s + 1000) * US_PER_S));
	/* the agent comes back with all that it kept */
	struct sent kept[20];
	for (unsigned i = 10; i < 30; i++) {
		kept[i - 10] = minute(wall, i, 0);
		kept[i - 10].received_us = (T0 + 1810) * US_PER_S;
	}
	batch(wall, kept, 20, T0 + 1810);
	assert_int_equal(shown(wall).state, LIVE_UP);
	assert_int_equal(shown(wall).since_s, T0);
	assert_string_equal(outbox(wall)->lives_text, "up silent up ");
}

static void an_exclusion_in_force_is_shown_and_ends_by_the_clock(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	struct registry_exclusion exclusion = {.scope = SCOPE_DESA,
		.value = DESA,
		.reason = EXCLUSION_FORCE_MAJEURE,
		.from_s = T0 + 700,
		.to_s = T0 + 1000,
		.by = "Sari",
		.note = "banjir"};
	struct err err = {0};
	int64_t id;

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 11, 0);
	must(registry_exclusion_add(wall->fixture->registry, &exclusion, &id, &err), &err);
	batch(wall, NULL, 0, T0 + 699);
	assert_int_equal(shown(wall).state, LIVE_UP);
	batch(wall, NULL, 0, T0 + 700);
	assert_int_equal(shown(wall).state, LIVE_EXCLUDED);
	assert_string_equal(shown(wall).cause, "force-majeure");
	live_through(wall, 11, 16, 0);
	batch(wall, NULL, 0, T0 + 1000);
	assert_int_equal(shown(wall).state, LIVE_UP);
}

static void an_exclusion_that_removes_no_down_second_hides_no_outage(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	struct registry_exclusion exclusion = {.scope = SCOPE_DESA,
		.value = DESA,
		.reason = EXCLUSION_FORCE_MAJEURE,
		.from_s = T0,
		.to_s = T0 + 4000,
		.by = "Sari",
		.note = "banjir"};
	struct err err = {0};
	int64_t id;

	must(registry_exclusion_add(wall->fixture->registry, &exclusion, &id, &err), &err);
	batch(wall, &first, 1, T0);
	live_through(wall, 0, 10, 0);
	assert_int_equal(shown(wall).state, LIVE_EXCLUDED);
	live_through(wall, 10, 20, 6);
	assert_int_equal(shown(wall).state, LIVE_DOWN);
	strcpy(exclusion.second, "Budi");
	memset(exclusion.document, 'a', sizeof(exclusion.document) - 1);
	must(registry_exclusion_add(wall->fixture->registry, &exclusion, &id, &err), &err);
	batch(wall, NULL, 0, T0 + 1211);
	assert_int_equal(shown(wall).state, LIVE_EXCLUDED);
}

static void since_is_remembered_beyond_what_is_read(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	struct err err = {0};

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 10, 6);
	live_through(wall, 10, MINUTES_MAX, 0);
	assert_int_equal(shown(wall).since_s, T0 + 600);
	/* another process, which has nothing in memory: first knowing the past, then not */
	for (int same_registry = 1; same_registry >= 0; same_registry--) {
		board_free(wall->board);
		wall->board = board_new();
		must(board_follow(wall->board, wall->view, &err), &err);
		must(board_load(wall->board, ledger_writer_view(wall->fixture->writer),
			     same_registry, &err),
			&err);
		batch(wall, NULL, 0, T0 + MINUTES_MAX * 60 + 10);
		assert_int_equal(shown(wall).state, LIVE_UP);
		assert_int_equal(shown(wall).since_s, T0 + 600);
	}
	assert_string_equal(outbox(wall)->lives_text, "unknown down unknown up ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wall_setup, wall_teardown)
		TEST(the_wall_follows_the_link),
		TEST(names_that_fail_are_shown_until_they_work),
		TEST(silence_is_shown_after_two_slots_and_five_seconds),
		TEST(an_exclusion_in_force_is_shown_and_ends_by_the_clock),
		TEST(an_exclusion_that_removes_no_down_second_hides_no_outage),
		TEST(since_is_remembered_beyond_what_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
