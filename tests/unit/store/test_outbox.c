/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to the outbox, batch by batch: each slot once, its state when it is final. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/store/wall.h"

static void every_slot_is_said_once_with_its_final_state(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 20, 0);
	struct summary *said = outbox(wall);
	assert_int_equal(said->slots, 20);
	assert_int_equal(said->wans, 20);
	assert_int_equal(said->states, 20);
	live_through(wall, 0, 20, 0); /* all of it again */
	said = outbox(wall);
	assert_int_equal(said->slots, 20);
	assert_int_equal(said->states, 20);
	assert_int_equal(said->gone, 0);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(said->state[i * 60], 1);
}

static void a_state_is_said_when_it_is_settled_not_before(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 20, 0);
	live_through(wall, 20, 24, 6);
	assert_int_equal(outbox(wall)->states, 20); /* four minutes may yet be forgiven */
	live_through(wall, 24, 25, 6);
	struct summary *said = outbox(wall);
	assert_int_equal(said->states, 25);
	assert_int_equal(said->state[20 * 60], -1);
	assert_int_equal(said->state[24 * 60], -1);
	live_through(wall, 25, 29, 0);
	assert_int_equal(outbox(wall)->states, 25);
	live_through(wall, 29, 30, 0);
	assert_int_equal(outbox(wall)->states, 30);
}

static void a_speed_test_is_said_when_it_has_its_place(void **state)
{
	struct wall *wall = *state;
	struct sent done = sent_speed(KEY(wall->agent, 1, 400), 1, 3 * MINUTE_US, 19400);
	struct sent skipped = sent_speed(KEY(wall->agent, 1, 401), 1, 4 * MINUTE_US, 0);
	struct sent first = anchor(wall);

	batch(wall, &done, 1, T0);
	batch(wall, &skipped, 1, T0);
	assert_int_equal(outbox(wall)->speeds, 0); /* nobody knows when it was */
	batch(wall, &first, 1, T0);
	struct summary *said = outbox(wall);
	assert_int_equal(said->speeds, 1);
	assert_int_equal(said->speed.link, wall->link);
	assert_int_equal(said->speed.at_s, T0 + 180);
	assert_int_equal(said->speed.speed.down_kbps, 19400);
	assert_int_equal(said->speed.speed.up_kbps, 0);
	assert_int_equal(said->speed.speed.bytes, 1000000);
	done = sent_speed(KEY(wall->agent, 1, 402), 1, 5 * MINUTE_US, 18000);
	batch(wall, &done, 1, T0);
	assert_int_equal(outbox(wall)->speed.speed.down_kbps, 18000);
}

static void slots_that_move_are_taken_back(void **state)
{
	struct wall *wall = *state;
	struct sent late = sent_anchor(
		KEY(wall->agent, 1, 300), 1, 20 * MINUTE_US, (T0 + 20 * 60 + 3) * US_PER_S);
	struct sent early = anchor(wall);

	batch(wall, &late, 1, T0);
	live_through(wall, 0, 30, 0); /* all placed by the late anchor: three seconds on */
	struct summary *said = outbox(wall);
	assert_int_equal(said->slots, 30);
	assert_int_equal(said->state[3], 1);
	batch(wall, &early, 1, T0 + 1800);
	said = outbox(wall);
	/* the 20 before the late anchor move, the 10 from it on stay */
	assert_int_equal(said->gone, 20);
	/* where they were nobody need say any more: a row that waits behind takes it back */
	assert_int_equal(said->slots, 30);
	assert_int_equal(said->state[3], 0);
	assert_int_equal(said->state[0], 1);
	assert_int_equal(said->state[20 * 60 + 3], 1);
}

/* As the ledger's process does it when nothing came. */
static bool refill(struct wall *wall, int limit)
{
	struct ledger_writer *writer = wall->fixture->writer;
	struct err err = {0};
	bool more = true;

	must(ledger_begin(writer, &err), &err);
	must(ledger_refill(writer, limit, &more, &err), &err);
	must(ledger_settle(writer, &err), &err);
	judge_touched(wall, T0 + 7200);
	must(ledger_commit(writer, (struct seglog_pos){0, 0}, &err), &err);
	board_commit(wall->board, wall->view);
	return more;
}

static void what_no_exporter_took_is_said_again_when_there_is_one(void **state)
{
	struct wall *wall = *state;
	struct ledger_writer *writer = wall->fixture->writer;
	struct sent first = anchor(wall);
	struct err err = {0};

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 10, 0);
	assert_false(refill(wall, 4)); /* nothing was missed */
	must(ledger_begin(writer, &err), &err);
	must(ledger_put_unread(writer, &err), &err);
	must(ledger_commit(writer, (struct seglog_pos){0, 0}, &err), &err);
	live_through(wall, 10, 60, 0);
	struct summary *said = outbox(wall);
	assert_int_equal(said->slots, 10); /* nobody is there to be told */
	assert_int_equal(said->states, 10);
	int turns = 1;
	while (refill(wall, 4))
		turns++;
	assert_in_range(turns, 3, 60);
	said = outbox(wall);
	assert_int_equal(said->slots, 70);
	assert_int_equal(said->wans, 70);
	assert_int_equal(said->states, 70);
	assert_false(refill(wall, 4)); /* once is enough */
	live_through(wall, 60, 61, 0);
	assert_int_equal(outbox(wall)->slots, 71);
}

/* ---- what is said piecemeal is what the whole says */

/* State and beginning of the present run are those of the whole, too. */
static void expect_shown(
	struct wall *wall, const struct states *states, int64_t last_s, unsigned seed)
{
	static const enum live_state lives[] = {
		[STATE_U] = LIVE_UP, [STATE_D] = LIVE_DOWN, [STATE_N] = LIVE_UNKNOWN};
	const struct state_run *run = states_at(states, last_s);
	struct ledger_live live = shown(wall);
	enum state state = run->state;

	while (run > states->runs && (run - 1)->state == state)
		run--;
	if (live.state != lives[state] || live.since_s != run->from)
		fail_msg("seed %u: shown %s since %" PRId64 ", is %s since %" PRId64, seed,
			live_state_name(live.state), live.since_s - T0,
			live_state_name(lives[state]), run->from - T0);
}

static void expect_as_the_whole(struct wall *wall, unsigned seed)
{
	struct summary *said = outbox(wall);
	struct history history;
	struct line line;
	struct states states;
	struct terms terms;
	struct span span;
	struct err err = {0};

	must(ledger_history_load(ledger_writer_view(wall->fixture->writer),
		     &(struct ledger_span){wall->link, INT64_MIN, INT64_MAX}, &history, &err),
		&err);
	judge_terms(view_find(wall->view, wall->link), T0 + 1, &terms, &span);
	assert_int_equal(line_build(&history, &line), 0);
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	for (size_t i = 0; i < history.slot_count; i++) {
		int64_t second = history.slots[i].from;
		static const int8_t expected[] = {[STATE_U] = 1, [STATE_D] = -1, [STATE_N] = 0};
		enum state whole = states_at(&states, second)->state;
		if (said->state[second - T0] != expected[whole])
			fail_msg("seed %u, second %" PRId64 ": said %d, is %d", seed, second - T0,
				said->state[second - T0], expected[whole]);
	}
	expect_shown(wall, &states, line.slots[line.slot_count - 1].to - 1, seed);
	states_done(&states);
	line_done(&line);
	ledger_history_done(&history);
}

/* Runs of good, bad and missing minutes, in batches whose order is shuffled a little. */
static void play(struct wall *wall, unsigned seed)
{
	struct sent first = anchor(wall), *records = calloc(MINUTES_MAX, sizeof(*records));
	size_t count = 0;

	batch(wall, &first, 1, T0);
	for (unsigned i = 0; i < MINUTES_MAX;) {
		unsigned length = 1 + (unsigned)rand_r(&seed) % 12,
			 kind = (unsigned)rand_r(&seed) % 4;
		for (unsigned k = 0; k < length && i < MINUTES_MAX; k++, i++) {
			if (kind == 3)
				continue;
			records[count] = minute(wall, i, kind == 2 ? 6 : 0);
			/* nobody is silent in here */
			records[count++].received_us = (T0 + MINUTES_MAX * 60) * US_PER_S;
		}
	}
	for (size_t i = 0; i + 1 < count; i++) {
		size_t k = i + (size_t)rand_r(&seed) % (count - i < 40 ? count - i : 40);
		struct sent kept = records[i];
		records[i] = records[k];
		records[k] = kept;
	}
	for (size_t at = 0; at < count;) {
		size_t size = 1 + (size_t)rand_r(&seed) % 20;
		if (size > count - at)
			size = count - at;
		batch(wall, records + at, size, T0 + MINUTES_MAX * 60);
		at += size;
	}
	free(records);
}

static void what_is_said_batch_by_batch_is_what_the_whole_says(void **state)
{
	for (unsigned seed = 1; seed <= 30; seed++) {
		void *wall;
		wall_setup(&wall);
		play(wall, seed);
		expect_as_the_whole(wall, seed);
		wall_teardown(&wall);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, wall_setup, wall_teardown)
		TEST(every_slot_is_said_once_with_its_final_state),
		TEST(a_speed_test_is_said_when_it_has_its_place),
		TEST(a_state_is_said_when_it_is_settled_not_before),
		TEST(slots_that_move_are_taken_back),
		TEST(what_no_exporter_took_is_said_again_when_there_is_one),
		cmocka_unit_test(what_is_said_batch_by_batch_is_what_the_whole_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
