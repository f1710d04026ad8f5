/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every kind of probe looks like: a row of functions in one table. docs/adding-a-probe.md
 * says how to add one. A prober is opened once, while the process may still have privileges, and
 * asks many questions at a time.
 */
#ifndef PANTAU_AGENT_PROBES_PROBE_H
#define PANTAU_AGENT_PROBES_PROBE_H

#include <stdint.h>
#include <uv.h>

#include "agent/core/question.h"
#include "common/err.h"

#define PROBE_SECRET_BYTES 16

/* What is shared with the target, where a kind needs it. */
struct probe_secret {
	uint8_t key[PROBE_SECRET_BYTES];
	uint16_t identifier;
};

#define PROBE_TIMEOUT_US RTT_MAX_US /* RFC 2681's threshold: what comes later is lost */

struct probe_request {
	struct target target;
	uint32_t interface; /* the question leaves by it; 0: as the routing table says */
	struct address source; /* the question bears it; length 0: the kernel chooses */
	const struct probe_secret *secret; /* NULL: none; borrowed during `ask` */
	/* Called once, and never from within `ask`, unless the prober is closed before. */
	void (*done)(void *arg, const struct answer *answer);
	void *arg;
};

struct probe_type {
	enum probe_kind kind;
	const char *name;
	bool has_port; /* whether its target is an address and a port */
	bool has_secret; /* whether it asks nobody without one */
	/* Opens what it needs. The loop is borrowed. */
	int (*open)(uv_loop_t *loop, void **ret_prober, struct err *err);
	/* Copies the request. REFUSAL_NONE: asked. Otherwise the machine itself would not send it,
	 * and `done` is not called. */
	enum refusal (*ask)(void *prober, const struct probe_request *request);
	/* `done` will not be called for what was asked with this arg. */
	void (*forget)(void *prober, const void *arg);
	/* Forgets what was asked; the memory is freed by the loop's last close callback. */
	void (*close)(void *prober);
};

/* Every kind there is; ends with NULL. */
extern const struct probe_type *const probe_types[];

const struct probe_type *probe_type_named(const char *name);

/* What the errno of a refused sending says about the link. */
enum refusal probe_refusal(int error);
const char *probe_refusal_name(enum refusal refusal);

#endif
