/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads what a start found unread in the journal (replay.h), off the loop, while agents are served:
 * one piece after the other until the end, and then tells.
 */
#ifndef PANTAU_COLLECTOR_INGEST_CATCH_UP_H
#define PANTAU_COLLECTOR_INGEST_CATCH_UP_H

#include <uv.h>

#include "collector/ingest/replay.h"

#define CATCH_UP_RETRY_MS 10000 /* on a disk that cannot be read */

struct catch_up_events {
	void *arg;
	/* All is in the progress: what is unknown now is not there. */
	void (*done)(void *arg);
};

struct catch_up;

/* Takes the replay, also when it fails; borrows the progress. Copies the events. -ENOMEM. */
int catch_up_new(uv_loop_t *loop, struct replay *replay, struct progress *progress,
	const struct catch_up_events *events, struct catch_up **ret_catch_up);
void catch_up_start(struct catch_up *catch_up);
bool catch_up_is_done(const struct catch_up *catch_up);
uint64_t catch_up_records(const struct catch_up *catch_up); /* read so far */
/* Closes its handle; the loop must run until it is done. Then free. */
void catch_up_close(struct catch_up *catch_up);
void catch_up_free(struct catch_up *catch_up);

#endif
