/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of whole seconds as sorted, disjoint, non-empty, non-touching half-open intervals, and the
 * arithmetic on them. Months, exclusions and states are clipped with these.
 */
#ifndef PANTAU_LEDGER_SPAN_H
#define PANTAU_LEDGER_SPAN_H

#include <stddef.h>
#include <stdint.h>

#define SPAN_FOREVER INT64_MAX /* `to` of what has no end */

struct span {
	int64_t from, to; /* UTC seconds, [from, to) */
};

struct spans {
	struct span *items;
	size_t count, room;
};

void spans_done(struct spans *spans); /* frees; empty again */
/* Adds an interval anywhere; an empty one changes nothing. 0 or -ENOMEM. */
int spans_add(struct spans *spans, int64_t from, int64_t to);
/* ret must be empty. 0 or -ENOMEM. */
int spans_intersect(const struct spans *a, const struct spans *b, struct spans *ret);
int spans_subtract(const struct spans *a, const struct spans *b, struct spans *ret);
int spans_union(const struct spans *a, const struct spans *b, struct spans *ret);
int64_t spans_total(const struct spans *spans); /* seconds */
/* Seconds of [from, to) that lie in the set. */
int64_t spans_within(const struct spans *spans, int64_t from, int64_t to);

#endif
