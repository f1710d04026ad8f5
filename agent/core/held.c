/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/held.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct run {
	uint32_t run;
	uint64_t nonce;
	uint8_t boot[BOOT_BYTES];
	uint32_t first, last; /* records stored, gaps among them; first > last: none */
	uint64_t last_us; /* the time that the last one stored reaches to */
	uint32_t acked;
	struct gaps gaps;
};

struct held {
	size_t run_count; /* by rising number; the last one is written to */
	struct run *runs[RUNS_MAX];
	bool restoring; /* a run without records may get them yet */
	uint64_t lost;
};

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

static bool has_records(const struct run *run)
{
	return run->first <= run->last;
}

static bool is_empty(const struct run *run)
{
	return !has_records(run) && !run->gaps.count;
}

static uint32_t lowest(const struct run *run)
{
	if (run->gaps.count && (!has_records(run) || run->gaps.gaps[0].first < run->first))
		return run->gaps.gaps[0].first;
	return run->first;
}

static uint32_t highest(const struct run *run)
{
	uint32_t gap = run->gaps.count ? run->gaps.gaps[run->gaps.count - 1].last : 0;

	return has_records(run) && run->last > gap ? run->last : gap;
}

/* Gaps that are acknowledged are over, but for those behind records still stored. */
static void settle(struct run *run)
{
	gaps_settle(&run->gaps, run->acked, has_records(run) ? run->first : UINT32_MAX);
}

static uint64_t waiting_in(const struct run *run)
{
	uint64_t count = 0;
	uint32_t first = run->first > run->acked ? run->first : run->acked + 1;

	if (has_records(run) && first <= run->last)
		count = run->last - first + 1;
	for (size_t i = 0; i < run->gaps.count; i++) {
		const struct gap *gap = &run->gaps.gaps[i];

		if (gap->last <= run->acked)
			continue;
		if (has_records(run) && gap->first >= first && gap->last < run->last)
			count -= gap->last - gap->first + 1;
		count++; /* its Dropped record */
	}
	return count;
}

/* ---- all runs */

static struct run *find_run(const struct held *held, uint32_t number)
{
	for (size_t i = held->run_count; i-- > 0;)
		if (held->runs[i]->run == number)
			return held->runs[i];
	return NULL;
}

/* Forgets runs of which nothing is left; the newest is still written to. */
static void remove_empty(struct held *held)
{
	size_t kept = 0;

	if (held->restoring)
		return;
	for (size_t i = 0; i < held->run_count; i++) {
		if (is_empty(held->runs[i]) && i + 1 < held->run_count)
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

	if (find_run(held, number))
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

int held_store(struct held *held, struct record_key key, struct held_span span)
{
	struct run *run = find_run(held, key.run);
	uint32_t from;

	if (!run || key.sequence == 0 || key.sequence <= run->last ||
		gaps_find(&run->gaps, key.sequence))
		return -EINVAL;
	from = (run->last > run->acked ? run->last : run->acked) + 1;
	if (from < key.sequence)
		gaps_fill(&run->gaps, from, key.sequence,
			(struct held_span){
				run->last_us ? run->last_us : span.from_us, span.from_us});
	if (!has_records(run))
		run->first = key.sequence;
	run->last = key.sequence;
	run->last_us = span.to_us;
	return 0;
}

static uint32_t above_acked(const struct run *run, uint32_t sequence)
{
	return sequence > run->acked ? sequence : run->acked + 1;
}

int held_lose(struct held *held, struct record_key key, struct held_span span)
{
	struct run *run = find_run(held, key.run);
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
	struct run *run = find_run(held, found.run), *before = find_run(held, given.run);

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
	held->lost += waiting_in(held->runs[0]);
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
	struct run *run = find_run(held, number);
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
	struct run *run = find_run(held, number);

	if (!run || up_to <= run->acked)
		return;
	run->acked = up_to;
	settle(run);
	remove_empty(held);
}

/* ---- questions */

size_t held_runs(const struct held *held, struct held_run *ret_runs)
{
	size_t count = 0;

	for (size_t i = 0; i < held->run_count; i++) {
		const struct run *run = held->runs[i];

		if (is_empty(run))
			continue;
		ret_runs[count++] = (struct held_run){
			.run = run->run,
			.nonce = run->nonce,
			.first = lowest(run),
			.last = highest(run),
		};
	}
	return count;
}

uint32_t held_acked_up_to(const struct held *held, uint32_t number)
{
	const struct run *run = find_run(held, number);

	return run ? run->acked : 0;
}

bool held_is_acked(const struct held *held, struct record_key key)
{
	return key.sequence <= held_acked_up_to(held, key.run);
}

bool held_has(const struct held *held, struct record_key key)
{
	struct run *run = find_run(held, key.run);

	return run && key.sequence >= run->first && key.sequence <= run->last &&
		!gaps_find(&run->gaps, key.sequence);
}

static void describe_gap(const struct run *run, const struct gap *gap, struct record_key *ret_key,
	struct dropped *ret_gap)
{
	*ret_key = (struct record_key){run->run, gap->first};
	*ret_gap = (struct dropped){
		.last = gap->last,
		.records = gap->last - gap->first + 1,
		.from_us = gap->span.from_us,
		.to_us = gap->span.to_us,
	};
	memcpy(ret_gap->boot, run->boot, BOOT_BYTES);
}

bool held_gap_after(const struct held *held, struct record_key after, struct record_key *ret_key,
	struct dropped *ret_gap)
{
	for (size_t i = 0; i < held->run_count; i++) {
		const struct run *run = held->runs[i];

		for (size_t j = 0; j < run->gaps.count; j++) {
			struct record_key key = {run->run, run->gaps.gaps[j].first};

			if (record_key_compare(key, after) <= 0)
				continue;
			describe_gap(run, &run->gaps.gaps[j], ret_key, ret_gap);
			return true;
		}
	}
	return false;
}

void held_gap_handed_out(struct held *held, struct record_key key)
{
	struct run *run = find_run(held, key.run);
	struct gap *gap = run ? gaps_find(&run->gaps, key.sequence) : NULL;

	if (gap)
		gap->handed_out = true;
}

bool held_gap_at(
	const struct held *held, size_t index, struct record_key *ret_key, struct dropped *ret_gap)
{
	for (size_t i = 0; i < held->run_count; i++) {
		const struct run *run = held->runs[i];

		if (index < run->gaps.count) {
			describe_gap(run, &run->gaps.gaps[index], ret_key, ret_gap);
			return true;
		}
		index -= run->gaps.count;
	}
	return false;
}

bool held_run_at(const struct held *held, size_t index, struct held_identity *ret_run)
{
	const struct run *run;

	if (index >= held->run_count)
		return false;
	run = held->runs[index];
	*ret_run = (struct held_identity){
		.run = run->run, .acked = run->acked, .nonce = run->nonce};
	memcpy(ret_run->boot, run->boot, BOOT_BYTES);
	return true;
}

uint64_t held_waiting(const struct held *held)
{
	uint64_t count = 0;

	for (size_t i = 0; i < held->run_count; i++)
		count += waiting_in(held->runs[i]);
	return count;
}

uint64_t held_lost(const struct held *held)
{
	return held->lost;
}
