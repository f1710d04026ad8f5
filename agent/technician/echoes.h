/* SPDX-License-Identifier: Apache-2.0 */
/* A series of quick questions over one WAN, for who stands at the router: how many are answered. */
#ifndef PANTAU_AGENT_ECHOES_H
#define PANTAU_AGENT_ECHOES_H

#include "agent/net/wan.h"
#include "agent/probes/probe.h"
#include "common/err.h"

#define ECHOES_MAX 100

struct echoes_order { /* borrowed */
	const struct wan *wan;
	const struct probe_type *type;
	const struct probe_secret *secret; /* NULL: none */
	const struct target *targets; /* asked in turn */
	size_t target_count; /* at least one */
	unsigned count, every_ms; /* at most ECHOES_MAX */
};

struct echoes {
	unsigned sent, answered;
	uint32_t median_us; /* of the answers */
	enum refusal refusal; /* why the router itself did not send one of them */
};

/* Returns when all are answered or lost. */
int echoes_run(const struct echoes_order *order, struct echoes *ret_echoes, struct err *err);

#endif
