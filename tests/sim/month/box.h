/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router of a month: it boots, hangs and loses power, and on it run the agent's real schedule,
 * slots and anchors, asked in virtual time and answered by the invented network. Times without a
 * word are true time, in microseconds since the month began.
 */
#ifndef PANTAU_TESTS_SIM_MONTH_BOX_H
#define PANTAU_TESTS_SIM_MONTH_BOX_H

#include "agent/core/anchors.h"
#include "agent/core/flush.h"
#include "agent/core/news.h"
#include "agent/core/watch.h"
#include "common/buf.h"
#include "tests/sim/month/account.h"
#include "tests/sim/month/keep.h"
#include "tests/sim/month/net.h"

#define BOX_NEVER UINT64_MAX
#define BOX_UTC_AT_ZERO_US 1767196800000000LL /* January 2026 in WITA */
#define BOX_ANSWERS_MAX 256 /* a dozen rounds of a dozen questions at most */

struct pending { /* a question under way */
	uint64_t due_us;
	struct question question;
	struct answer answer;
};

struct box {
	const struct story *story; /* all borrowed */
	struct net *net;
	struct keep *keep;
	struct account *account;

	struct draw draw;
	bool is_on;
	enum reset reset; /* of the boot that comes next, or is */
	uint64_t booted_us, start_us; /* start_us: when the agent may begin */
	uint64_t asleep_us; /* since when no agent runs */
	unsigned asleep_why; /* bits of enum unknown_cause */
	uint8_t boot[BOOT_BYTES];
	uint32_t run, sequence;

	struct watch *watch; /* NULL: no agent runs */
	struct anchors anchors;
	struct flush flush; /* when what is kept becomes durable */
	struct news news;
	uint64_t dial_us, report_us;
	bool is_connected;
	uint32_t moves; /* of the NAT, when the session began */
	size_t answer_count;
	struct pending answers[BOX_ANSWERS_MAX];
	uint64_t slots, rounds; /* made */
	struct record record, decoded;
	struct buf bytes;
};

struct box_world { /* borrowed */
	struct net *net;
	struct keep *keep;
	struct account *account;
};

/* It boots as the month begins. */
void box_init(struct box *box, const struct story *story, const struct box_world *world);
void box_done(struct box *box);

void box_begin(struct box *box, const struct spell *spell);
void box_end(struct box *box, const struct spell *spell);
uint64_t box_due(const struct box *box);
void box_step(struct box *box, uint64_t now_us);
/* The month is over: what waits is sent if there is a way. */
void box_finish(struct box *box, uint64_t now_us);

/* ---- between the box's files */

uint64_t box_mono(const struct box *box, uint64_t at_us);
/* The first moment at which the router's clock shows this or more. */
uint64_t box_true(const struct box *box, uint64_t mono_us);
void box_add(struct box *box, struct fact *fact, uint64_t now_us);
void box_take_slots(struct box *box, uint64_t now_us);
void box_look_at_clock(struct box *box, uint64_t now_us);
void box_talk_begin(struct box *box, uint64_t now_us);
void box_talk(struct box *box, uint64_t now_us);
uint64_t box_talk_due(const struct box *box);
void box_ask(struct box *box, const struct question *question, uint64_t now_us);
void box_hear(struct box *box, uint64_t now_us);

#endif
