/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a second watcher, now and then, that this collector takes records, keeps them and judges
 * them. When it does not, nothing is told: the watcher's alarm is the silence.
 */
#ifndef PANTAU_LEDGERD_HEARTBEAT_H
#define PANTAU_LEDGERD_HEARTBEAT_H

#include "collector/ledgerd/desk.h"
#include "collector/settings.h"

struct heartbeat;

/* A thread of its own, unless the settings name no URL. Borrows the desk, copies the rest. */
int heartbeat_start(const char *state, const struct settings *settings, struct desk *desk,
	struct heartbeat **ret_heartbeat, struct err *err);
/* Waits for the thread, which ends when the desk is stopped. */
void heartbeat_end(struct heartbeat *heartbeat);

#endif
