/* SPDX-License-Identifier: Apache-2.0 */
/* A link on the wall: batches as the follower runs them, and what they say. */
#ifndef TESTS_STORE_WALL_H
#define TESTS_STORE_WALL_H

#include "collector/ledgerd/board.h"
#include "collector/ledgerd/deriver.h"
#include "collector/ledgerd/view.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)
#define MINUTES_MAX 400

struct wall {
	struct fixture *fixture;
	struct view *view;
	struct board *board;
	struct deriver *deriver;
	int64_t link;
	uint32_t agent;
};

int wall_setup(void **state);
int wall_teardown(void **state);
/* Fails the test with the error's words. */
void must(int result, const struct err *err);

/* The boot begins with the month. */
struct sent anchor(struct wall *wall);
/* The minute's slot, which came ten seconds after its end. */
struct sent minute(struct wall *wall, unsigned number, unsigned lost);
/* A batch as the follower runs it. */
/* Of a batch that is settled: what the board says. */
void judge_touched(struct wall *wall, int64_t now_s);
void batch(struct wall *wall, const struct sent *records, size_t count, int64_t now_s);
/* Minutes [from, to), a batch each, as they come. */
void live_through(struct wall *wall, unsigned from, unsigned to, unsigned lost);
struct ledger_live shown(struct wall *wall);

struct summary { /* the outbox, summed up */
	unsigned slots, wans, states, gone, lives, speeds;
	struct outbox_event speed; /* the last one */
	char lives_text[256];
	int8_t state[MINUTES_MAX * 60]; /* by second of the month; 0 nothing, 1 up, -1 down */
};

/* Valid until the next call. */
struct summary *outbox(struct wall *wall);

#endif
