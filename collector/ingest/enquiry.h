/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STATE/journal/agents.sock: a client says an agent's number on a line and gets one JSON object
 * (ask_question() of common/ask.h is the other end).
 *
 *   {"agent": 7, "connected": true, "greeted": "2026-01-31T16:00:00Z", "waiting": 1234}
 *
 * "greeted" is when it said last what it holds, "waiting" how many of these records are not durable
 * here; both are null when that is not known: it has not greeted since this process began, or the
 * journal is still being read back.
 */
#ifndef PANTAU_COLLECTOR_INGEST_ENQUIRY_H
#define PANTAU_COLLECTOR_INGEST_ENQUIRY_H

#include <uv.h>

#include "collector/ingest/backlog.h"
#include "collector/ingest/catch_up.h"
#include "collector/ingest/hub.h"

#define ENQUIRY_SOCKET "journal/agents.sock"

struct enquiry_sources { /* all borrowed */
	const struct backlog *backlog;
	const struct progress *progress;
	const struct hub *hub;
	const struct catch_up *catch_up;
};

struct enquiry;

int enquiry_new(uv_loop_t *loop, const char *state, const struct enquiry_sources *sources,
	struct enquiry **ret_enquiry, struct err *err);
/* The loop must run once more to close its handle. NULL is accepted. */
void enquiry_close(struct enquiry *enquiry);

#endif
