/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where answers wait that take long or much memory: each lane has a few threads and a short queue,
 * so that a hundred people who log in, or a month's reports, hold up no page and never take more
 * memory than the threads of their lane.
 *
 *      enter() -> a place, or false      run() -> the queue -> one of the lane's threads
 */
#ifndef PANTAU_WEB_LANES_H
#define PANTAU_WEB_LANES_H

#include <stdbool.h>

#include "common/err.h"
#include "web/http.h"

struct lanes;

struct lane_job { /* embedded by who waits */
	/* In a thread of the lane; `cancelled`: the server stops, so only say so. */
	void (*run)(void *arg, bool cancelled);
	void *arg;
	struct lane_job *next; /* the lane's */
};

int lanes_start(struct lanes **ret_lanes, struct err *err);
/* Takes a place. False: the lane is full, or everything stops. */
bool lanes_enter(struct lanes *lanes, enum http_lane lane);
/* With a place that was taken; it is free again when the job has run. */
void lanes_run(struct lanes *lanes, enum http_lane lane, struct lane_job *job);
/* Waits for what runs; what waits is run as cancelled. Nobody enters any more. */
void lanes_stop(struct lanes *lanes);
void lanes_free(struct lanes *lanes);

#endif
