/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a collector is: the addresses behind its name, in the order in which to try them. The one
 * that worked last comes first, then the families in turn, so that a dead one costs one try. It is
 * kept in the state folder, and tried also when the resolver fails, hangs or lies.
 */
#ifndef PANTAU_AGENT_REACH_H
#define PANTAU_AGENT_REACH_H

#include <uv.h>

#include "agent/net/address.h"
#include "agent/settings/settings.h"

struct reach;

struct reach_settings { /* copied */
	uv_loop_t *loop; /* borrowed */
	const char *state_folder; /* NULL: nothing is kept */
};

/* `found` is called once for each reach_find(), never from within; count 0: `reason` says why. */
int reach_new(const struct reach_settings *settings,
	void (*found)(void *arg, size_t count, const char *reason), void *arg,
	struct reach **ret_reach);
/* Looks for this collector. Borrowed until the next call; not before the last was answered. */
void reach_find(struct reach *reach, const struct settings_collector *collector);
/* The next address to try; NULL when all were. Borrowed until the next reach_find(). */
const struct sockaddr *reach_next(struct reach *reach);
/* Whether there is another one. */
bool reach_has_next(const struct reach *reach);
/* The collector itself answered at the one that was handed out last: keeps it, if it is new. */
void reach_worked(struct reach *reach);
/* `found` is not called any more. Freed by its last close callback. Accepts NULL. */
void reach_close(struct reach *reach);

#endif
