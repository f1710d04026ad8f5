/* SPDX-License-Identifier: Apache-2.0 */
/* The present: UTC as it was once, and the monotonic clock since. */
#ifndef PANTAU_SWARM_NOW_H
#define PANTAU_SWARM_NOW_H

#include "common/clock.h"

struct now {
	int64_t utc_us; /* at mono_us */
	uint64_t mono_us;
};

static inline struct now now_begin(void)
{
	return (struct now){.utc_us = clock_utc_us(), .mono_us = clock_boot_us()};
}

static inline int64_t now_utc_us(const struct now *now)
{
	return now->utc_us + (int64_t)(clock_boot_us() - now->mono_us);
}

#endif
