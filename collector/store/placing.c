/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/placing.h"

#define US_PER_S 1000000LL

static int64_t floor_s(int64_t us)
{
	return us >= 0 ? us / US_PER_S : -((-us + US_PER_S - 1) / US_PER_S);
}

static void widen(struct span *hull, int64_t second)
{
	if (second < hull->from)
		hull->from = second;
	if (second > hull->to)
		hull->to = second;
}

/* The first anchor after the moment, but the very first one. */
static size_t first_after(struct placing placing, uint64_t mono_us)
{
	size_t low = 1, high = placing.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (placing.items[middle].mono_us <= mono_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct span placing_hull(struct placing placing, struct mono_span stretch)
{
	int64_t first = place_s(placing.items, placing.count, stretch.from_us);
	struct span hull = {first, first};

	widen(&hull, place_s(placing.items, placing.count, stretch.to_us));
	/* where one anchor hands over to the next, both say where that is */
	for (size_t i = first_after(placing, stretch.from_us); i < placing.count; i++) {
		const struct place_anchor *now = &placing.items[i], *before = now - 1;
		if (now->mono_us > stretch.to_us)
			break;
		widen(&hull, floor_s(now->utc_us));
		widen(&hull, floor_s(before->utc_us + (int64_t)(now->mono_us - before->mono_us)));
	}
	return hull;
}

/* A bound of a span as microseconds; what is no bound stays one far away. */
static int64_t bound_us(int64_t second)
{
	if (second < -(INT64_MAX / US_PER_S / 4))
		return INT64_MIN / 4;
	if (second > INT64_MAX / US_PER_S / 4)
		return INT64_MAX / 4;
	return second * US_PER_S;
}

bool placing_back(struct placing placing, const struct span *span, struct mono_span *ret_stretch)
{
	struct mono_span stretch = {UINT64_MAX, 0};

	for (size_t i = 0; i < placing.count; i++) {
		const struct place_anchor *anchor = &placing.items[i];
		int64_t off_us = anchor->utc_us - (int64_t)anchor->mono_us;
		int64_t from_us = i ? (int64_t)anchor->mono_us : 0;
		int64_t to_us = i + 1 < placing.count ? (int64_t)placing.items[i + 1].mono_us
						      : INT64_MAX / 4;
		if (bound_us(span->from) - off_us > from_us)
			from_us = bound_us(span->from) - off_us;
		if (bound_us(span->to) - off_us < to_us)
			to_us = bound_us(span->to) - off_us;
		if (from_us >= to_us)
			continue;
		if ((uint64_t)from_us < stretch.from_us)
			stretch.from_us = (uint64_t)from_us;
		if ((uint64_t)to_us > stretch.to_us)
			stretch.to_us = (uint64_t)to_us;
	}
	if (stretch.from_us >= stretch.to_us)
		return false;
	*ret_stretch = stretch;
	return true;
}
