/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/hist.h"

#include <stddef.h>
#include <string.h>

#define OCTAVE_BITS 7

_Static_assert(HIST_OCTAVE == 1 << OCTAVE_BITS, "a power of two");

/* Values below 2 * HIST_OCTAVE have a bucket each; above, the top eight bits choose. */
static uint32_t bucket_of(uint32_t value)
{
	if (value < 2 * HIST_OCTAVE)
		return value;
	uint32_t shift = 31 - (uint32_t)__builtin_clz(value) - OCTAVE_BITS;
	return shift * HIST_OCTAVE + (value >> shift);
}

static uint32_t middle_of(uint32_t bucket)
{
	if (bucket < 2 * HIST_OCTAVE)
		return bucket;
	uint32_t shift = bucket / HIST_OCTAVE - 1;
	uint32_t top = bucket - shift * HIST_OCTAVE;
	return (top << shift) + (1u << shift) / 2;
}

uint32_t hist_step(uint32_t value)
{
	return middle_of(bucket_of(value));
}

void hist_init(struct hist *hist)
{
	memset(hist, 0, sizeof(*hist));
}

void hist_add(struct hist *hist, uint32_t value)
{
	hist->counts[bucket_of(value)]++;
	hist->total++;
}

void hist_merge(struct hist *into, const struct hist *from)
{
	for (size_t i = 0; i < HIST_BUCKETS; i++)
		into->counts[i] += from->counts[i];
	into->total += from->total;
}

uint32_t hist_percentile(const struct hist *hist, unsigned percent)
{
	uint64_t needed = (hist->total * percent + 99) / 100, seen = 0;
	for (uint32_t i = 0; i < HIST_BUCKETS && needed; i++) {
		seen += hist->counts[i];
		if (seen >= needed)
			return middle_of(i);
	}
	return 0;
}
