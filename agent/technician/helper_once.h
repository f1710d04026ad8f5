/* SPDX-License-Identifier: Apache-2.0 */
/* `pantau-agent probe http URL` and `probe speed URL`: the agent's helper, run once by hand. */
#ifndef PANTAU_AGENT_HELPER_ONCE_H
#define PANTAU_AGENT_HELPER_ONCE_H

#include <stdbool.h>
#include <stdio.h>

#include "agent/technician/probe_once.h"

bool helper_once_knows(const char *kind);
/* As probe_once(). The configuration says which helper, what page to expect and how many bytes;
 * where there is none, its defaults do. */
int helper_once(const struct probe_order *order, FILE *out, struct err *err);

#endif
