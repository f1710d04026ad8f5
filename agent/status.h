/* SPDX-License-Identifier: Apache-2.0 */
/* status.json in the runtime folder: written by the running agent after each slot, read by
 * `pantau-agent status`. One flat object. */
#ifndef PANTAU_AGENT_STATUS_H
#define PANTAU_AGENT_STATUS_H

#include <stdio.h>

#include "agent/spool.h"
#include "agent/uplink.h"

struct status {
	uint32_t run;
	int64_t written_utc_us;
	uint32_t slot_s;
	char slot[200]; /* the last one, in words */
	struct spool_figures spool;
	struct uplink_figures uplink;
};

int status_write(const struct status *status, const char *folder, struct err *err);
/* Prints folder/status.json in plain words. -ENOENT: the agent has not written one. */
int status_print(const char *folder, FILE *out, struct err *err);

#endif
