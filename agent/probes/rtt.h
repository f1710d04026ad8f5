/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round trip from the kernel's timestamps of leaving and arriving. They are on the wall clock,
 * which can be set while a packet is away: the process's own readings of both clocks tell, and
 * then stand in. Pure.
 */
#ifndef PANTAU_AGENT_PROBES_RTT_H
#define PANTAU_AGENT_PROBES_RTT_H

#include <stdbool.h>
#include <stdint.h>

struct rtt_moment { /* the process's clocks, read together */
	int64_t mono_ns, utc_ns;
};

struct rtt_times {
	struct rtt_moment sent, seen; /* just before sending; when the reply was read */
	int64_t departed_ns, arrived_ns; /* by the kernel, UTC; 0: it did not say */
};

/* In nanoseconds, never negative. */
int64_t rtt_ns(const struct rtt_times *times);

#endif
