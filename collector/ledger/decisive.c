/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/decisive.h"

#include <string.h>

struct good_run {
	int64_t from, to;
	size_t after; /* the first segment behind it */
};

/* The next run of good seconds, from the segment on. False: there is none. */
static bool next_good(const struct base *base, size_t at, struct good_run *ret_run)
{
	while (at < base->count && base->segments[at].kind != BASE_GOOD)
		at++;
	if (at == base->count)
		return false;
	ret_run->from = base->segments[at].from;
	while (at < base->count && base->segments[at].kind == BASE_GOOD)
		at++;
	ret_run->to = base->segments[at - 1].to;
	ret_run->after = at;
	return true;
}

/* Does the run's part within the limits last at least W? */
static bool decides(int64_t from, int64_t to, uint32_t window_s)
{
	return from < to && (uint64_t)to - (uint64_t)from >= window_s;
}

/* The last such second before what is asked from which on everything is decided. */
static bool find_before(const struct decisive *decisive, const struct base *base, int64_t *ret_cut)
{
	struct good_run run;
	bool found = false;

	for (size_t at = 0; next_good(base, at, &run) && run.from < decisive->asked.from;
		at = run.after) {
		int64_t from = run.from > decisive->sound.from ? run.from : decisive->sound.from;
		int64_t to = run.to < decisive->asked.from ? run.to : decisive->asked.from;
		if (!decides(from, to, decisive->window_s))
			continue;
		*ret_cut = to - decisive->window_s;
		found = true;
	}
	return found;
}

/* The first second after it at which it is up and decided. */
static bool find_after(const struct decisive *decisive, const struct base *base, int64_t *ret_cut)
{
	struct good_run run;

	for (size_t at = 0; next_good(base, at, &run); at = run.after) {
		int64_t from = run.from > decisive->asked.to ? run.from : decisive->asked.to;
		int64_t to = run.to < decisive->sound.to ? run.to : decisive->sound.to;
		if (!decides(from, to, decisive->window_s))
			continue;
		*ret_cut = from + decisive->window_s;
		return true;
	}
	return false;
}

/* The base from the second on. */
static void cut_before(struct base *base, int64_t second)
{
	size_t first = 0;

	while (first + 1 < base->count && base->segments[first].to <= second)
		first++;
	base->count -= first;
	memmove(base->segments, base->segments + first, base->count * sizeof(*base->segments));
	if (base->segments[0].from < second)
		base->segments[0].from = second;
}

/* Good without end from the second on, up to which a run of good reaches. */
static void cut_after(struct base *base, int64_t second)
{
	struct base_segment *last = &base->segments[base->count - 1];

	while (last > base->segments && last->from >= second)
		last--;
	if (last->bridged) { /* a bridge has two ends */
		last->to = last->to < second ? last->to : second;
		last++;
		*last = (struct base_segment){
			last[-1].to, SPAN_FOREVER, BASE_GOOD, BASE_NO_CAUSE, false};
	}
	last->to = SPAN_FOREVER;
	base->count = (size_t)(last - base->segments) + 1;
}

bool decisive_cut(struct decisive *decisive, struct base *base)
{
	struct span cut = {INT64_MIN, SPAN_FOREVER};
	bool before = find_before(decisive, base, &cut.from);
	bool after = find_after(decisive, base, &cut.to);

	decisive->short_before = !before && decisive->sound.from != INT64_MIN;
	decisive->short_after = !after && decisive->sound.to != SPAN_FOREVER;
	if (decisive->short_before || decisive->short_after)
		return false;
	if (after)
		cut_after(base, cut.to);
	if (before)
		cut_before(base, cut.from);
	decisive->right = cut;
	return true;
}
