/* SPDX-License-Identifier: Apache-2.0 */
/* Notices when the wall clock is set (by NTP, by hand), the moment that it happens. */
#ifndef PANTAU_AGENT_CLOCK_WATCH_H
#define PANTAU_AGENT_CLOCK_WATCH_H

#include <stdint.h>
#include <uv.h>

#include "common/err.h"

#define CLOCK_STEP_MIN_US 100000 /* less is noise beside a report's second */

struct clock_watch;

int clock_watch_open(uv_loop_t *loop, void (*stepped)(void *arg, int64_t step_us), void *arg,
	struct clock_watch **ret_watch, struct err *err);
/* Takes the difference of the clocks as it is now: slewing since the last time is no step. */
void clock_watch_settle(struct clock_watch *watch);
/* Freed by its last close callback. */
void clock_watch_close(struct clock_watch *watch);

#endif
