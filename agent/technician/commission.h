/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `pantau-agent commission`: asks everything once, prints a certificate of installation, and hands
 * it to the running agent for the collector to keep.
 */
#ifndef PANTAU_AGENT_COMMISSION_H
#define PANTAU_AGENT_COMMISSION_H

#include <stdio.h>

#include "agent/settings/settings.h"
#include "agent/technician/words.h"

#define COMMISSION_SOURCE OBSERVATION_COMMISSION /* of the observation that the collector keeps */

struct commission_order { /* borrowed */
	const struct settings *settings;
	const char *by, *note; /* who, and what they have to say; "" for nothing */
	enum language language;
	FILE *out;
};

/* Returns 0 when all was well and is kept, 3 when it waits for the collector, 4 when the link does
 * not answer, 5 when no agent runs that could hand it over; or a negative errno with words. */
int commission_run(const struct commission_order *order, struct err *err);

#endif
