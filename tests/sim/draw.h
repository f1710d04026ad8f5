/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers from a seed (splitmix64): the same on every machine, for ever. */
#ifndef PANTAU_TESTS_SIM_DRAW_H
#define PANTAU_TESTS_SIM_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct draw {
	uint64_t state;
	uint64_t seed; /* to name in words */
};

void draw_init(struct draw *draw, uint64_t seed);
uint64_t draw_bits(struct draw *draw);
/* Evenly from [low, high]. */
uint64_t draw_between(struct draw *draw, uint64_t low, uint64_t high);
/* Evenly over the orders of magnitude from low (1 or more) to high: short ones are common. */
uint64_t draw_scale(struct draw *draw, uint64_t low, uint64_t high);
bool draw_chance(struct draw *draw, unsigned percent);

#endif
