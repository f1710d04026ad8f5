/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the agents held when they last greeted, in memory and pure. What of it waits on the router
 * still is counted when somebody asks, against what is durable here by then: a report costs
 * nothing. An agent that has not greeted since this process began is not known.
 */
#ifndef PANTAU_COLLECTOR_INGEST_BACKLOG_H
#define PANTAU_COLLECTOR_INGEST_BACKLOG_H

#include "collector/ingest/progress.h"
#include "collector/ingest/turns.h"
#include "proto/codec.h"

struct backlog;

int backlog_new(struct backlog **ret_backlog);
void backlog_free(struct backlog *backlog);

/* A HELLO, in place of the one before; runs that are wholly durable are not kept. 1, once
 * an agent: two devices take each other's place (turns.h). -ENOMEM: the agent is not known any
 * more. */
int backlog_take(struct backlog *backlog, uint32_t agent, const struct hello *hello, int64_t now_s,
	const struct progress *progress);

struct backlog_word {
	int64_t greeted_s; /* UTC */
	uint64_t waiting; /* records that it held then and that are not durable here */
};

/* false: it is not known. */
bool backlog_tell(const struct backlog *backlog, uint32_t agent, const struct progress *progress,
	struct backlog_word *ret_word);

#endif
