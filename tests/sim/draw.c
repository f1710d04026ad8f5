/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/draw.h"

void draw_init(struct draw *draw, uint64_t seed)
{
	draw->state = seed;
	draw->seed = seed;
}

uint64_t draw_bits(struct draw *draw)
{
	uint64_t z = draw->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint64_t draw_between(struct draw *draw, uint64_t low, uint64_t high)
{
	return low + draw_bits(draw) % (high - low + 1);
}

uint64_t draw_scale(struct draw *draw, uint64_t low, uint64_t high)
{
	unsigned doublings = 0;
	uint64_t top;

	while (low << doublings < high)
		doublings++;
	top = low << draw_between(draw, 0, doublings);
	if (top > high)
		top = high;
	return draw_between(draw, top / 2 > low ? top / 2 : low, top);
}

bool draw_chance(struct draw *draw, unsigned percent)
{
	return draw_bits(draw) % 100 < percent;
}
