/* SPDX-License-Identifier: Apache-2.0 */
/* `pantau-agent probe KIND TARGET`: one question, by the same code as in the running agent. */
#ifndef PANTAU_AGENT_PROBE_ONCE_H
#define PANTAU_AGENT_PROBE_ONCE_H

#include <stdio.h>

#include "common/err.h"

struct probe_order { /* borrowed */
	const char *kind;
	const char *target; /* an address; ADDRESS:PORT for a kind that needs a port */
	const char *config; /* where a kind that needs a secret finds it */
};

/* Prints what came of it. 0: answered; -ETIMEDOUT: lost or refused; another negative errno
 * with words: it could not be asked. */
int probe_once(const struct probe_order *order, FILE *out, struct err *err);

#endif
