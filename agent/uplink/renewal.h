/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renews the agent's certificate, by itself and months before it ends; and, when it has ended,
 * asks to be let in again, which a person decides. What is measured meanwhile waits in the spool.
 *
 *   wait until due -> find the collector -> ask (pantau-renew/1) -> keep -> wait until due
 *                         ^                   |
 *                         +---- later --------+  refused, parked, or nobody answered
 *
 * Each step may be cut off and is repeated: the same key gets the same certificate.
 */
#ifndef PANTAU_AGENT_RENEWAL_H
#define PANTAU_AGENT_RENEWAL_H

#include <uv.h>

#include "agent/identity.h"
#include "agent/settings/settings.h"
#include "common/tls.h"
#include "proto/enrol.h"

enum renewal_state {
	RENEWAL_NONE, /* the certificate is good for long */
	RENEWAL_DUE, /* being asked for */
	RENEWAL_PARKED, /* expired: a person must say yes */
	RENEWAL_REFUSED,
	RENEWAL_STATE_COUNT
};
/* "", "due", "parked", "refused"; ends with NULL. */
extern const char *const renewal_state_names[];

struct renewal_settings { /* copied */
	uv_loop_t *loop; /* borrowed */
	struct tls_context *tls; /* borrowed: shows the present certificate */
	struct identity *identity; /* borrowed */
	const struct settings_collector *collectors; /* copied */
	size_t collector_count;
	const char *state_folder; /* borrowed */
	int64_t (*now_s)(void *arg); /* trusted */
	void *arg;
	void (*renewed)(void *arg); /* another identity is in force */
	void (*changed)(void *arg); /* renewal_state() did */
};

struct renewal;

int renewal_new(const struct renewal_settings *settings, struct renewal **ret_renewal);
enum renewal_state renewal_state(const struct renewal *renewal);
/* Freed by its last close callback. Accepts NULL. */
void renewal_close(struct renewal *renewal);

/* How long until it is tried again: after `code`, or ENROL_CODE_COUNT when nobody answered, the
 * `tries`-th time in a row. `draw` spreads it. */
uint64_t renewal_pause_ms(enum enrol_code code, unsigned tries, uint32_t draw);

#endif
