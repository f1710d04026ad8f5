/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/strip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A segment in bytes: the distance from the end of the one before, its length (both of seven bits
 * a byte, the lowest first, the eighth set where more follow) and one byte:
 *
 *	bits 0-3 cause   bits 4-5 kind   bit 6 bridged
 */
#define KIND_SHIFT 4
#define BRIDGED_BIT 0x40
#define CAUSE_MASK 0x0f
#define SEGMENT_MAX_BYTES 21 /* ten for each number */

_Static_assert(UNKNOWN_CAUSE_COUNT <= CAUSE_MASK && DOWN_CAUSE_COUNT <= CAUSE_MASK,
	"a cause fits four bits, and one is left for none");

void strip_done(struct strip *strip)
{
	free(strip->items);
	*strip = (struct strip){0};
}

static bool is_plain(const struct base_segment *segment)
{
	return segment->kind == BASE_GOOD && !segment->bridged;
}

static int append(struct strip *strip, struct base_segment segment)
{
	struct base_segment *last = strip->count ? &strip->items[strip->count - 1] : NULL;

	if (segment.from >= segment.to)
		return 0;
	if (last && last->to == segment.from && last->kind == segment.kind &&
		last->cause == segment.cause && last->bridged == segment.bridged) {
		last->to = segment.to;
		return 0;
	}
	if (strip->count == strip->room) {
		size_t room = strip->room ? strip->room * 2 : 32;
		struct base_segment *items = realloc(strip->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		strip->items = items;
		strip->room = room;
	}
	strip->items[strip->count++] = segment;
	return 0;
}

int strip_add(struct strip *strip, const struct base_segment *segments, size_t count,
	const struct span *within)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < count; i++) {
		struct base_segment segment = segments[i];
		if (segment.to <= within->from || is_plain(&segment))
			continue;
		if (segment.from >= within->to)
			break;
		if (segment.from < within->from)
			segment.from = within->from;
		if (segment.to > within->to)
			segment.to = within->to;
		failed = append(strip, segment);
	}
	return failed;
}

int strip_replace(struct strip *strip, const struct base_segment *segments, size_t count,
	const struct span *within)
{
	const struct span before = {INT64_MIN, within->from}, after = {within->to, INT64_MAX};
	struct strip fresh = {0};
	int failed = strip_add(&fresh, strip->items, strip->count, &before);

	if (!failed)
		failed = strip_add(&fresh, segments, count, within);
	if (!failed)
		failed = strip_add(&fresh, strip->items, strip->count, &after);
	if (failed) {
		strip_done(&fresh);
		return failed;
	}
	strip_done(strip);
	*strip = fresh;
	return 0;
}

/* ---- bytes */

static size_t put_number(uint8_t *bytes, uint64_t value)
{
	size_t length = 0;

	while (value >= 0x80) {
		bytes[length++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	bytes[length++] = (uint8_t)value;
	return length;
}

/* 0: the bytes end before the number does. */
static size_t get_number(const uint8_t *bytes, size_t length, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (size_t i = 0; i < length && i < 9; i++) {
		value |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
		if (!(bytes[i] & 0x80)) {
			*ret_value = value;
			return i + 1;
		}
	}
	return 0;
}

int strip_encode(const struct strip *strip, int64_t origin_s, struct buf *out)
{
	uint8_t bytes[SEGMENT_MAX_BYTES];
	int64_t at = origin_s;
	int failed = 0;

	for (size_t i = 0; !failed && i < strip->count; i++) {
		const struct base_segment *segment = &strip->items[i];
		size_t length = put_number(bytes, (uint64_t)(segment->from - at));
		length += put_number(bytes + length, (uint64_t)(segment->to - segment->from));
		bytes[length++] = (uint8_t)((segment->cause & CAUSE_MASK) |
			segment->kind << KIND_SHIFT | (segment->bridged ? BRIDGED_BIT : 0));
		failed = buf_append(out, bytes, length);
		at = segment->to;
	}
	return failed;
}

static size_t read_segment(
	const uint8_t *bytes, size_t length, int64_t at, struct base_segment *ret_segment)
{
	uint64_t distance, seconds;
	size_t first = get_number(bytes, length, &distance), second;

	if (!first)
		return 0;
	second = get_number(bytes + first, length - first, &seconds);
	if (!second || first + second == length || distance > INT32_MAX || seconds > INT32_MAX)
		return 0;
	uint8_t packed = bytes[first + second];
	ret_segment->from = at + (int64_t)distance;
	ret_segment->to = ret_segment->from + (int64_t)seconds;
	ret_segment->kind = (enum base_kind)(packed >> KIND_SHIFT & 3);
	ret_segment->cause = packed & CAUSE_MASK;
	ret_segment->bridged = packed & BRIDGED_BIT;
	return first + second + 1;
}

int strip_decode(struct strip *strip, int64_t origin_s, const uint8_t *bytes, size_t length)
{
	int64_t at = origin_s;
	int failed = 0;

	if (strip->count && strip->items[strip->count - 1].to > origin_s)
		return -EBADMSG;
	for (size_t used = 0; !failed && used < length;) {
		struct base_segment segment;
		size_t step = read_segment(bytes + used, length - used, at, &segment);
		if (!step || segment.kind > BASE_UNKNOWN || segment.cause >= UNKNOWN_CAUSE_COUNT)
			return -EBADMSG;
		failed = append(strip, segment);
		at = segment.to;
		used += step;
	}
	return failed;
}

/* ---- back to a base */

int strip_base(const struct strip *strip, const struct span *within, struct base_segment last,
	struct base *ret_base)
{
	struct base base = {0};
	int64_t at = within->from;

	/* good, then its own, each time; at the end good and the last one; and one to spare */
	base.room = strip->count * 2 + 3;
	base.segments = calloc(base.room, sizeof(*base.segments));
	if (!base.segments)
		return -ENOMEM;
	for (size_t i = 0; i < strip->count && strip->items[i].from < within->to; i++) {
		struct base_segment segment = strip->items[i];
		if (segment.to <= at)
			continue;
		if (segment.from < at)
			segment.from = at;
		if (segment.to > within->to)
			segment.to = within->to;
		if (segment.from > at)
			base.segments[base.count++] = (struct base_segment){
				at, segment.from, BASE_GOOD, BASE_NO_CAUSE, false};
		base.segments[base.count++] = segment;
		at = segment.to;
	}
	if (at < within->to)
		base.segments[base.count++] = (struct base_segment){
			at, within->to, BASE_GOOD, BASE_NO_CAUSE, false};
	last.from = within->to;
	last.to = SPAN_FOREVER;
	struct base_segment *end = base.count ? &base.segments[base.count - 1] : NULL;
	if (end && end->kind == last.kind && end->cause == last.cause &&
		end->bridged == last.bridged)
		end->to = last.to;
	else
		base.segments[base.count++] = last;
	*ret_base = base;
	return 0;
}
