/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/marks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/pack.h"

#define COUNT_BYTES 4
#define RANGE_BYTES 8

void marks_init(struct marks *marks)
{
	*marks = (struct marks){.ranges = NULL};
}

void marks_done(struct marks *marks)
{
	if (!marks)
		return;
	free(marks->ranges);
	marks_init(marks);
}

/* The first range whose end is at or beyond `sequence`; count if there is none. */
static uint32_t find(const struct marks *marks, uint32_t sequence)
{
	uint32_t low = 0, high = marks->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (marks->ranges[middle].last < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct marks *marks)
{
	uint32_t room = marks->room ? 2 * marks->room : 1;
	struct marks_range *ranges;

	if (marks->count < marks->room)
		return 0;
	ranges = realloc(marks->ranges, room * sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	marks->ranges = ranges;
	marks->room = room;
	return 0;
}

static int insert(struct marks *marks, uint32_t at, struct marks_range range)
{
	int failed;

	if (marks->count == MARKS_RANGES_MAX) {
		if (at == marks->count)
			return 0; /* it would be the highest: forgotten at once */
		marks->count--;
	}
	failed = make_room(marks);
	if (failed)
		return failed;
	memmove(&marks->ranges[at + 1], &marks->ranges[at], (marks->count - at) * sizeof(range));
	marks->ranges[at] = range;
	marks->count++;
	return 0;
}

int marks_add(struct marks *marks, uint32_t first, uint32_t last)
{
	struct marks_range range = {.first = first, .last = last};
	uint32_t from, to; /* the ranges that it overlaps or touches */

	if (first == 0 || last < first)
		return -EINVAL;
	from = find(marks, first - 1);
	for (to = from; to < marks->count && marks->ranges[to].first - 1 <= last; to++)
		;
	if (from == to)
		return insert(marks, from, range);
	if (marks->ranges[from].first < first)
		range.first = marks->ranges[from].first;
	if (marks->ranges[to - 1].last > last)
		range.last = marks->ranges[to - 1].last;
	marks->ranges[from] = range;
	memmove(&marks->ranges[from + 1], &marks->ranges[to], (marks->count - to) * sizeof(range));
	marks->count -= to - from - 1;
	return 0;
}

bool marks_contain(const struct marks *marks, uint32_t sequence)
{
	uint32_t at = find(marks, sequence);

	return at < marks->count && marks->ranges[at].first <= sequence;
}

uint32_t marks_up_to(const struct marks *marks, uint32_t first)
{
	return marks_contain(marks, first) ? marks->ranges[find(marks, first)].last : first - 1;
}

uint32_t marks_missing(const struct marks *marks, uint32_t first, uint32_t last)
{
	uint32_t missing = last - first + 1;

	for (uint32_t i = find(marks, first); i < marks->count; i++) {
		const struct marks_range *range = &marks->ranges[i];
		uint32_t from = range->first > first ? range->first : first;
		uint32_t to = range->last < last ? range->last : last;

		if (range->first > last)
			break;
		if (from <= to)
			missing -= to - from + 1;
	}
	return missing;
}

int marks_encode(const struct marks *marks, struct buf *out)
{
	size_t size = COUNT_BYTES + (size_t)marks->count * RANGE_BYTES;
	struct pack pack;
	uint8_t *room;
	uint32_t i;
	int failed = buf_reserve(out, size, &room);

	if (failed)
		return failed;
	pack_init(&pack, room, size);
	pack_u32(&pack, marks->count);
	for (i = 0; i < marks->count; i++) {
		pack_u32(&pack, marks->ranges[i].first);
		pack_u32(&pack, marks->ranges[i].last);
	}
	buf_commit(out, size);
	return 0;
}

static int read_ranges(struct unpack *unpack, struct marks *marks, uint32_t count)
{
	uint64_t lowest = 1; /* that the next range may begin with */
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct marks_range range = {.first = unpack_u32(unpack)};

		range.last = unpack_u32(unpack);
		if (range.first < lowest || range.last < range.first)
			return -EBADMSG;
		marks->ranges[i] = range;
		lowest = (uint64_t)range.last + 2;
	}
	marks->count = count;
	return 0;
}

int marks_decode(const void *bytes, size_t length, struct marks *ret_marks, size_t *ret_taken)
{
	struct marks marks;
	struct unpack unpack;
	uint32_t count;
	int failed;

	marks_init(&marks);
	unpack_init(&unpack, bytes, length);
	count = unpack_u32(&unpack);
	if (unpack.failed || count > MARKS_RANGES_MAX || count > (length - unpack.at) / RANGE_BYTES)
		return -EBADMSG;
	if (count > 0) {
		marks.ranges = malloc(count * sizeof(*marks.ranges));
		if (!marks.ranges)
			return -ENOMEM;
		marks.room = count;
	}
	failed = read_ranges(&unpack, &marks, count);
	if (failed) {
		marks_done(&marks);
		return failed;
	}
	*ret_marks = marks;
	*ret_taken = unpack.at;
	return 0;
}
