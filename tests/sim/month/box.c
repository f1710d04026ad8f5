/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/box.h"

#include <string.h>

#include "tests/sim/fail.h"

#define S STORY_S
#define MS_PER_S 1000
#define NEAR_BYTES (128 * 1024) /* half of what the spool may hold in RAM */
#define BOOT_MIN_US (20 * S) /* from the kernel's start to the agent's */
#define BOOT_MAX_US (45 * S)
#define UNSAID_US (75 * S) /* a slot, and the last round's questions: not yet a record */
#define STAMP_US (60 * S)
#define LATE_US 50000
#define BYTES_MAX (64 * 1024)

/* ---- the agent */

static void begin_run(struct box *box, uint64_t now_us)
{
	struct keep_run run = {.run = ++box->run, .nonce = draw_bits(&box->draw)};
	struct fact start = {.kind = RECORD_START, .from_us = box_mono(box, now_us)};

	memcpy(run.boot, box->boot, BOOT_BYTES);
	box->sequence = 0;
	keep_begin_run(box->keep, &run);
	start.reset = (uint8_t)box->reset;
	box_add(box, &start, now_us);
}

static void start_agent(struct box *box, uint64_t now_us)
{
	struct wan_reading reading = net_reading(box->net, now_us);
	struct target targets[NET_TARGETS];
	size_t count = net_targets(box->net, targets);
	struct watch_settings settings = {
		.wan = "wan",
		.boot = box->boot,
		.slot_ms = box->story->place.slot_s * MS_PER_S,
		.round_ms = box->story->place.round_s * MS_PER_S,
		.near_us = box->story->place.near_s * S,
		.now_us = box_mono(box, now_us),
		.reading = &reading,
	};

	account_mark(box->account, box->asleep_us, now_us, box->asleep_why);
	anchors_init(&box->anchors);
	flush_init(&box->flush, NEAR_BYTES);
	news_init(&box->news);
	begin_run(box, now_us);
	if (watch_new(&settings, &box->watch) < 0)
		sim_fail(box->story->seed, "watch_new");
	watch_set_targets(box->watch, targets, count);
	if (box->story->place.has_reflector)
		watch_set_stamp(box->watch, &box->net->reflector, STAMP_US);
	box->answer_count = 0;
	box_talk_begin(box, now_us);
}

/* The program is gone; what the slot at hand held was never a record. */
static void end_agent(struct box *box, uint64_t now_us, unsigned why)
{
	if (!box->watch) {
		box->asleep_why |= why;
		return;
	}
	watch_free(box->watch);
	box->watch = NULL;
	box->is_connected = false;
	box->asleep_us = now_us;
	box->asleep_why = why;
}

static void kill_agent(struct box *box, uint64_t now_us, unsigned why)
{
	if (box->watch)
		account_mark(
			box->account, now_us > UNSAID_US ? now_us - UNSAID_US : 0, now_us, why);
	end_agent(box, now_us, why);
}

/* As at SIGTERM: the slot is cut, Stop is the last record, all of it is durable. */
static void stop_agent(struct box *box, uint64_t now_us, unsigned why)
{
	struct fact stop = {.kind = RECORD_STOP, .from_us = box_mono(box, now_us)};
	struct wan_reading reading;

	if (box->watch) {
		reading = net_reading(box->net, now_us);
		watch_stop(box->watch, stop.from_us, &reading);
		box_take_slots(box, now_us);
		box_add(box, &stop, now_us);
		keep_sync(box->keep);
	}
	end_agent(box, now_us, why);
}

/* ---- the machine */

static void boot(struct box *box, uint64_t now_us)
{
	uint64_t bits[2] = {draw_bits(&box->draw), draw_bits(&box->draw)};

	memcpy(box->boot, bits, BOOT_BYTES);
	box->is_on = true;
	box->booted_us = now_us;
	box->start_us = now_us + draw_between(&box->draw, BOOT_MIN_US, BOOT_MAX_US);
	box->asleep_why |= ACCOUNT_BIT(UNKNOWN_AGENT); /* from here on there is power */
}

/* Whatever was not durable is lost. */
static void go_dark(struct box *box, uint64_t now_us, unsigned why)
{
	if (box->is_on &&
		!box->watch) /* an agent that had said Stop, it may be, and nothing since */
		why |= ACCOUNT_BIT(UNKNOWN_RESTART);
	kill_agent(box, now_us, why);
	if (box->is_on && box->run)
		keep_cut_power(box->keep, why);
	box->is_on = false;
}

static void hang(struct box *box, uint64_t now_us)
{
	bool tells = box->story->place.tells_resets;

	if (!box->is_on)
		return;
	go_dark(box, now_us,
		ACCOUNT_BIT(UNKNOWN_RESTART) | (tells ? 0 : ACCOUNT_BIT(UNKNOWN_POWER)));
	box->reset = tells ? RESET_WATCHDOG : RESET_UNKNOWN;
}

static void reboot(struct box *box, uint64_t now_us)
{
	/* Without an agent nobody says Stop: that looks like a power cut. */
	unsigned unsaid = box->watch ? 0 : ACCOUNT_BIT(UNKNOWN_POWER);

	if (!box->is_on)
		return;
	stop_agent(box, now_us, ACCOUNT_BIT(UNKNOWN_RESTART) | unsaid);
	box->is_on = false;
	box->reset = RESET_UNKNOWN;
}

static void step_clock(struct box *box, uint64_t now_us)
{
	int64_t step_us = (int64_t)draw_between(&box->draw, 0, STORY_MONTH) - STORY_DAY;
	struct wan_reading reading;

	if (!box->watch)
		return;
	reading = net_reading(box->net, now_us);
	watch_step(box->watch, box_mono(box, now_us), step_us, &reading);
	box_take_slots(box, now_us);
}

void box_begin(struct box *box, const struct spell *spell)
{
	uint64_t now_us = spell->from_us;

	switch (spell->trouble) {
	case TROUBLE_POWER:
		go_dark(box, now_us, ACCOUNT_BIT(UNKNOWN_POWER));
		box->reset = RESET_POWER_ON;
		break;
	case TROUBLE_HANG: hang(box, now_us); break;
	case TROUBLE_REBOOT: reboot(box, now_us); break;
	case TROUBLE_UPGRADE: stop_agent(box, now_us, ACCOUNT_BIT(UNKNOWN_AGENT)); break;
	case TROUBLE_KILL: kill_agent(box, now_us, ACCOUNT_BIT(UNKNOWN_AGENT)); break;
	case TROUBLE_STEP: step_clock(box, now_us); break;
	default: break;
	}
}

void box_end(struct box *box, const struct spell *spell)
{
	const unsigned *active = box->net->active;

	if (!box->is_on && !active[TROUBLE_POWER] && !active[TROUBLE_HANG] &&
		!active[TROUBLE_REBOOT])
		boot(box, spell->to_us);
	else if (box->start_us < spell->to_us)
		box->start_us = spell->to_us; /* an agent that was held back */
}

/* ---- time */

static bool may_start(const struct box *box)
{
	return box->is_on && !box->watch && !box->net->active[TROUBLE_UPGRADE] &&
		!box->net->active[TROUBLE_KILL];
}

uint64_t box_due(const struct box *box)
{
	uint64_t due_us, talk_us;

	if (box->net->active[TROUBLE_STALL])
		return BOX_NEVER;
	if (!box->watch)
		return may_start(box) ? box->start_us : BOX_NEVER;
	due_us = box_true(box, watch_due(box->watch));
	talk_us = box_talk_due(box);
	if (talk_us < due_us)
		due_us = talk_us;
	if (flush_due(&box->flush) < due_us)
		due_us = flush_due(&box->flush);
	for (size_t i = 0; i < box->answer_count; i++)
		if (box->answers[i].due_us < due_us)
			due_us = box->answers[i].due_us;
	return due_us;
}

static void turn_slot(struct box *box, uint64_t now_us, uint64_t mono_us)
{
	struct wan_reading reading = net_reading(box->net, now_us);

	watch_turn(box->watch, mono_us, &reading);
	box_look_at_clock(box, now_us);
}

/* After a stall the event loop looks at its timers before it reads its sockets. */
static bool is_late(const struct box *box, uint64_t mono_us)
{
	return mono_us > watch_due(box->watch) + LATE_US;
}

void box_step(struct box *box, uint64_t now_us)
{
	struct question question;
	uint64_t mono_us;

	if (may_start(box) && now_us >= box->start_us)
		start_agent(box, now_us);
	if (!box->watch)
		return;
	mono_us = box_mono(box, now_us);
	if (!is_late(box, mono_us))
		box_hear(box, now_us);
	if (watch_turn_due(box->watch, mono_us))
		turn_slot(box, now_us, mono_us);
	while (watch_next(box->watch, mono_us, &question))
		box_ask(box, &question, now_us);
	box_hear(box, now_us);
	box_take_slots(box, now_us);
	if (now_us >= flush_due(&box->flush)) {
		keep_sync(box->keep);
		flush_done(&box->flush, now_us);
	}
	if (now_us >= box_talk_due(box))
		box_talk(box, now_us);
}

void box_init(struct box *box, const struct story *story, const struct box_world *world)
{
	memset(box, 0, sizeof(*box));
	box->story = story;
	box->net = world->net;
	box->keep = world->keep;
	box->account = world->account;
	draw_init(&box->draw, story->seed ^ 0x5a5a5a5a5a5a5a5aULL);
	buf_init(&box->bytes, BYTES_MAX);
	box->asleep_why = ACCOUNT_BIT(UNKNOWN_SILENT) | ACCOUNT_BIT(UNKNOWN_POWER);
	boot(box, 0);
}

void box_finish(struct box *box, uint64_t now_us)
{
	unsigned why = ACCOUNT_BIT(UNKNOWN_SILENT);

	kill_agent(box, now_us, why);
	account_mark(box->account, box->asleep_us, now_us, box->asleep_why | why);
}

void box_done(struct box *box)
{
	watch_free(box->watch);
	buf_done(&box->bytes);
}
