/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "swarm/life_private.h"

#define STARTS_AFTER_US (25 * S_US) /* from power to the agent's first word */
#define UPTIME_MAX_US (20 * 86400 * S_US) /* of the first boot */
#define NEAR_US (600 * S_US) /* as in the agent's default profile */
#define ANCHOR_FIRST_US (2 * S_US) /* until something on the router has asked for the time */
#define NEVER INT64_MAX

/* ---- small things */

uint64_t life_mono_us(const struct life *life, int64_t utc_us)
{
	return (uint64_t)(utc_us - life->booted_us);
}

int64_t life_utc_us(const struct life *life, uint64_t mono_us)
{
	return life->booted_us + (int64_t)mono_us;
}

void life_keep(struct life *life, enum record_kind kind)
{
	life->record.kind = kind;
	life->settings.events.record(life->settings.events.arg, &life->record, life->lived_us);
}

uint64_t life_draw(const struct life *life, enum chance what, uint64_t when)
{
	return chance_draw(
		life->settings.scenario->seed, what, life->settings.subject->number, when);
}

/* ---- boots */

static void read_interface(struct life *life)
{
	enum reach reach = life->condition.reach;

	life->reading.interface = 1;
	life->reading.carrier = reach == REACH_NOTHING ? CARRIER_DOWN : CARRIER_UP;
	life->reading.gateway = reach == REACH_NOTHING ? NEIGHBOUR_UNKNOWN
		: reach == REACH_PREMISES              ? NEIGHBOUR_FAILED
						       : NEIGHBOUR_RESOLVED;
}

static int begin_watch(struct life *life)
{
	struct target targets[INVENT_TARGETS];
	const struct watch_settings watch = {.wan = "wan",
		.boot = life->boot,
		.slot_ms = life->settings.slot_ms,
		.round_ms = life->settings.round_ms,
		.near_us = NEAR_US,
		.now_us = life_mono_us(life, life->now_us),
		.reading = &life->reading};
	int r = watch_new(&watch, &life->watch);

	if (r < 0)
		return r;
	invent_targets(life->settings.subject, targets);
	watch_set_targets(life->watch, targets, INVENT_TARGETS);
	return 0;
}

static void say_start(struct life *life, uint64_t nonce)
{
	struct start *start = &life->record.start;

	*start = (struct start){.mono_us = life_mono_us(life, life->now_us),
		.nonce = nonce,
		.reset = life->cold ? RESET_POWER_ON : RESET_UNKNOWN};
	memcpy(start->boot, life->boot, BOOT_BYTES);
	snprintf(start->software, sizeof(start->software), "pantau-swarm " PANTAU_VERSION);
	life_keep(life, RECORD_START);
}

/* A run of the present boot. */
static int begin_run(struct life *life)
{
	uint64_t nonce = life_draw(life, CHANCE_NONCE, (uint64_t)life->now_us);
	struct life_memory memory;
	int r;

	life->run = life->run ? life->run + 1 : life->settings.first_run;
	life_remember(life, &memory);
	r = life->settings.events.run(life->settings.events.arg, &memory, nonce);
	if (r < 0)
		return r;
	anchors_init(&life->anchors);
	memset(&life->reading, 0, sizeof(life->reading));
	life->read_us = life->now_us;
	read_interface(life);
	say_start(life, nonce);
	life->anchor_us = life->now_us + ANCHOR_FIRST_US;
	life_plan_samples(life);
	return begin_watch(life);
}

static int boot(struct life *life, int64_t booted_us)
{
	uint64_t id[2] = {life_draw(life, CHANCE_BOOT, (uint64_t)booted_us),
		life_draw(life, CHANCE_BOOT, (uint64_t)booted_us + 1)};

	memcpy(life->boot, id, BOOT_BYTES);
	life->booted_us = booted_us;
	life->starts_us = NEVER;
	return begin_run(life);
}

/* ---- trouble */

static void say_stop(struct life *life)
{
	life->record.stop = (struct stop){.mono_us = life_mono_us(life, life->now_us)};
	memcpy(life->record.stop.boot, life->boot, BOOT_BYTES);
	life_keep(life, RECORD_STOP);
}

static void end_run(struct life *life, bool in_order)
{
	if (in_order) {
		watch_stop(life->watch, life_mono_us(life, life->now_us), &life->reading);
		life_take_slots(life);
		say_stop(life);
	}
	watch_free(life->watch);
	life->watch = NULL;
}

static void count_traffic(struct life *life)
{
	invent_traffic(
		&life->invent, &life->condition, life->read_us, life->now_us, &life->reading);
	life->read_us = life->now_us;
}

static void change_carrier(struct life *life)
{
	enum carrier before = life->reading.carrier;

	read_interface(life);
	if (life->reading.carrier != before)
		watch_event(life->watch, life_mono_us(life, life->now_us),
			before == CARRIER_UP ? EVENT_CARRIER_DOWN : EVENT_CARRIER_UP, 0);
}

/* Somebody tells it the time again, and its own was wrong. */
static void set_clock(struct life *life, int64_t off_us)
{
	if (off_us)
		watch_step(life->watch, life_mono_us(life, life->now_us), -off_us, &life->reading);
	life->anchor_us = life->now_us + S_US;
}

/* The condition holds no longer. */
static int turn(struct life *life)
{
	struct condition before = life->condition;
	int r;

	if (life->watch)
		count_traffic(life); /* as it was until now */
	r = fate_at(life->fate, life->now_us, &life->condition);
	if (r < 0)
		return r;
	if (life->watch && !life->condition.power)
		end_run(life, life->condition.in_order);
	if (!life->condition.power) {
		life->cold = !life->condition.in_order;
		life->starts_us = NEVER;
	} else if (!life->watch && life->starts_us == NEVER) {
		life->starts_us = life->now_us + (life->run ? STARTS_AFTER_US : 0);
	}
	if (!life->watch)
		return 0;
	change_carrier(life);
	if (!before.told_time && life->condition.told_time)
		set_clock(life, before.clock_off_us);
	return 0;
}

/* ---- measuring */

/* Before all else that happens in its last moment, which is the first one of the next slot. */
static void turn_slot(struct life *life)
{
	uint64_t mono_us = life_mono_us(life, life->now_us);

	if (!life->watch || !watch_turn_due(life->watch, mono_us))
		return;
	count_traffic(life);
	watch_turn(life->watch, mono_us, &life->reading);
}

static void measure(struct life *life)
{
	life_ask(life);
	life_take_slots(life);
	life_look_at_clock(life);
	life_sample(life);
}

/* ---- time */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t life_due(const struct life *life)
{
	int64_t due_us = life->condition.until_us;

	if (life->stopped)
		return NEVER;
	if (!life->watch)
		return earlier(due_us, life->starts_us);
	due_us = earlier(due_us, life_utc_us(life, watch_due(life->watch)));
	due_us = earlier(due_us, life->anchor_us);
	return earlier(due_us, earlier(life->http_us, life->speed_us));
}

static int step(struct life *life)
{
	int r = 0;

	turn_slot(life);
	if (life->now_us >= life->condition.until_us)
		r = turn(life);
	if (r == 0 && !life->watch && life->now_us >= life->starts_us)
		r = boot(life, life->now_us - STARTS_AFTER_US);
	if (r == 0 && life->watch)
		measure(life);
	return r;
}

int life_live(struct life *life, int64_t until_us)
{
	int r = 0;

	while (r == 0 && life_due(life) <= until_us) {
		int64_t due_us = life_due(life);

		life->now_us = due_us > life->now_us ? due_us : life->now_us;
		r = step(life);
	}
	return r;
}

void life_told_time(struct life *life, const struct time_answer *answer, uint64_t mono_us)
{
	struct anchor anchor;

	if (!life->watch || !life->condition.told_time ||
		anchor_from_answer(answer, mono_us, life->boot, &anchor) < 0 ||
		!anchors_offer(&life->anchors, &anchor))
		return;
	life->record.anchor = anchor;
	life_keep(life, RECORD_ANCHOR);
}

void life_stop(struct life *life, int64_t utc_us)
{
	if (life->watch && utc_us > life->now_us)
		life->now_us = utc_us;
	if (life->watch)
		end_run(life, true);
	life->stopped = true;
}

/* ---- what others want to know */

const struct condition *life_condition(const struct life *life)
{
	return &life->condition;
}

bool life_runs(const struct life *life)
{
	return life->watch != NULL;
}

const uint8_t *life_boot(const struct life *life)
{
	return life->boot;
}

uint64_t life_slots(const struct life *life)
{
	return life->slots;
}

void life_remember(const struct life *life, struct life_memory *ret_memory)
{
	*ret_memory = (struct life_memory){
		.run = life->run, .booted_us = life->booted_us, .lived_us = life->lived_us};
	memcpy(ret_memory->boot, life->boot, BOOT_BYTES);
}

/* ---- life */

/* Goes on in the boot that is remembered, unless the power went away since. */
static int go_on(struct life *life)
{
	const struct life_memory *memory = &life->settings.memory;

	memcpy(life->boot, memory->boot, BOOT_BYTES);
	life->booted_us = memory->booted_us;
	life->now_us = life->lived_us = memory->lived_us;
	return fate_at(life->fate, life->now_us, &life->condition);
}

static int begin(struct life *life)
{
	int64_t from_us = life->settings.from_us;
	int r = fate_at(life->fate, from_us, &life->condition);

	life->now_us = life->lived_us = from_us;
	life->starts_us = NEVER;
	if (r < 0 || !life->condition.power)
		return r;
	return boot(life,
		from_us - (int64_t)(life_draw(life, CHANCE_BOOT, 0) % (uint64_t)UPTIME_MAX_US));
}

int life_new(const struct life_settings *settings, struct life **ret_life)
{
	struct life *life = calloc(1, sizeof(*life));
	int r;

	if (!life)
		return -ENOMEM;
	life->settings = *settings;
	life->invent = (struct invent){settings->scenario, settings->subject};
	r = fate_new(settings->scenario, settings->subject, settings->start_us, &life->fate);
	if (r == 0 && settings->memory.run) {
		r = go_on(life);
		life->starts_us = NEVER;
		if (r == 0 && life->condition.power)
			r = begin_run(life);
	} else if (r == 0) {
		r = begin(life);
	}
	if (r < 0) {
		life_free(life);
		return r;
	}
	*ret_life = life;
	return 0;
}

void life_free(struct life *life)
{
	if (!life)
		return;
	watch_free(life->watch);
	fate_free(life->fate);
	free(life);
}
