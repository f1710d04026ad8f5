/* SPDX-License-Identifier: Apache-2.0 */
/* Leases for speed tests, asked of the collector over the session that happens to be open: who
 * asked which, and a deadline for each answer. */
#ifndef PANTAU_AGENT_LENDING_H
#define PANTAU_AGENT_LENDING_H

#include <uv.h>

#include "proto/codec.h"

struct lending_events {
	void *arg;
	/* As uplink_lease_request() and uplink_lease_return(). */
	int (*request)(void *arg, uint32_t number, const char *wan);
	int (*give_back)(void *arg, uint32_t number);
};

struct lending;

int lending_new(uv_loop_t *loop, const struct lending_events *events, struct lending **ret_lending);
/* As in struct errand_context. */
uint32_t lending_ask(struct lending *lending, const char *wan,
	void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand);
void lending_return(struct lending *lending, uint32_t number);
/* The collector's answer. */
void lending_take(struct lending *lending, const struct lease *lease);
/* All who asked are gone: nobody is answered any more, what is held goes back. */
void lending_clear(struct lending *lending);
/* Freed by its last close callback. NULL is accepted. */
void lending_close(struct lending *lending);

#endif
