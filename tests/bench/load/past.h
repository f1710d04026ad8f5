/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What invented agents have to tell of some hours without the collector: every record of so many
 * different routers (tests/bench/router.h), encoded once. Many callers can tell the same past,
 * each as its own.
 */
#ifndef PANTAU_TESTS_BENCH_LOAD_PAST_H
#define PANTAU_TESTS_BENCH_LOAD_PAST_H

#include <stddef.h>

#include "common/err.h"
#include "proto/codec.h"

#define PAST_RUNS_MAX 64 /* a router that began anew every few minutes */

struct past_one {
	struct held_run runs[PAST_RUNS_MAX];
	size_t run_count;
	struct entry *entries; /* in order; the bytes are the past's */
	size_t count, slots;
};

struct past;

/* Of [from_s, to_s), UTC. */
int past_new(
	uint32_t routers, int64_t from_s, int64_t to_s, struct past **ret_past, struct err *err);
void past_free(struct past *past);
/* Agent N from 1: routers take turns. */
const struct past_one *past_of(const struct past *past, uint32_t agent);

#endif
