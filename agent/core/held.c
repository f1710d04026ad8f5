/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/held_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int record_key_compare(struct record_key a, struct record_key b)
{
	if (a.run != b.run)
		return a.run < b.run ? -1 : 1;
	return (a.sequence > b.sequence) - (a.sequence < b.sequence);
}

int held_new(struct held **ret_held)
{
	struct held *held = calloc(1, sizeof(*held));

	if (!held)
		return -ENOMEM;
	*ret_held = held;
	return 0;
}

void held_free(struct held *held)
{
	if (!held)
		return;
	for (size_t i = 0; i < held->run_count; i++)
		free(held->runs[i]);
	free(held);
}

/* ---- one run */

/* Gaps that are acknowledged are over, but for those behind records still stored. */
static void settle(struct run *run)
{
	gaps_settle(&run->gaps, run->acked, held_run_has_records(run) ? run->first : UINT32_MAX);
}

/* ---- all runs */

/* Forgets runs of which nothing is left; the newest is still written to. */
static void remove_empty(struct held *held)
{
	size_t kept = 0;

	if (held->restoring)
		return;
	for (size_t i = 0; i < held->run_count; i++) {
		if (held_run_is_empty(held->runs[i]) && i + 1 < held->run_count)
			free(held->runs[i]);
		else
			held->runs[kept++] = held->runs[i];
	}
	held->run_count = kept;
}

/* Runs only begin in rising order; what is read back may name a lower one later. */
static size_t place_of(const struct held *held, uint32_t number)
{
	size_t at = held->run_count;

	while (at > 0 && held->runs[at - 1]->run > number)
		at--;
	return at;
}

int held_run(struct held *held, uint32_t number, uint64_t nonce, const uint8_t boot[BOOT_BYTES])
{
	struct run *run;
	size_t at;

	if (held_find_run(held, number))
		return 0;
	remove_empty(held);
	at = place_of(held, number);
	if (at < held->run_count && !held->restoring)
		return -EINVAL;
	if (held->run_count == RUNS_MAX)
		return -ENOSPC;
	run = calloc(1, sizeof(*run));
	if (!run)
		return -ENOMEM;
	run->run = number;
	run->nonce = nonce;
	run->first = 1;
	memcpy(run->boot, boot, BOOT_BYTES);
	memmove(&held->runs[at + 1], &held->runs[at],
		(held->run_count - at) * sizeof(held->runs[0]));
	held->runs[at] = run;
	held->run_count++;
	return 0;
}

/* The first number from here on that lies in no gap. */
static uint32_t behind_gaps(struct run *run, uint32_t sequence)
{
	const struct gap *gap;

	while ((gap = gaps_find(&run->gaps, sequence)))
		sequence = gap->last + 1;
	return sequence;
}

int held_store_range(
	struct held *held, struct record_key first, uint32_t last, struct held_span span)
{
	struct run *run = held_find_run(held, first.run);
	uint32_t from;

	if (!run || first.sequence == 0)
		return -EINVAL;
	first.sequence = behind_gaps(
		run, first.sequence > run->last ? first.sequence : run->last + 1);
	if (first.sequence > last)
		return -EINVAL;
	from = (run->last > run->acked ? run->last : run->acked) + 1;
	if (from < first.sequence)
		gaps_fill(&run->gaps, from, first.sequence,
			(struct held_span){
				run->last_us ? run->last_us : span.from_us, span.from_us});
	if (!held_run_has_records(run))
		run->first = first.sequence;
	run->last = last;
	run->last_us = span.to_us;
	return 0;
}

int held_store(struct held *held, struct record_key key, struct held_span span)
{
	return held_store_range(held, key, key.sequence, span);
}

static uint32_t above_acked(const struct run *run, uint32_t sequence)
{
	return sequence > run->acked ? sequence : run->acked + 1;
}

int held_lose(struct held *held, struct record_key key, struct held_span span)
{
	struct run *run = held_find_run(held, key.run);
	uint32_t from = key.sequence;

	if (!run)
		return -EINVAL;
	if (key.sequence >= run->first && key.sequence <= run->last) {
		from = run->first;
		run->first = key.sequence + 1;
	}
	held->lost += gaps_fill(&run->gaps, above_acked(run, from), key.sequence + 1, span);
	settle(run);
	remove_empty(held);
	return 0;
}

int held_lose_within(struct held *held, struct record_key key, struct held_span span)
{
	struct run *run = held_find_run(held, key.run);

	if (!run)
		return -EINVAL;
	if (key.sequence <= run->first || key.sequence > run->last)
		return held_lose(held, key, span);
	if (key.sequence > run->acked)
		held->lost++;
	gaps_fill(&run->gaps, key.sequence, key.sequence + 1, span);
	return 0;
}

static void miss(
	struct held *held, struct run *run, uint32_t from, uint32_t to, struct held_span span)
{
	if (run)
		held->lost += gaps_fill(&run->gaps,
			above_acked(run, from > run->first ? from : run->first), to, span);
}

void held_miss(
	struct held *held, struct record_key given, struct record_key found, struct held_span span)
{
	struct run *run = held_find_run(held, found.run), *before = held_find_run(held, given.run);

	if (given.run == found.run) {
		miss(held, run, given.sequence + 1, found.sequence, span);
		return;
	}
	if (before)
		miss(held, before, given.sequence + 1, before->last + 1, span);
	miss(held, run, 1, found.sequence, span);
}

void held_forget_oldest(struct held *held)
{
	if (!held->run_count)
		return;
	held->lost += held_run_waiting(held->runs[0]);
	free(held->runs[0]);
	held->run_count--;
	memmove(held->runs, held->runs + 1, held->run_count * sizeof(held->runs[0]));
}

void held_restore_begin(struct held *held)
{
	held->restoring = true;
}

void held_restore_end(struct held *held)
{
	held->restoring = false;
	remove_empty(held);
}

int held_restore_gap(
	struct held *held, uint32_t number, uint32_t first, const struct dropped *known)
{
	struct run *run = held_find_run(held, number);
	const struct gap gap = {.first = first,
		.last = known->last,
		.span = {known->from_us, known->to_us},
		.handed_out = true};

	if (!run || first == 0 || known->last < first)
		return -EINVAL;
	if (gap.first > run->acked || gap.last > run->acked)
		gaps_add(&run->gaps, &gap);
	settle(run);
	return 0;
}

void held_acked(struct held *held, uint32_t number, uint32_t up_to)
{
	struct run *run = held_find_run(held, number);

	if (!run || up_to <= run->acked)
		return;
	run->acked = up_to;
	settle(run);
	remove_empty(held);
}
