/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to the outbox and shown on the wall, batch by batch. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledgerd/board.h"
#include "collector/ledgerd/view.h"
#include "common/log.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)
#define MINUTES_MAX 400

struct wall {
	struct fixture *fixture;
	struct view *view;
	struct board *board;
	int64_t link;
	uint32_t agent;
};

static void must(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%d: %s", result, err->text);
}

static int setup(void **state)
{
	struct wall *wall = calloc(1, sizeof(*wall));
	struct err err = {0};

	log_set_level(LOG_LEVEL_ERROR);
	wall->fixture = fixture_new();
	wall->link = fixture_link(wall->fixture, DESA, "Telkom");
	fixture_contract(wall->fixture, wall->link, T0, SPAN_FOREVER);
	wall->agent = fixture_agent(wall->fixture, wall->link, T0);
	fixture_take(wall->fixture, NULL, 0);
	must(view_open(wall->fixture->state, &wall->view, &err), &err);
	wall->board = board_new();
	must(board_follow(wall->board, wall->view, &err), &err);
	*state = wall;
	return 0;
}

static int teardown(void **state)
{
	struct wall *wall = *state;

	board_free(wall->board);
	view_close(wall->view);
	fixture_free(wall->fixture);
	free(wall);
	return 0;
}

static int touch(void *arg, int64_t link, int64_t from_s)
{
	board_touch(arg, link, from_s);
	return 0;
}

/* A batch as the follower runs it. */
static void batch(struct wall *wall, const struct sent *records, size_t count, int64_t now_s)
{
	struct ledger_writer *writer = wall->fixture->writer;
	struct err err = {0};

	if (view_refresh(wall->view, &err) > 0)
		must(board_follow(wall->board, wall->view, &err), &err);
	must(ledger_begin(writer, &err), &err);
	for (size_t i = 0; i < count; i++) {
		struct journal_record journal = {
			.agent = records[i].agent,
			.key = {records[i].run, records[i].sequence},
			.received_utc_us = records[i].received_us,
			.record = records[i].bytes,
			.record_length = records[i].length,
			.wan = "wan",
		};
		must(ledger_take(writer, &journal, false, &err), &err);
	}
	must(ledger_settle(writer, &err), &err);
	ledger_touched(writer, touch, wall->board);
	must(board_write(wall->board, writer, wall->view, now_s * US_PER_S, &err), &err);
	must(ledger_commit(writer, (struct seglog_pos){0, 0}, &err), &err);
	board_commit(wall->board, wall->view);
}

static struct sent anchor(struct wall *wall)
{
	return sent_anchor(KEY(wall->agent, 1, 1), 1, 0, T0 * US_PER_S);
}

/* The minute's slot, which came ten seconds after its end. */
static struct sent minute(struct wall *wall, unsigned number, unsigned lost)
{
	struct sent sent = sent_slot(KEY(wall->agent, 1, number + 2),
		(struct slot_plan){1, number * MINUTE_US, 60000, lost, 20000, NULL});

	sent.received_us = (T0 + number * 60 + 70) * US_PER_S;
	return sent;
}

static void live_through(struct wall *wall, unsigned from, unsigned to, unsigned lost)
{
	for (unsigned i = from; i < to; i++) {
		struct sent sent = minute(wall, i, lost);
		batch(wall, &sent, 1, T0 + i * 60 + 70);
	}
}

static struct ledger_live shown(struct wall *wall)
{
	struct ledger_live live = {0};
	struct err err = {0};

	must(ledger_live_get(ledger_writer_view(wall->fixture->writer), wall->link, &live, &err),
		&err);
	return live;
}

/* ---- the outbox, summed up */

struct said {
	unsigned slots, wans, states, gone, lives;
	char lives_text[256];
	int8_t state[MINUTES_MAX * 60]; /* by second of the month; 0 nothing, 1 up, -1 down */
};

static int sum_up(void *arg, const struct outbox_event *event)
{
	struct said *said = arg;
	int64_t second = event->at_s - T0;

	switch (event->kind) {
	case OUTBOX_SLOT: said->slots++; break;
	case OUTBOX_WAN: said->wans++; break;
	case OUTBOX_STATE:
		said->states++;
		assert_in_range(second, 0, sizeof(said->state) - 1);
		said->state[second] = event->up ? 1 : -1;
		break;
	case OUTBOX_GONE:
		said->gone++;
		if (second >= 0 && second < (int64_t)sizeof(said->state))
			said->state[second] = 0;
		break;
	case OUTBOX_LIVE:
		said->lives++;
		strcat(said->lives_text, live_state_name(event->live.state));
		strcat(said->lives_text, " ");
		break;
	}
	return 0;
}

static struct said *outbox(struct wall *wall)
{
	static struct said said;
	struct err err = {0};

	memset(&said, 0, sizeof(said));
	must(ledger_outbox(ledger_writer_view(wall->fixture->writer),
		     (struct outbox_range){0, 100000}, sum_up, &said, &err),
		&err);
	return &said;
}

/* ---- tests */

static void every_slot_is_said_once_with_its_final_state(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0);
	live_through(wall, 0, 20, 0);
	struct said *said = outbox(wall);
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
	struct said *said = outbox(wall);
	assert_int_equal(said->states, 25);
	assert_int_equal(said->state[20 * 60], -1);
	assert_int_equal(said->state[24 * 60], -1);
	live_through(wall, 25, 29, 0);
	assert_int_equal(outbox(wall)->states, 25);
	live_through(wall, 29, 30, 0);
	assert_int_equal(outbox(wall)->states, 30);
}

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
	assert_int_equal(live.rtt_us, 20000);
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

static void slots_that_move_are_taken_back(void **state)
{
	struct wall *wall = *state;
	struct sent late = sent_anchor(
		KEY(wall->agent, 1, 300), 1, 20 * MINUTE_US, (T0 + 20 * 60 + 3) * US_PER_S);
	struct sent early = anchor(wall);

	batch(wall, &late, 1, T0);
	live_through(wall, 0, 30, 0); /* all placed by the late anchor: three seconds on */
	struct said *said = outbox(wall);
	assert_int_equal(said->slots, 30);
	assert_int_equal(said->state[3], 1);
	batch(wall, &early, 1, T0 + 1800);
	said = outbox(wall);
	/* the 20 before the late anchor move, the 10 from it on stay */
	assert_int_equal(said->gone, 20);
	assert_int_equal(said->slots, 50);
	assert_int_equal(said->state[3], 0);
	assert_int_equal(said->state[0], 1);
	assert_int_equal(said->state[20 * 60 + 3], 1);
}

/* ---- what is said piecemeal is what the whole says */

static void expect_as_the_whole(struct wall *wall, unsigned seed)
{
	struct said *said = outbox(wall);
	struct history history;
	struct line line;
	struct states states;
	struct terms terms;
	struct span span;
	struct err err = {0};

	must(ledger_history_load(ledger_writer_view(wall->fixture->writer), wall->link, INT64_MIN,
		     &history, &err),
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
			if (kind != 3)
				records[count++] = minute(wall, i, kind == 2 ? 6 : 0);
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
	for (unsigned seed = 1; seed <= 15; seed++) {
		void *wall;
		setup(&wall);
		play(wall, seed);
		expect_as_the_whole(wall, seed);
		teardown(&wall);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(every_slot_is_said_once_with_its_final_state),
		TEST(a_state_is_said_when_it_is_settled_not_before),
		TEST(the_wall_follows_the_link),
		TEST(silence_is_shown_after_two_slots_and_five_seconds),
		TEST(an_exclusion_in_force_is_shown_and_ends_by_the_clock),
		TEST(since_is_remembered_beyond_what_is_read),
		TEST(slots_that_move_are_taken_back),
		cmocka_unit_test(what_is_said_batch_by_batch_is_what_the_whole_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
