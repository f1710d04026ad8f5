/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/held_private.h"

#include <string.h>

/* ---- one run */

struct run *held_find_run(const struct held *held, uint32_t number)
{
	for (size_t i = held->run_count; i-- > 0;)
		if (held->runs[i]->run == number)
			return held->runs[i];
	return NULL;
}

bool held_run_has_records(const struct run *run)
{
	return run->first <= run->last;
}

bool held_run_is_empty(const struct run *run)
{
	return !held_run_has_records(run) && !run->gaps.count;
}

static uint32_t lowest(const struct run *run)
{
	if (run->gaps.count && (!held_run_has_records(run) || run->gaps.gaps[0].first < run->first))
		return run->gaps.gaps[0].first;
	return run->first;
}

static uint32_t highest(const struct run *run)
{
	uint32_t gap = run->gaps.count ? run->gaps.gaps[run->gaps.count - 1].last : 0;

	return held_run_has_records(run) && run->last > gap ? run->last : gap;
}

uint64_t held_run_waiting(const struct run *run)
{
	uint64_t count = 0;
	uint32_t first = run->first > run->acked ? run->first : run->acked + 1;

	if (held_run_has_records(run) && first <= run->last)
		count = run->last - first + 1;
	for (size_t i = 0; i < run->gaps.count; i++) {
		const struct gap *gap = &run->gaps.gaps[i];

		if (gap->last <= run->acked)
			continue;
		if (held_run_has_records(run) && gap->first >= first && gap->last < run->last)
			count -= gap->last - gap->first + 1;
		count++; /* its Dropped record */
	}
	return count;
}

/* ---- all runs */

size_t held_runs(const struct held *held, struct held_run *ret_runs)
{
	size_t count = 0;

	for (size_t i = 0; i < held->run_count; i++) {
		const struct run *run = held->runs[i];

		if (held_run_is_empty(run))
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
	const struct run *run = held_find_run(held, number);

	return run ? run->acked : 0;
}

bool held_is_acked(const struct held *held, struct record_key key)
{
	return key.sequence <= held_acked_up_to(held, key.run);
}

bool held_has(const struct held *held, struct record_key key)
{
	struct run *run = held_find_run(held, key.run);

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
	struct run *run = held_find_run(held, key.run);
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
		count += held_run_waiting(held->runs[i]);
	return count;
}

uint64_t held_lost(const struct held *held)
{
	return held->lost;
}
