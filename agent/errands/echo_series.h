/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long an echo takes, while a speed test loads the link and before: a target is asked at a
 * steady pace, and the median counts. It is another flow's latency, which is what a call or a game
 * would see.
 */
#ifndef PANTAU_AGENT_ERRANDS_ECHO_SERIES_H
#define PANTAU_AGENT_ERRANDS_ECHO_SERIES_H

#include <uv.h>

#include "agent/probes/probers.h"

struct echo_series;

/* Copies the target, borrows the rest. NULL: no memory. */
struct echo_series *echo_series_new(
	uv_loop_t *loop, const struct probers *probers, const struct probe_request *whom);
/* Asks every `pace_ms` from now on, and forgets what was before. */
void echo_series_begin(struct echo_series *echoes, unsigned pace_ms);
void echo_series_end(struct echo_series *echoes);
/* Of those answered since the beginning; 0: none was. */
uint32_t echo_series_median_us(const struct echo_series *echoes);
/* Freed by its last close callback. Accepts NULL. */
void echo_series_close(struct echo_series *echoes);

#endif
