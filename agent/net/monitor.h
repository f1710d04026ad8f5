/* SPDX-License-Identifier: Apache-2.0 */
/* Tells when links, addresses or routes of the machine change. */
#ifndef PANTAU_AGENT_NET_MONITOR_H
#define PANTAU_AGENT_NET_MONITOR_H

#include <uv.h>

#include "agent/net/link.h"
#include "common/err.h"

struct monitor_events {
	void *arg;
	/* One link changed: each change is told, in order. */
	void (*link)(void *arg, const struct link *link);
	/* Something changed: told once, after the links. */
	void (*changed)(void *arg);
};

struct monitor;

/* Copies the table, borrows the loop. */
int monitor_open(uv_loop_t *loop, const struct monitor_events *events, struct monitor **ret_monitor,
	struct err *err);
/* Freed by its last close callback. */
void monitor_close(struct monitor *monitor);

#endif
