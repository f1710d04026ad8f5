/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/gaps.h"

#include <string.h>

static void join(struct gap *gap, const struct gap *more)
{
	if (more->first < gap->first)
		gap->first = more->first;
	if (more->last > gap->last)
		gap->last = more->last;
	if (more->span.from_us < gap->span.from_us)
		gap->span.from_us = more->span.from_us;
	if (more->span.to_us > gap->span.to_us)
		gap->span.to_us = more->span.to_us;
}

static bool joins(const struct gap *gap, const struct gap *more)
{
	return gap->last + 1 >= more->first && (!gap->handed_out || more->handed_out);
}

void gaps_add(struct gaps *gaps, const struct gap *gap)
{
	size_t at = 0;

	while (at < gaps->count && gaps->gaps[at].first <= gap->first)
		at++;
	if (at && (joins(&gaps->gaps[at - 1], gap) || gaps->count == GAPS_MAX)) {
		join(&gaps->gaps[at - 1], gap);
		return;
	}
	if (gaps->count == GAPS_MAX) {
		join(&gaps->gaps[0], gap);
		return;
	}
	memmove(&gaps->gaps[at + 1], &gaps->gaps[at], (gaps->count - at) * sizeof(gaps->gaps[0]));
	gaps->gaps[at] = *gap;
	gaps->count++;
}

uint32_t gaps_fill(struct gaps *gaps, uint32_t from, uint32_t to, struct held_span span)
{
	struct gap gap = {.span = span};
	uint32_t count = 0;

	while (from < to) {
		const struct gap *known = gaps_find(gaps, from);

		if (known) {
			from = known->last + 1;
			continue;
		}
		gap.first = gap.last = from;
		while (++from < to && !gaps_find(gaps, from))
			gap.last = from;
		gaps_add(gaps, &gap);
		count += gap.last - gap.first + 1;
	}
	return count;
}

static void remove_gap(struct gaps *gaps, size_t at)
{
	gaps->count--;
	memmove(&gaps->gaps[at], &gaps->gaps[at + 1], (gaps->count - at) * sizeof(gaps->gaps[0]));
}

void gaps_settle(struct gaps *gaps, uint32_t acked, uint32_t keep_from)
{
	size_t i = 0;

	while (i < gaps->count && gaps->gaps[i].first <= acked) {
		struct gap *gap = &gaps->gaps[i];

		if (gap->last > acked)
			gap->first = acked + 1;
		if (gap->last <= acked && gap->first <= keep_from)
			remove_gap(gaps, i);
		else
			i++;
	}
}

struct gap *gaps_find(struct gaps *gaps, uint32_t sequence)
{
	for (size_t i = 0; i < gaps->count; i++)
		if (sequence >= gaps->gaps[i].first && sequence <= gaps->gaps[i].last)
			return &gaps->gaps[i];
	return NULL;
}
