/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/watch.h"

#include <errno.h>
#include <stdlib.h>

struct watch {
	struct sched *sched;
	struct slots *slots;
	bool turned; /* the carrier did */
};

int watch_new(const struct watch_settings *settings, struct watch **ret_watch)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	struct grid grid;
	int status;

	if (!watch)
		return -ENOMEM;
	grid_init(&grid, settings->now_us, settings->slot_ms, settings->round_ms);
	status = sched_new(&grid, settings->near_us, &watch->sched);
	if (status < 0)
		goto free_watch;
	status = slots_new(&grid, settings->wan, settings->boot, settings->reading, &watch->slots);
	if (status < 0)
		goto free_watch;
	*ret_watch = watch;
	return 0;
free_watch:
	watch_free(watch);
	return status;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	slots_free(watch->slots);
	sched_free(watch->sched);
	free(watch);
}

void watch_set_targets(struct watch *watch, const struct target *targets, size_t count)
{
	sched_set_targets(watch->sched, targets, count);
}

void watch_set_stamp(struct watch *watch, const struct target *target, uint64_t every_us)
{
	sched_set_stamp(watch->sched, target, every_us);
}

bool watch_turn_due(const struct watch *watch, uint64_t now_us)
{
	return now_us >= slots_due(watch->slots);
}

void watch_turn(struct watch *watch, uint64_t now_us, const struct wan_reading *reading)
{
	slots_turn(watch->slots, now_us, reading);
}

bool watch_next(struct watch *watch, uint64_t now_us, struct question *ret_question)
{
	return sched_next(watch->sched, now_us, ret_question);
}

void watch_heard(struct watch *watch, const struct question *question, const struct answer *answer)
{
	/* An outcome that comes after its round was given up is no part of it any more. */
	if (sched_is_open(watch->sched, question->round_us))
		slots_probe(watch->slots, question, answer);
	sched_heard(watch->sched, question, answer->outcome);
}

void watch_event(struct watch *watch, uint64_t now_us, enum event_kind kind, int64_t value)
{
	slots_event(watch->slots, now_us, kind, value);
	watch->turned |= kind == EVENT_CARRIER_UP || kind == EVENT_CARRIER_DOWN;
}

bool watch_turned(struct watch *watch)
{
	bool turned = sched_turned(watch->sched) || watch->turned;

	watch->turned = false;
	return turned;
}

bool watch_sketch(const struct watch *watch, uint64_t now_us, const struct wan_reading *reading,
	struct slot *ret_slot)
{
	uint64_t round_us = sched_open_since(watch->sched, 0);

	if (!slots_sketch(watch->slots, now_us, reading, ret_slot))
		return false;
	for (; round_us != SCHED_NEVER; round_us = sched_open_since(watch->sched, round_us + 1))
		slots_leave_out(watch->slots, round_us, ret_slot);
	return true;
}

void watch_step(
	struct watch *watch, uint64_t now_us, int64_t step_us, const struct wan_reading *reading)
{
	slots_cut(watch->slots, now_us, reading);
	slots_event(watch->slots, now_us, EVENT_CLOCK_STEP, step_us);
}

void watch_stop(struct watch *watch, uint64_t now_us, const struct wan_reading *reading)
{
	uint64_t round_us;

	slots_stop(watch->slots, now_us, reading);
	sched_stop(watch->sched);
	while ((round_us = sched_open_since(watch->sched, 0)) != SCHED_NEVER) {
		slots_forget_round(watch->slots, round_us);
		sched_give_up(watch->sched, round_us);
	}
}

uint64_t watch_due(const struct watch *watch)
{
	uint64_t turn = slots_due(watch->slots), ask = sched_due(watch->sched);

	return turn < ask ? turn : ask;
}

bool watch_take(struct watch *watch, struct slot *ret_slot)
{
	return slots_take(watch->slots, sched_open_since(watch->sched, 0), ret_slot);
}
