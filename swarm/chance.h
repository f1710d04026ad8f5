/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chance without memory: the same question always has the same answer, whenever and in whatever
 * order it is asked. So a life that is lived again is the same life.
 */
#ifndef PANTAU_SWARM_CHANCE_H
#define PANTAU_SWARM_CHANCE_H

#include <stdint.h>

enum chance { /* what is drawn; each has numbers of its own */
	CHANCE_BOOT,
	CHANCE_NONCE,
	CHANCE_LINK,
	CHANCE_LOSS,
	CHANCE_RTT,
	CHANCE_DAILY,
	CHANCE_OUTAGE,
	CHANCE_POWER,
	CHANCE_RESTART,
	CHANCE_WEATHER,
	CHANCE_TRAFFIC,
	CHANCE_SPEED,
	CHANCE_SAMPLE,
};

/* splitmix64's finisher over what is asked. */
static inline uint64_t chance_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static inline uint64_t chance_draw(uint64_t seed, enum chance what, uint64_t who, uint64_t when)
{
	return chance_mix(chance_mix(chance_mix(seed + (uint64_t)what) + who) + when);
}

/* [0, 1) of a draw. */
static inline double chance_share(uint64_t draw)
{
	return (double)(draw >> 11) * 0x1p-53;
}

#endif
