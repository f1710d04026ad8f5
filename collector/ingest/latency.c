/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/latency.h"

#include <string.h>

void latency_init(struct latency *latency)
{
	memset(latency, 0, sizeof(*latency));
}

/* Values below LATENCY_STEPS have a bucket each; above, the three bits behind the highest count. */
static unsigned bucket_of(uint64_t us)
{
	unsigned exponent;

	if (us < LATENCY_STEPS)
		return (unsigned)us;
	if (us > UINT32_MAX)
		return LATENCY_BUCKETS - 1;
	exponent = 63 - (unsigned)__builtin_clzll(us) - 3;
	return exponent * LATENCY_STEPS + (unsigned)(us >> exponent);
}

/* The first value that is beyond the bucket. */
static uint64_t bound_of(unsigned bucket)
{
	unsigned exponent;

	bucket++;
	if (bucket < LATENCY_STEPS)
		return bucket;
	exponent = bucket / LATENCY_STEPS - 1;
	return (uint64_t)(bucket - exponent * LATENCY_STEPS) << exponent;
}

void latency_add(struct latency *latency, uint64_t us)
{
	latency->counts[latency->now][bucket_of(us)]++;
	latency->total[latency->now]++;
}

void latency_turn(struct latency *latency)
{
	latency->now = !latency->now;
	memset(latency->counts[latency->now], 0, sizeof(latency->counts[0]));
	latency->total[latency->now] = 0;
}

uint64_t latency_quantile_us(const struct latency *latency, unsigned permille)
{
	uint64_t total = latency->total[0] + latency->total[1], seen = 0;
	uint64_t rank = (total * permille + 999) / 1000;

	if (total == 0)
		return 0;
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
		seen += (uint64_t)latency->counts[0][i] + latency->counts[1][i];
		if (seen >= rank)
			return bound_of(i);
	}
	return bound_of(LATENCY_BUCKETS - 1);
}
