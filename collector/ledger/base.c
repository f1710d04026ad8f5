/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/base.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/ledger/span.h"

/* Between a good and a bad slot a hole this short belongs to the earlier: rounding of clocks. */
#define BRIDGE_MIXED_S 2

static int append(struct base *base, struct base_segment segment)
{
	struct base_segment *last = base->count ? &base->segments[base->count - 1] : NULL;
	if (segment.from >= segment.to)
		return 0;
	if (last && last->kind == segment.kind && last->cause == segment.cause &&
		last->bridged == segment.bridged) {
		last->to = segment.to;
		return 0;
	}
	if (base->count == base->room) {
		size_t room = base->room ? base->room * 2 : 64;
		struct base_segment *segments = realloc(base->segments, room * sizeof(*segments));
		if (!segments)
			return -ENOMEM;
		base->segments = segments;
		base->room = room;
	}
	base->segments[base->count++] = segment;
	return 0;
}

static struct base_segment judge(const struct line_slot *slot, const struct terms *terms)
{
	struct base_segment segment = {slot->from, slot->to, BASE_UNKNOWN, UNKNOWN_AGENT, false};
	if (slot->disputed) {
		segment.cause = UNKNOWN_DISPUTED;
	} else if (slot->made && slot->made * 2 >= slot->due) {
		uint64_t lost_ppm = (uint64_t)slot->lost * TERMS_PPM;
		if (lost_ppm <= (uint64_t)slot->made * terms->loss_threshold_ppm) {
			segment.kind = BASE_GOOD;
			segment.cause = BASE_NO_CAUSE;
		} else if (terms->uncharged >> slot->cause & 1) {
			segment.cause = UNKNOWN_LOCAL;
		} else {
			segment.kind = BASE_BAD;
			segment.cause = slot->cause;
		}
	}
	return segment;
}

/* Fills [from, to), which no slot covers, with what the holes say; *at walks along them. */
static int append_hole(
	struct base *base, const struct line *line, size_t *at, int64_t from, int64_t to)
{
	int failed = 0;
	while (*at < line->hole_count && line->holes[*at].to <= from)
		(*at)++;
	for (size_t i = *at; !failed && i < line->hole_count && line->holes[i].from < to; i++) {
		const struct line_hole *hole = &line->holes[i];
		int64_t begin = hole->from > from ? hole->from : from;
		int64_t end = hole->to < to ? hole->to : to;
		failed = append(base,
			(struct base_segment){from, begin, BASE_UNKNOWN, UNKNOWN_SILENT, false});
		if (!failed)
			failed = append(base,
				(struct base_segment){
					begin, end, BASE_UNKNOWN, hole->cause, false});
		from = end;
	}
	if (failed)
		return failed;
	return append(base, (struct base_segment){from, to, BASE_UNKNOWN, UNKNOWN_SILENT, false});
}

static int lay_out(
	struct base *base, const struct line *line, const struct terms *terms, int64_t begins)
{
	size_t hole = 0;
	int64_t at = begins;
	for (size_t i = 0; i < line->slot_count; i++) {
		int failed = append_hole(base, line, &hole, at, line->slots[i].from);
		if (!failed)
			failed = append(base, judge(&line->slots[i], terms));
		if (failed)
			return failed;
		at = line->slots[i].to;
	}
	return append_hole(base, line, &hole, at, SPAN_FOREVER);
}

/* What a hole between two known segments counts as; BASE_UNKNOWN leaves it open. */
static enum base_kind bridged_kind(const struct base_segment *before,
	const struct base_segment *after, const struct terms *terms)
{
	int64_t length = after->from - before->to;
	if (length > terms->bridge_s)
		return BASE_UNKNOWN;
	if (before->kind == after->kind || length <= BRIDGE_MIXED_S)
		return before->kind;
	return BASE_UNKNOWN;
}

static void bridge(struct base *base, const struct terms *terms)
{
	size_t known = SIZE_MAX; /* the last known segment */
	for (size_t i = 0; i < base->count; i++) {
		if (base->segments[i].kind == BASE_UNKNOWN)
			continue;
		if (known != SIZE_MAX && known + 1 < i) {
			enum base_kind kind = bridged_kind(
				&base->segments[known], &base->segments[i], terms);
			for (size_t k = known + 1; kind != BASE_UNKNOWN && k < i; k++) {
				base->segments[k].kind = kind;
				base->segments[k].bridged = true;
			}
		}
		known = i;
	}
}

int base_build(
	const struct line *line, const struct terms *terms, int64_t begins, struct base *ret_base)
{
	struct base base = {0};
	int failed = lay_out(&base, line, terms, begins);
	if (failed) {
		base_done(&base);
		return failed;
	}
	bridge(&base, terms);
	*ret_base = base;
	return 0;
}

int base_reserve(struct base *base, size_t count)
{
	size_t room = base->count + count;
	struct base_segment *segments;
	if (room <= base->room)
		return 0;
	segments = realloc(base->segments, room * sizeof(*segments));
	if (!segments)
		return -ENOMEM;
	base->segments = segments;
	base->room = room;
	return 0;
}

void base_done(struct base *base)
{
	free(base->segments);
	*base = (struct base){0};
}
