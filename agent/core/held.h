/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a spool holds, by number, without the records: which runs, which sequences, what is
 * acknowledged, what was lost. Every number between a run's first and last is either a record or
 * lies in a gap, and every gap is told to the collector by a Dropped record of its own.
 *
 *   run 7   1 . . . . . . 40 | 41 ~ gap ~ 90 | 91 . . . . . . 130
 *                      ^ acked
 *
 * Pure. The owner tells what it stored and what it gave up; this says what follows.
 */
#ifndef PANTAU_AGENT_CORE_HELD_H
#define PANTAU_AGENT_CORE_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/gaps.h"
#include "proto/model.h"

struct held;

int held_new(struct held **ret_held);
void held_free(struct held *held);

/* Names a run; runs and their records come in rising order. Known runs are left as they are.
 * -ENOSPC beyond RUNS_MAX, -ENOMEM. */
int held_run(struct held *held, uint32_t run, uint64_t nonce, const uint8_t boot[BOOT_BYTES]);
/* A record is stored. Numbers left out since the run's last one become a gap. -EINVAL for a run
 * that is not known or a number that does not rise; -ENOMEM. */
int held_store(struct held *held, struct record_key key, struct held_span span);
/* The same for all numbers up to `last`, of which the first ones may be known already. -EINVAL
 * when none of them is new. */
int held_store_range(
	struct held *held, struct record_key first, uint32_t last, struct held_span span);
/* The run's records up to this one are no longer stored (or this one never could be).
 * Acknowledged ones are forgotten; the others are counted in a gap, joined with the gap before
 * it unless that was handed out already. */
int held_lose(struct held *held, struct record_key key, struct held_span span);
/* This one is no longer stored, those before it are. Acknowledged or not it lies in a gap then:
 * the collector may want the ones before it again, and every number behind them accounted for. */
int held_lose_within(struct held *held, struct record_key key, struct held_span span);
/* Reading in order, `found` came after `given`: what should have stood between them is lost. */
void held_miss(
	struct held *held, struct record_key given, struct record_key found, struct held_span span);
/* Gives up the oldest run whole, when there is no room for a new one. */
void held_forget_oldest(struct held *held);
/* Between the two, runs are named before their records and gaps are known, and none is
 * forgotten. */
void held_restore_begin(struct held *held);
void held_restore_end(struct held *held);
/* Takes in a gap known from before (a restart): replaces what it covers. Handed out, as far as one
 * knows. */
int held_restore_gap(struct held *held, uint32_t run, uint32_t first, const struct dropped *gap);
/* Everything of the run up to here is safe: gaps up to here are over, one across it is cut. */
void held_acked(struct held *held, uint32_t run, uint32_t up_to);

/* Runs of which anything is held, rising; at most RUNS_MAX. */
size_t held_runs(const struct held *held, struct held_run *ret_runs);
bool held_is_acked(const struct held *held, struct record_key key);
/* The highest acknowledged number of the run, 0 if none. */
uint32_t held_acked_up_to(const struct held *held, uint32_t run);
/* Whether a record found under this key is to be sent: its run is known, it lies in no gap. */
bool held_has(const struct held *held, struct record_key key);
/* The first gap with a key above `after` (in order of run, sequence): true, its key and its
 * record. */
bool held_gap_after(const struct held *held, struct record_key after, struct record_key *ret_key,
	struct dropped *ret_gap);
/* The gap with this key was given to the collector: it never grows again. */
void held_gap_handed_out(struct held *held, struct record_key key);
/* Gap number `index` of those kept, in order: to write it down.
 * false: there are no more. */
bool held_gap_at(
	const struct held *held, size_t index, struct record_key *ret_key, struct dropped *ret_gap);
/* Run number `index`, whether anything is held of it or not: to write it down. false: no more. */
struct held_identity {
	uint32_t run, acked;
	uint64_t nonce;
	uint8_t boot[BOOT_BYTES];
};
bool held_run_at(const struct held *held, size_t index, struct held_identity *ret_run);
/* Records not acknowledged, and records lost since held_new. */
uint64_t held_waiting(const struct held *held);
uint64_t held_lost(const struct held *held);

int record_key_compare(struct record_key a, struct record_key b);

#endif
