/* SPDX-License-Identifier: Apache-2.0 */
#include "web/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct ring_entry *entry_at(struct ring *ring, size_t index)
{
	return &ring->entries[(ring->first + index) % EVENTS_RING];
}

static void drop_oldest(struct ring *ring)
{
	struct ring_entry *entry = entry_at(ring, 0);

	ring->floor = entry->last;
	ring->bytes -= entry->length;
	free(entry->text);
	*entry = (struct ring_entry){0};
	ring->first = (ring->first + 1) % EVENTS_RING;
	ring->count--;
}

void ring_reset(struct ring *ring, int64_t id)
{
	while (ring->count > 0)
		drop_oldest(ring);
	ring->floor = ring->head = id;
}

void ring_done(struct ring *ring)
{
	ring_reset(ring, 0);
}

int ring_push(struct ring *ring, int64_t last, const void *text, size_t length)
{
	char *copy;

	if (length == 0) {
		ring->head = last;
		return 0;
	}
	copy = malloc(length);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, length);
	while (ring->count == EVENTS_RING ||
		(ring->count > 0 && ring->bytes + length > EVENTS_RING_BYTES))
		drop_oldest(ring);
	*entry_at(ring, ring->count++) = (struct ring_entry){
		.last = last, .text = copy, .length = length};
	ring->bytes += length;
	ring->head = last;
	return 0;
}

const struct ring_entry *ring_after(const struct ring *ring, int64_t id)
{
	size_t low = 0, high = ring->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ring_entry *entry =
			&ring->entries[(ring->first + middle) % EVENTS_RING];

		if (entry->last > id)
			high = middle;
		else
			low = middle + 1;
	}
	return low < ring->count ? &ring->entries[(ring->first + low) % EVENTS_RING] : NULL;
}
