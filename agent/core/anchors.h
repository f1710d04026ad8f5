/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which readings of the time are worth a record. An anchor ties the monotonic clock to UTC; the
 * ledger ignores one whose error exceeds its predecessor's by more than the clock can have drifted,
 * so such a one is never recorded. Pure.
 */
#ifndef PANTAU_AGENT_CORE_ANCHORS_H
#define PANTAU_AGENT_CORE_ANCHORS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/codec.h"

#define ANCHORS_EVERY_US 3600000000ULL /* 100 ppm of an hour is 0.36 s: well within 10 s */
#define ANCHORS_DRIFT_PPM 100 /* how fast an undisciplined quartz may run away */

struct anchors {
	bool any;
	struct anchor last; /* recorded last */
	bool wanted; /* the next sound reading is recorded whatever it says: a new session */
};

void anchors_init(struct anchors *anchors);
/* A session began: record the next reading that the ledger would heed. */
void anchors_want(struct anchors *anchors);
/* true: record it. It then counts as recorded. */
bool anchors_offer(struct anchors *anchors, const struct anchor *reading);

/* From four timestamps: error is half the round trip without the collector's own time, plus the
 * collector's own error. -EINVAL for times that cannot be. */
int anchor_from_answer(const struct time_answer *answer, uint64_t now_us,
	const uint8_t boot[BOOT_BYTES], struct anchor *ret_anchor);
/* From the machine's disciplined clock. -EINVAL when the monotonic one ran backwards. */
struct clock_reading {
	uint64_t before_us, after_us; /* monotonic, just before and after the other was read */
	int64_t utc_us;
	uint64_t error_us; /* as the kernel bounds it */
};
int anchor_from_clock(const struct clock_reading *reading, const uint8_t boot[BOOT_BYTES],
	struct anchor *ret_anchor);

#endif
