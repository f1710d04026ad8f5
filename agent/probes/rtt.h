/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round trip as ping measures it, from just before sending to the kernel's timestamp of
 * arriving; only that a process held up while it sends does not count: then the kernel's
 * timestamp of leaving stands in. These are on the wall clock, which can be set while a packet
 * is away: the process's own readings of both clocks tell. Pure, but for rtt_now().
 */
#ifndef PANTAU_AGENT_PROBES_RTT_H
#define PANTAU_AGENT_PROBES_RTT_H

#include <stdbool.h>
#include <stdint.h>

struct rtt_moment { /* the process's clocks, read together */
	int64_t mono_ns, utc_ns;
};

struct rtt_moment rtt_now(void);

struct rtt_times {
	struct rtt_moment sent, seen; /* just before sending; when the reply was read */
	int64_t departed_ns, arrived_ns; /* by the kernel, UTC; 0: it did not say */
};

/* In nanoseconds, never negative. */
int64_t rtt_ns(const struct rtt_times *times);

#endif
