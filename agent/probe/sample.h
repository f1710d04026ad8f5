/* SPDX-License-Identifier: Apache-2.0 */
/* The two samples that this program takes. Each prints what it finds (answer.h). */
#ifndef PANTAU_AGENT_PROBE_SAMPLE_H
#define PANTAU_AGENT_PROBE_SAMPLE_H

#include "agent/probe/reach.h"

struct sample_request { /* borrowed */
	const char *url;
	const char *expect; /* http: "204", "200 success" */
	const char *ca; /* PEM file; NULL: the system's */
	uint64_t down_bytes, up_bytes; /* speed: most of each; 0: not that way */
	struct reach_way way;
};

/* Prints `outcome` last. 0, or -EINVAL with words when the request makes no sense. */
int sample_http(const struct sample_request *request, struct err *err);
int sample_speed(const struct sample_request *request, struct err *err);

#endif
