/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/rtt.h"

#include <stdlib.h>
#include <time.h>

#define STEP_NS 1000000 /* slewing takes the clocks 0.5 ms a second apart: less within 3 s */
#define HELD_UP_NS 250000 /* the way through the kernel takes 20 to 100 us, even on a router */

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

struct rtt_moment rtt_now(void)
{
	return (struct rtt_moment){
		.mono_ns = read_clock(CLOCK_BOOTTIME), .utc_ns = read_clock(CLOCK_REALTIME)};
}

/* Whether the wall clock was set between the two moments. */
static bool was_set(const struct rtt_times *times)
{
	int64_t before = times->sent.utc_ns - times->sent.mono_ns;
	int64_t after = times->seen.utc_ns - times->seen.mono_ns;

	return llabs(after - before) > 2 * STEP_NS;
}

static int64_t left_ns(const struct rtt_times *times)
{
	bool held_up = times->departed_ns > times->sent.utc_ns + HELD_UP_NS;

	return held_up ? times->departed_ns : times->sent.utc_ns;
}

int64_t rtt_ns(const struct rtt_times *times)
{
	int64_t whole = times->seen.mono_ns - times->sent.mono_ns;
	int64_t rtt = times->arrived_ns - left_ns(times);

	if (!times->arrived_ns || was_set(times) || rtt < 0 || rtt > whole + STEP_NS)
		rtt = whole;
	return rtt > 0 ? rtt : 0;
}
