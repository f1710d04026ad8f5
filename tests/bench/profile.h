/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kinds of links there are in an invented province, in round numbers: how far away the
 * internet is, how much that varies, how often something breaks. What varies is drawn from tables
 * of factors, made once.
 */
#ifndef PANTAU_TESTS_BENCH_PROFILE_H
#define PANTAU_TESTS_BENCH_PROFILE_H

#include <stdint.h>

#include "collector/store/registry.h"
#include "tests/sim/draw.h"

struct profile {
	enum link_kind kind;
	unsigned percent; /* of the links */
	uint32_t rtt_low_us, rtt_high_us; /* to the nearest internet target */
	double spread; /* of one link's round trips: sigma of their logarithm */
	uint32_t loss_ppm; /* of probes, when nothing is broken */
	uint32_t outages; /* a month */
	uint32_t kbps_down, kbps_up;
};

#define PROFILE_COUNT 4

const struct profile *profile_at(unsigned number);
unsigned profile_draw(struct draw *draw); /* a number */

/* Lognormal, around 1 (the median). */
#define FACTOR_COUNT 4096

struct factors {
	uint32_t items[FACTOR_COUNT];
};

struct nature {
	struct factors rtt[PROFILE_COUNT];
	struct factors traffic; /* what users move in a minute: a few minutes carry most of it */
};

void nature_init(struct nature *nature); /* the same every time */
uint64_t factors_scale(const struct factors *factors, struct draw *draw, uint64_t value);

#endif
