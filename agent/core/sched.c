/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/sched.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum stage { STAGE_FIRST, STAGE_FOLLOW, STAGE_TCP, STAGE_LAST };

struct round { /* open while in the array */
	uint64_t due_us;
	enum stage stage; /* what was asked already, STAGE_LAST: everything */
	struct target first; /* asked first */
	unsigned waiting; /* questions without an outcome */
	bool answered; /* by an internet target */
	bool told; /* its result was compared with the one before */
	bool stamped; /* the reflector was asked in it */
};

struct sched {
	struct grid grid;
	uint64_t next_round_us; /* SCHED_NEVER once stopped */
	uint64_t near_us; /* between questions to gateway, edge and provider while all is well */
	uint64_t near_slot_us; /* the first slot in which they are due */
	size_t turn; /* of the internet targets */
	size_t target_count;
	struct target targets[SCHED_TARGETS_MAX];
	struct target stamp; /* the reflector; port 0: none */
	uint64_t stamp_every_us, stamp_next_us;
	size_t round_count; /* oldest first */
	struct round rounds[SCHED_OPEN_MAX];
	bool lost, turned; /* the round that was known last; against the one before it */
	size_t queue_at, queue_end; /* questions decided, not yet handed out */
	struct question queue[SCHED_TARGETS_MAX + 2];
};

int sched_new(const struct grid *grid, uint64_t near_us, struct sched **ret_sched)
{
	struct sched *sched = calloc(1, sizeof(*sched));

	if (!sched)
		return -ENOMEM;
	sched->grid = *grid;
	sched->next_round_us = grid->start_us;
	sched->near_us = near_us;
	*ret_sched = sched;
	return 0;
}

void sched_free(struct sched *sched)
{
	free(sched);
}

void sched_set_targets(struct sched *sched, const struct target *targets, size_t count)
{
	sched->target_count = count < SCHED_TARGETS_MAX ? count : SCHED_TARGETS_MAX;
	if (sched->target_count)
		memcpy(sched->targets, targets, sched->target_count * sizeof(*targets));
}

void sched_set_stamp(struct sched *sched, const struct target *target, uint64_t every_us)
{
	sched->stamp = target ? *target : (struct target){0};
	sched->stamp_every_us = every_us;
}

static bool is_internet(const struct target *target)
{
	return target->class == CLASS_INTERNET && target->port == 0;
}

static bool is_near(const struct target *target)
{
	return target->class != CLASS_INTERNET;
}

static bool is_tcp(const struct target *target)
{
	return target->class == CLASS_INTERNET && target->port != 0;
}

static void ask(struct sched *sched, struct round *round, size_t target, bool follow_up)
{
	sched->queue[sched->queue_end++] = (struct question){
		.round_us = round->due_us,
		.target = sched->targets[target],
		.kind = sched->targets[target].port ? PROBE_TCP : PROBE_ICMP,
		.follow_up = follow_up,
	};
	round->waiting++;
}

static void ask_stamp(struct sched *sched, struct round *round, bool follow_up)
{
	if (!sched->stamp.port || round->stamped)
		return;
	sched->queue[sched->queue_end++] = (struct question){
		.round_us = round->due_us,
		.target = sched->stamp,
		.kind = PROBE_STAMP,
		.follow_up = follow_up,
	};
	round->stamped = true;
	round->waiting++;
}

/* The internet target whose turn it is; target_count if there is none. */
static size_t pick_internet(struct sched *sched)
{
	size_t count = 0, skip;

	for (size_t i = 0; i < sched->target_count; i++)
		count += is_internet(&sched->targets[i]);
	if (!count)
		return sched->target_count;
	skip = sched->turn++ % count;
	for (size_t i = 0;; i++)
		if (is_internet(&sched->targets[i]) && skip-- == 0)
			return i;
}

static void begin_round(struct sched *sched, uint64_t due_us)
{
	struct round *round = &sched->rounds[sched->round_count];
	uint64_t slot_us = grid_slot_start(&sched->grid, due_us);
	size_t first = pick_internet(sched);

	if (first == sched->target_count)
		return; /* nobody to ask: no round is made */
	*round = (struct round){.due_us = due_us, .first = sched->targets[first]};
	sched->round_count++;
	ask(sched, round, first, false);
	if (due_us >= sched->stamp_next_us) {
		ask_stamp(sched, round, false);
		sched->stamp_next_us = due_us + sched->stamp_every_us;
	}
	if (slot_us < sched->near_slot_us)
		return;
	sched->near_slot_us = slot_us + (sched->near_us ? sched->near_us : 1);
	for (size_t i = 0; i < sched->target_count; i++)
		if (is_near(&sched->targets[i]))
			ask(sched, round, i, false);
}

static void follow_up(struct sched *sched, struct round *round)
{
	for (size_t i = 0; i < sched->target_count; i++)
		if (!is_tcp(&sched->targets[i]) && !target_same(&sched->targets[i], &round->first))
			ask(sched, round, i, true);
	ask_stamp(sched, round, true);
}

static void ask_tcp(struct sched *sched, struct round *round)
{
	for (size_t i = 0; i < sched->target_count; i++) {
		if (is_tcp(&sched->targets[i])) {
			ask(sched, round, i, true);
			return;
		}
	}
}

static bool round_is_over(const struct round *round, uint64_t now_us)
{
	if (now_us >= round->due_us + SCHED_OVER_US + SCHED_LATE_US)
		return true;
	return round->waiting == 0 && (round->answered || round->stage == STAGE_LAST);
}

/* When the round has to be looked at next, outcomes aside. */
static uint64_t round_due(const struct round *round)
{
	if (round->answered || round->stage == STAGE_LAST)
		return round->due_us + SCHED_OVER_US + SCHED_LATE_US;
	return round->due_us + (round->stage == STAGE_FIRST ? SCHED_FOLLOW_US : SCHED_TCP_US);
}

/* Queues what the round asks next, if the time for it has come. */
static void advance_round(struct sched *sched, struct round *round, uint64_t now_us)
{
	if (round->answered || round->stage == STAGE_LAST || now_us < round_due(round))
		return;
	if (round->stage == STAGE_FIRST) {
		follow_up(sched, round);
		round->stage = STAGE_FOLLOW;
	} else {
		ask_tcp(sched, round);
		round->stage = STAGE_LAST;
	}
}

/* An answer is known at once, a loss when the round is over. */
static void compare_round(struct sched *sched, struct round *round, uint64_t now_us)
{
	if (round->told || (!round->answered && !round_is_over(round, now_us)))
		return;
	round->told = true;
	sched->turned |= sched->lost == round->answered;
	sched->lost = !round->answered;
}

static void remove_over(struct sched *sched, uint64_t now_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < sched->round_count; i++) {
		compare_round(sched, &sched->rounds[i], now_us);
		if (!round_is_over(&sched->rounds[i], now_us))
			sched->rounds[kept++] = sched->rounds[i];
	}
	sched->round_count = kept;
}

/* Fills the queue with what one round has to ask. */
static void decide(struct sched *sched, uint64_t now_us)
{
	sched->queue_at = sched->queue_end = 0;
	remove_over(sched, now_us);
	for (size_t i = 0; i < sched->round_count && !sched->queue_end; i++)
		advance_round(sched, &sched->rounds[i], now_us);
	if (sched->queue_end || now_us < sched->next_round_us)
		return;
	if (sched->round_count < SCHED_OPEN_MAX)
		begin_round(sched, grid_round_until(&sched->grid, now_us));
	sched->next_round_us = grid_round_from(&sched->grid, now_us + 1);
}

bool sched_next(struct sched *sched, uint64_t now_us, struct question *ret_question)
{
	if (sched->queue_at == sched->queue_end)
		decide(sched, now_us);
	if (sched->queue_at == sched->queue_end)
		return false;
	*ret_question = sched->queue[sched->queue_at++];
	return true;
}

/* round_count if it is not there. */
static size_t find_round(const struct sched *sched, uint64_t due_us)
{
	size_t i;

	for (i = 0; i < sched->round_count; i++)
		if (sched->rounds[i].due_us == due_us)
			break;
	return i;
}

void sched_heard(struct sched *sched, const struct question *question, enum outcome outcome)
{
	size_t at = find_round(sched, question->round_us);
	struct round *round = &sched->rounds[at];

	if (at == sched->round_count)
		return; /* too late: its round was given up */
	if (round->waiting)
		round->waiting--;
	if (outcome == OUTCOME_ANSWERED && question->target.class == CLASS_INTERNET)
		round->answered = true;
	compare_round(sched, round, 0);
}

bool sched_turned(struct sched *sched)
{
	bool turned = sched->turned;

	sched->turned = false;
	return turned;
}

void sched_stop(struct sched *sched)
{
	sched->next_round_us = SCHED_NEVER;
}

void sched_give_up(struct sched *sched, uint64_t round_us)
{
	size_t at = find_round(sched, round_us);

	if (at == sched->round_count)
		return;
	sched->round_count--;
	memmove(&sched->rounds[at], &sched->rounds[at + 1],
		(sched->round_count - at) * sizeof(sched->rounds[0]));
}

uint64_t sched_due(const struct sched *sched)
{
	uint64_t due = sched->next_round_us;

	for (size_t i = 0; i < sched->round_count; i++)
		if (round_due(&sched->rounds[i]) < due)
			due = round_due(&sched->rounds[i]);
	return due;
}

/* A round whose questions all have outcomes is over, though it stays in the array until sched_next
 * sweeps it out: hence time 0 below. */
uint64_t sched_open_since(const struct sched *sched, uint64_t from_us)
{
	for (size_t i = 0; i < sched->round_count; i++)
		if (sched->rounds[i].due_us >= from_us && !round_is_over(&sched->rounds[i], 0))
			return sched->rounds[i].due_us;
	return SCHED_NEVER;
}

bool sched_is_open(const struct sched *sched, uint64_t round_us)
{
	size_t at = find_round(sched, round_us);

	return at < sched->round_count && !round_is_over(&sched->rounds[at], 0);
}
