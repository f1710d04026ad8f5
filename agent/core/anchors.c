/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/anchors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

void anchors_init(struct anchors *anchors)
{
	memset(anchors, 0, sizeof(*anchors));
}

void anchors_want(struct anchors *anchors)
{
	anchors->wanted = true;
}

/* How wrong the last anchor may have become by then. */
static uint64_t error_then(const struct anchor *last, uint64_t mono_us)
{
	uint64_t age_us = mono_us > last->mono_us ? mono_us - last->mono_us : 0;

	return last->error_us + age_us * ANCHORS_DRIFT_PPM / MILLION;
}

/* Whether the two cannot both be right: one of them followed a clock that was wrong. */
static bool disagrees(const struct anchor *last, const struct anchor *reading, uint64_t worn_us)
{
	int64_t expected_us = last->utc_us + (int64_t)(reading->mono_us - last->mono_us);
	int64_t apart_us = reading->utc_us - expected_us;

	return (uint64_t)llabs(apart_us) > worn_us + reading->error_us;
}

static bool is_worth(const struct anchors *anchors, const struct anchor *reading)
{
	const struct anchor *last = &anchors->last;
	uint64_t worn_us;

	if (!anchors->any)
		return true;
	worn_us = error_then(last, reading->mono_us);
	if (reading->error_us > worn_us)
		return false; /* the ledger would ignore it */
	return anchors->wanted || reading->error_us < last->error_us / 2 ||
		reading->mono_us - last->mono_us >= ANCHORS_EVERY_US ||
		disagrees(last, reading, worn_us);
}

bool anchors_offer(struct anchors *anchors, const struct anchor *reading)
{
	if (reading->utc_us < UTC_MIN_US || reading->utc_us > UTC_MAX_US)
		return false;
	if (!is_worth(anchors, reading))
		return false;
	anchors->any = true;
	anchors->wanted = false;
	anchors->last = *reading;
	return true;
}

int anchor_from_answer(const struct time_answer *answer, uint64_t now_us,
	const uint8_t boot[BOOT_BYTES], struct anchor *ret_anchor)
{
	int64_t held_us = answer->sent_utc_us - answer->received_utc_us;
	uint64_t trip_us = now_us - answer->echo_us;

	if (!answer->present || now_us < answer->echo_us || held_us < 0)
		return -EINVAL;
	/* A server that held it longer than it was away has a clock that ran while ours stood. */
	trip_us = trip_us > (uint64_t)held_us ? trip_us - (uint64_t)held_us : 0;
	*ret_anchor = (struct anchor){
		.mono_us = now_us,
		.utc_us = answer->sent_utc_us + (int64_t)(trip_us / 2),
		.error_us = trip_us / 2 + answer->error_us + 1,
		.source = ANCHOR_COLLECTOR,
	};
	memcpy(ret_anchor->boot, boot, BOOT_BYTES);
	return 0;
}

int anchor_from_clock(const struct clock_reading *reading, const uint8_t boot[BOOT_BYTES],
	struct anchor *ret_anchor)
{
	uint64_t took_us = reading->after_us - reading->before_us;

	if (reading->after_us < reading->before_us)
		return -EINVAL;
	*ret_anchor = (struct anchor){
		.mono_us = reading->before_us + took_us / 2,
		.utc_us = reading->utc_us,
		.error_us = reading->error_us + took_us / 2 + 1,
		.source = ANCHOR_NTP,
	};
	memcpy(ret_anchor->boot, boot, BOOT_BYTES);
	return 0;
}
