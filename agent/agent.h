/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent put together: what is made in which order, and what flows where.
 *
 *   kernel --> monitor --> measure (one a WAN) --slot--> recorder --> spool --> uplink
 *                            ^ probes                       ^ anchors <--time-----+
 */
#ifndef PANTAU_AGENT_AGENT_H
#define PANTAU_AGENT_AGENT_H

#include "agent/settings/settings.h"

/* Runs until SIGTERM or SIGINT. 0 when it stopped in order. Borrows the settings and the path of
 * the file that they come from. */
int agent_run(const struct settings *settings, const char *path, struct err *err);

#endif
