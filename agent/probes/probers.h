/* SPDX-License-Identifier: Apache-2.0 */
/* One open prober of every kind in the table. */
#ifndef PANTAU_AGENT_PROBES_PROBERS_H
#define PANTAU_AGENT_PROBES_PROBERS_H

#include "agent/probes/probe.h"

struct probers;

/* Opens all of them, or none. */
int probers_open(uv_loop_t *loop, struct probers **ret_probers, struct err *err);
enum refusal probers_ask(
	const struct probers *probers, enum probe_kind kind, const struct probe_request *request);
/* `done` will not be called for what was asked with this arg. */
void probers_forget(const struct probers *probers, const void *arg);
void probers_close(struct probers *probers);

#endif
