/* SPDX-License-Identifier: Apache-2.0 */
/* A sign of life for a second watcher: one GET, of which only the status counts. */
#ifndef PANTAU_EXPORT_BEAT_H
#define PANTAU_EXPORT_BEAT_H

#include <stdbool.h>

#include "common/err.h"

struct beat;

/* Copies the URL. `stop` (may be NULL) is asked now and then; true ends the request under way. */
int beat_open(const char *url, bool (*stop)(void *arg), void *stop_arg, struct beat **ret_beat,
	struct err *err);
/* Blocks for at most ten seconds. -EAGAIN with words: nobody took it. */
int beat_send(struct beat *beat, struct err *err);
void beat_close(struct beat *beat);

#endif
