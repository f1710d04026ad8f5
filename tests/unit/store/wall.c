/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store/wall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/log.h"

void must(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%d: %s", result, err->text);
}

int wall_setup(void **state)
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
	wall->deriver = deriver_new(wall->view, wall->fixture->state);
	must(board_follow(wall->board, wall->view, &err), &err);
	*state = wall;
	return 0;
}

int wall_teardown(void **state)
{
	struct wall *wall = *state;

	deriver_free(wall->deriver);
	board_free(wall->board);
	view_close(wall->view);
	fixture_free(wall->fixture);
	free(wall);
	return 0;
}

static int touch(void *arg, const struct ledger_span *span)
{
	board_touch(arg, span->link, &(struct span){span->from_s, span->to_s});
	return 0;
}

void judge_touched(struct wall *wall, int64_t now_s)
{
	struct ledger_writer *writer = wall->fixture->writer;
	struct err err = {0};

	ledger_touched(writer, touch, wall->board);
	must(board_write(wall->board, writer, wall->view, now_s * US_PER_S, &err), &err);
}

void batch(struct wall *wall, const struct sent *records, size_t count, int64_t now_s)
{
	struct ledger_writer *writer = wall->fixture->writer;
	struct err err = {0};
	bool more;

	if (view_refresh(wall->view, &err) > 0)
		must(board_follow(wall->board, wall->view, &err), &err);
	must(ledger_begin(writer, &err), &err);
	must(deriver_follow(wall->deriver, writer, &err), &err);
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
	judge_touched(wall, now_s);
	must(deriver_work(wall->deriver, writer, &(struct deriver_turn){now_s, 1000000, true},
		     &more, &err),
		&err);
	must(ledger_commit(writer, (struct seglog_pos){0, 0}, &err), &err);
	board_commit(wall->board, wall->view);
}

struct sent anchor(struct wall *wall)
{
	return sent_anchor(KEY(wall->agent, 1, 1), 1, 0, T0 * US_PER_S);
}

struct sent minute(struct wall *wall, unsigned number, unsigned lost)
{
	struct sent sent = sent_slot(KEY(wall->agent, 1, number + 2),
		(struct slot_plan){1, number * MINUTE_US, 60000, lost, 20000, NULL});

	sent.received_us = (T0 + number * 60 + 70) * US_PER_S;
	return sent;
}

void live_through(struct wall *wall, unsigned from, unsigned to, unsigned lost)
{
	for (unsigned i = from; i < to; i++) {
		struct sent sent = minute(wall, i, lost);
		batch(wall, &sent, 1, T0 + i * 60 + 70);
	}
}

struct ledger_live shown(struct wall *wall)
{
	struct ledger_live live = {0};
	struct err err = {0};

	must(ledger_live_get(ledger_writer_view(wall->fixture->writer), wall->link, &live, &err),
		&err);
	return live;
}

static int sum_up(void *arg, const struct outbox_event *event)
{
	struct summary *said = arg;
	int64_t second = event->at_s - T0;

	switch (event->kind) {
	case OUTBOX_SLOT: said->slots++; break;
	case OUTBOX_WAN: said->wans++; break;
	case OUTBOX_SPEED:
		said->speeds++;
		said->speed = *event;
		break;
	case OUTBOX_NONE:
	case OUTBOX_DAY:
	case OUTBOX_NEWS: break;
	case OUTBOX_STATE:
		said->states++;
		assert_in_range(second, 0, sizeof(said->state) - 1);
		said->state[second] = event->up ? 1 : -1;
		break;
	case OUTBOX_UNSAID:
		assert_in_range(second, 0, sizeof(said->state) - 1);
		said->state[second] = 0;
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

struct summary *outbox(struct wall *wall)
{
	static struct summary said;
	struct err err = {0};

	memset(&said, 0, sizeof(said));
	must(ledger_outbox(ledger_writer_view(wall->fixture->writer),
		     (struct outbox_range){0, 100000}, sum_up, &said, &err),
		&err);
	return &said;
}
