/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One router, whatever befalls it, is never taken for two devices; two that live on one identity
 * always are. The second device is a router that lived another simulated day: what both sent comes
 * by its time of arrival.
 */
#ifndef PANTAU_TESTS_SIM_TWINS_H
#define PANTAU_TESTS_SIM_TWINS_H

#include "tests/sim/facts.h"

/* Ends the program when the day's own router looks like two. */
void twins_expect_none(const struct facts *facts, uint64_t seed);

struct twins_sum {
	uint64_t noticed,
		turns; /* second devices, and the turns in which they told all until then */
	uint64_t unjudged; /* those that never lived beside the first one at a time that is known */
};

/* Ends the program when the second device, switched on at some boot of its day, is not noticed
 * although each of the two has had two turns in which it told all that it had to. */
void twins_expect_noticed(const struct facts *first, const struct facts *second, uint64_t seed,
	struct twins_sum *sum);

#endif
