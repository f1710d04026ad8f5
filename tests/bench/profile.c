/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/profile.h"

#include <math.h>

#define TRAFFIC_SPREAD 1.1
#define ONE 4096 /* a factor of 1.0 */

static const struct profile profiles[PROFILE_COUNT] = {
	{LINK_FIBRE, 45, 8000, 35000, 0.05, 1000, 4, 50000, 50000},
	{LINK_4G, 30, 30000, 70000, 0.25, 8000, 10, 20000, 5000},
	{LINK_STARLINK, 20, 35000, 60000, 0.12, 4000, 6, 100000, 15000},
	{LINK_VSAT, 5, 560000, 640000, 0.03, 6000, 12, 4000, 1000},
};

const struct profile *profile_at(unsigned number)
{
	return &profiles[number];
}

unsigned profile_draw(struct draw *draw)
{
	unsigned percent = (unsigned)draw_between(draw, 0, 99), i = 0;

	while (i + 1 < PROFILE_COUNT && percent >= profiles[i].percent)
		percent -= profiles[i++].percent;
	return i;
}

/* From the even distribution to the normal one, by the sum of twelve. */
static double draw_normal(struct draw *draw)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += (double)(draw_bits(draw) >> 11) / (double)(1ULL << 53);
	return sum - 6;
}

static void fill(struct factors *factors, double spread, struct draw *draw)
{
	for (int i = 0; i < FACTOR_COUNT; i++)
		factors->items[i] = (uint32_t)(ONE * exp(spread * draw_normal(draw)));
}

void nature_init(struct nature *nature)
{
	struct draw draw;

	draw_init(&draw, 1);
	for (unsigned i = 0; i < PROFILE_COUNT; i++)
		fill(&nature->rtt[i], profiles[i].spread, &draw);
	fill(&nature->traffic, TRAFFIC_SPREAD, &draw);
}

uint64_t factors_scale(const struct factors *factors, struct draw *draw, uint64_t value)
{
	return value * factors->items[draw_bits(draw) % FACTOR_COUNT] / ONE;
}
