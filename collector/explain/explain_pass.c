/* SPDX-License-Identifier: Apache-2.0 */
/* The window as one pass sees it: which run holds a second, and which run decided its state. */
#include "collector/explain/explain_private.h"

static bool is_bad(const struct base_segment *segment, bool unknown_is_bad)
{
	return segment->kind == BASE_BAD || (segment->kind == BASE_UNKNOWN && unknown_is_bad);
}

size_t base_segment_at(const struct base *base, int64_t second)
{
	size_t low = 0, high = base->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (base->segments[middle].to <= second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct stretch { /* of segments that a pass takes alike, [first, after) */
	size_t first, after;
	bool bad;
};

static struct stretch stretch_at(const struct base *base, size_t i, bool unknown_is_bad)
{
	struct stretch stretch = {i, i + 1, is_bad(&base->segments[i], unknown_is_bad)};

	while (stretch.first > 0 &&
		is_bad(&base->segments[stretch.first - 1], unknown_is_bad) == stretch.bad)
		stretch.first--;
	while (stretch.after < base->count &&
		is_bad(&base->segments[stretch.after], unknown_is_bad) == stretch.bad)
		stretch.after++;
	return stretch;
}

static bool lasts(const struct base *base, const struct stretch *stretch, uint32_t window_s)
{
	uint64_t to = (uint64_t)base->segments[stretch->after - 1].to;

	return to - (uint64_t)base->segments[stretch->first].from >= window_s;
}

struct explain_pass explain_pass_at(
	const struct explain_case *explain, int64_t second, bool unknown_is_bad)
{
	const struct base *base = &explain->base;
	struct stretch stretch = stretch_at(base, base_segment_at(base, second), unknown_is_bad);
	struct explain_pass pass = {
		.bad = stretch.bad,
		.from_s = base->segments[stretch.first].from,
		.to_s = base->segments[stretch.after - 1].to,
	};
	uint32_t window_s = explain->out->terms.window_s;

	while (!lasts(base, &stretch, window_s) && stretch.first > 0)
		stretch = stretch_at(base, stretch.first - 1, unknown_is_bad);
	pass.decided = lasts(base, &stretch, window_s);
	if (!pass.decided)
		return pass; /* UP from the beginning */
	pass.down = stretch.bad;
	pass.decided_from_s = base->segments[stretch.first].from;
	pass.decided_to_s = base->segments[stretch.after - 1].to;
	return pass;
}
