/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `pantau-agent enrol TOKEN`: makes this router's key, asks the collector for an identity, and
 * writes what the agent needs.
 *
 *   agent.key (0600) -> question -> ca.crt -> agent.conf -> agent.crt
 *
 * Each file is replaced whole, so that a cut at any moment leaves what it was or what it is to be;
 * called again, it goes on with the key that is there and gets the same identity. The certificate
 * comes last: without it the agent does not start.
 */
#ifndef PANTAU_AGENT_ENROL_H
#define PANTAU_AGENT_ENROL_H

#include <stdio.h>

#include "agent/technician/words.h"
#include "common/err.h"

struct enrol_order { /* borrowed */
	const char *token, *config; /* the configuration file is made when it is missing */
	enum language language;
	FILE *out;
};

/* 0; -EACCES: refused, which was told; another negative errno with words. */
int enrol_run(const struct enrol_order *order, struct err *err);

#endif
