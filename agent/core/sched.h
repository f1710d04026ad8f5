/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When to ask whom. A round asks one internet target, a different one each time. Follow-ups go
 * out only while no internet target has answered in that round:
 *
 *   due            +3 s                                  +6 s            +9 s
 *   | one internet | the other internet targets, gateway, | TCP to an     | over
 *   | target       | edge, provider and the reflector     | open port     |
 *
 * The first round of a slot also asks gateway, edge and provider while all is well, once in a
 * while: `near_us` after they were asked so last. The STAMP reflector is asked beside the first
 * target, in its own rhythm. Rounds closer together than 9 s overlap. Pure: time comes in,
 * questions come out, one at a time.
 */
#ifndef PANTAU_AGENT_CORE_SCHED_H
#define PANTAU_AGENT_CORE_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/grid.h"
#include "agent/core/question.h"

#define SCHED_FOLLOW_US 3000000 /* the probe timeout: by now the first question is lost */
#define SCHED_TCP_US 6000000
#define SCHED_OVER_US 9000000
#define SCHED_LATE_US 3000000 /* outcomes still missing this long after the end never come */
#define SCHED_OPEN_MAX 16 /* one round a second, each open for at most 12 s, and slack */
#define SCHED_TARGETS_MAX 12 /* leaves room in a slot for a gateway that changes within it */
#define SCHED_NEVER UINT64_MAX

struct sched;

/* Copies the grid. near_us 0: gateway, edge and provider are asked in every slot. */
int sched_new(const struct grid *grid, uint64_t near_us, struct sched **ret_sched);
void sched_free(struct sched *sched);

/* Whom to ask from now on. An internet target with a port is the one asked by TCP (the first such).
 * Copies; more than SCHED_TARGETS_MAX are left out. */
void sched_set_targets(struct sched *sched, const struct target *targets, size_t count);

/* The STAMP reflector (NULL: none), asked every so often while all is well. Copies. */
void sched_set_stamp(struct sched *sched, const struct target *target, uint64_t every_us);

/* true: ask this now. Call again until false. Rounds that were missed altogether (the process
 * slept) are not made up for. */
bool sched_next(struct sched *sched, uint64_t now_us, struct question *ret_question);
/* What came of a question; each one must be told of once, in any order. */
void sched_heard(struct sched *sched, const struct question *question, enum outcome outcome);
/* Whether a round was lost after answered ones, or answered after lost ones, since this was asked
 * last. The first round of all is compared with an answered one. */
bool sched_turned(struct sched *sched);
/* No round begins from now on. */
void sched_stop(struct sched *sched);

/* The round is over here and now; outcomes that still come are ignored. */
void sched_give_up(struct sched *sched, uint64_t round_us);

/* When to call sched_next again: a deadline, SCHED_NEVER if none. */
uint64_t sched_due(const struct sched *sched);
/* The time of the oldest round since then that is still open, SCHED_NEVER if none. */
uint64_t sched_open_since(const struct sched *sched, uint64_t from_us);
/* Whether the round that was due then is still open. */
bool sched_is_open(const struct sched *sched, uint64_t round_us);

#endif
