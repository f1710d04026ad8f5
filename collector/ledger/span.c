/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/span.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void spans_done(struct spans *spans)
{
	free(spans->items);
	*spans = (struct spans){0};
}

static int make_room(struct spans *spans, size_t count)
{
	if (count <= spans->room)
		return 0;
	size_t room = spans->room ? spans->room * 2 : 8;
	if (room < count)
		room = count;
	struct span *items = realloc(spans->items, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	spans->items = items;
	spans->room = room;
	return 0;
}

/* The first interval that ends at or after the second: where something at it would touch. */
static size_t first_touching(const struct spans *spans, int64_t second)
{
	size_t low = 0, high = spans->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (spans->items[middle].to < second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int spans_add(struct spans *spans, int64_t from, int64_t to)
{
	if (from >= to)
		return 0;
	size_t first = first_touching(spans, from), after = first;
	while (after < spans->count && spans->items[after].from <= to) {
		if (spans->items[after].from < from)
			from = spans->items[after].from;
		if (spans->items[after].to > to)
			to = spans->items[after].to;
		after++;
	}
	if (after == first) {
		int failed = make_room(spans, spans->count + 1);
		if (failed)
			return failed;
		memmove(spans->items + first + 1, spans->items + first,
			(spans->count - first) * sizeof(*spans->items));
		spans->count++;
	} else {
		memmove(spans->items + first + 1, spans->items + after,
			(spans->count - after) * sizeof(*spans->items));
		spans->count -= after - first - 1;
	}
	spans->items[first] = (struct span){from, to};
	return 0;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int spans_intersect(const struct spans *a, const struct spans *b, struct spans *ret)
{
	size_t i = 0, j = 0;
	while (i < a->count && j < b->count) {
		int64_t from = larger(a->items[i].from, b->items[j].from);
		int64_t to = smaller(a->items[i].to, b->items[j].to);
		int failed = spans_add(ret, from, to);
		if (failed)
			return failed;
		if (a->items[i].to < b->items[j].to)
			i++;
		else
			j++;
	}
	return 0;
}

int spans_subtract(const struct spans *a, const struct spans *b, struct spans *ret)
{
	size_t j = 0;
	for (size_t i = 0; i < a->count; i++) {
		int64_t at = a->items[i].from, to = a->items[i].to;
		while (j < b->count && b->items[j].to <= at)
			j++;
		for (size_t k = j; k < b->count && b->items[k].from < to; k++) {
			int failed = spans_add(ret, at, b->items[k].from);
			if (failed)
				return failed;
			at = larger(at, b->items[k].to);
		}
		int failed = spans_add(ret, at, to);
		if (failed)
			return failed;
	}
	return 0;
}

int spans_union(const struct spans *a, const struct spans *b, struct spans *ret)
{
	const struct spans *both[] = {a, b};
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < both[k]->count; i++) {
			int failed = spans_add(ret, both[k]->items[i].from, both[k]->items[i].to);
			if (failed)
				return failed;
		}
	}
	return 0;
}

int64_t spans_total(const struct spans *spans)
{
	int64_t total = 0;
	for (size_t i = 0; i < spans->count; i++)
		total += spans->items[i].to - spans->items[i].from;
	return total;
}

int64_t spans_within(const struct spans *spans, int64_t from, int64_t to)
{
	int64_t total = 0;
	for (size_t i = first_touching(spans, from); i < spans->count; i++) {
		if (spans->items[i].from >= to)
			break;
		int64_t begin = larger(spans->items[i].from, from);
		int64_t end = smaller(spans->items[i].to, to);
		if (begin < end)
			total += end - begin;
	}
	return total;
}
