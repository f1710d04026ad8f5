/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/place.h"

#include <stdbool.h>
#include <stdlib.h>

#define US_PER_S 1000000

static int by_moment(const void *left, const void *right)
{
	const struct place_anchor *a = left, *b = right;
	if (a->mono_us != b->mono_us)
		return a->mono_us < b->mono_us ? -1 : 1;
	if (a->error_us != b->error_us)
		return a->error_us < b->error_us ? -1 : 1;
	return (a->utc_us > b->utc_us) - (a->utc_us < b->utc_us);
}

/* An anchor places nothing when it is off by more than what may be placed, and says nothing new
 * when its predecessor, drift included, knows better. */
static bool usable(const struct place_anchor *anchor, const struct place_anchor *before)
{
	if (anchor->error_us > PLACE_ERROR_MAX_US)
		return false;
	if (!before)
		return true;
	uint64_t drift_us = (anchor->mono_us - before->mono_us) / (US_PER_S / PLACE_DRIFT_PPM);
	return anchor->error_us <= before->error_us + drift_us;
}

size_t place_choose(struct place_anchor *anchors, size_t count)
{
	size_t kept = 0;
	if (count)
		qsort(anchors, count, sizeof(*anchors), by_moment);
	for (size_t i = 0; i < count; i++) {
		if (usable(&anchors[i], kept ? &anchors[kept - 1] : NULL))
			anchors[kept++] = anchors[i];
	}
	return kept;
}

int64_t place_us(const struct place_anchor *anchors, size_t count, uint64_t mono_us)
{
	size_t low = 0, high = count; /* the first anchor after the moment */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (anchors[middle].mono_us <= mono_us)
			low = middle + 1;
		else
			high = middle;
	}
	const struct place_anchor *anchor = &anchors[low ? low - 1 : 0];
	return anchor->utc_us + ((int64_t)mono_us - (int64_t)anchor->mono_us);
}

int64_t place_s(const struct place_anchor *anchors, size_t count, uint64_t mono_us)
{
	int64_t us = place_us(anchors, count, mono_us);
	int64_t second = us / US_PER_S;
	return us % US_PER_S < 0 ? second - 1 : second;
}
