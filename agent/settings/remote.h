/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector asks of this agent, over what its own file says: checked against the
 * compiled-in ceilings, tried, kept or given up (core/trial.h), and remembered over restarts.
 *
 *   remote_take -> next turn of the loop: allowed? -> events.apply, changed -> remote_heard
 *                                          \-> events.changed: refused
 */
#ifndef PANTAU_AGENT_REMOTE_H
#define PANTAU_AGENT_REMOTE_H

#include <uv.h>

#include "agent/settings/settings.h"
#include "proto/codec.h"

struct remote_events {
	void *arg;
	/* From now on these settings hold; those before may still be referred to until the next
	 * call. Negative: they cannot, and those before hold again. */
	int (*apply)(void *arg, const struct settings *settings, struct err *err);
	/* What the collector is to be told has changed. */
	void (*changed)(void *arg);
	/* Is the collector there? Whatever it says is for remote_heard(). */
	void (*ask)(void *arg);
};

struct remote_said { /* borrowed until the next event */
	uint32_t followed, refused; /* 0: none */
	const char *trouble;
};

struct remote;

/* Reads the agent's own file, and what is remembered. Copies the path. */
int remote_open(uv_loop_t *loop, const char *path, const struct remote_events *events,
	struct remote **ret_remote, struct err *err);
/* In force. Borrowed: see events.apply. */
const struct settings *remote_settings(const struct remote *remote);
struct remote_said remote_said(const struct remote *remote);
/* The collector asks for this; version 0: for nothing. Copies, and acts with the loop's next
 * turn. */
void remote_take(struct remote *remote, const struct configuration *configuration);
/* The collector said something over a session. */
void remote_heard(struct remote *remote);
/* Freed, settings and all, by its last close callback. */
void remote_close(struct remote *remote);

#endif
