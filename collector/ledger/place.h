/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a boot's monotonic time lies on UTC: a function of the set of the boot's anchors.
 *
 *   mono  ----a1--------a2----x----a3---->   x is placed by a2, the last usable anchor at or
 *         ^ before a1: placed by a1          before it; an anchor that is worse than the one
 *                                            before it, 100 ppm of drift added, is ignored
 */
#ifndef PANTAU_LEDGER_PLACE_H
#define PANTAU_LEDGER_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "proto/model.h"

#define PLACE_ERROR_MAX_US \
	10000000 /* sla.md: what cannot be placed within 10 s is unknown (clock) */
#define PLACE_DRIFT_PPM 100

struct place_anchor {
	uint64_t mono_us;
	int64_t utc_us;
	uint64_t error_us;
};

/* Sorts in place and keeps those that place; returns how many. 0: the boot cannot be placed. */
size_t place_choose(struct place_anchor *anchors, size_t count);

/* UTC microseconds of a monotonic moment. `anchors` are chosen ones, count > 0. */
int64_t place_us(const struct place_anchor *anchors, size_t count, uint64_t mono_us);
/* The same as whole seconds, rounded down. */
int64_t place_s(const struct place_anchor *anchors, size_t count, uint64_t mono_us);

#endif
