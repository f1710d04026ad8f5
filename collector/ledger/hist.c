/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/hist.h"

#include <stddef.h>
#include <string.h>

#define EXACT_BITS 8
#define SCALE_BITS 15

_Static_assert(HIST_EXACT == 1 << EXACT_BITS, "a power of two");

/* Where the steps of an octave begin: 2^(i / 36), in units of 2^-15, rounded up. */
static const uint16_t edges[HIST_OCTAVE] = {
	32768,
	33406,
	34055,
	34717,
	35392,
	36080,
	36781,
	37496,
	38225,
	38968,
	39726,
	40498,
	41286,
	42088,
	42906,
	43741,
	44591,
	45458,
	46341,
	47242,
	48161,
	49097,
	50051,
	51025,
	52016,
	53028,
	54059,
	55109,
	56181,
	57273,
	58386,
	59521,
	60679,
	61858,
	63061,
	64287,
};

/* The last step that begins at or before the fraction, which is in [1, 2) of the same units. */
static uint32_t step_of(uint32_t fraction)
{
	uint32_t low = 0, high = HIST_OCTAVE;

	while (low + 1 < high) {
		uint32_t middle = (low + high) / 2;
		if (edges[middle] <= fraction)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t hist_bucket(uint32_t value)
{
	if (value < HIST_EXACT)
		return value;
	uint32_t octave = 31 - (uint32_t)__builtin_clz(value);
	uint32_t fraction = octave > SCALE_BITS ? value >> (octave - SCALE_BITS)
						: value << (SCALE_BITS - octave);
	return HIST_EXACT + (octave - EXACT_BITS) * HIST_OCTAVE + step_of(fraction);
}

/* The least value of a bucket. */
static uint64_t begin_of(uint32_t bucket)
{
	if (bucket < HIST_EXACT)
		return bucket;
	uint32_t octave = EXACT_BITS + (bucket - HIST_EXACT) / HIST_OCTAVE;
	uint64_t edge = octave > 31 ? 2ULL << SCALE_BITS
				    : edges[(bucket - HIST_EXACT) % HIST_OCTAVE];
	uint64_t begin = edge << (octave > 31 ? 31 : octave);
	return (begin + (1u << SCALE_BITS) - 1) >> SCALE_BITS;
}

uint32_t hist_middle(uint32_t bucket)
{
	uint64_t begin = begin_of(bucket), end = begin_of(bucket + 1);

	return (uint32_t)((begin + end - 1) / 2);
}

uint32_t hist_step(uint32_t value)
{
	return hist_middle(hist_bucket(value));
}

void hist_init(struct hist *hist)
{
	memset(hist, 0, sizeof(*hist));
}

void hist_add(struct hist *hist, uint32_t value)
{
	hist->counts[hist_bucket(value)]++;
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
			return hist_middle(i);
	}
	return 0;
}
