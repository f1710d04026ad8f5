/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The newest events in memory, so that a hundred pages cost one read of the ledger. Pure.
 *
 *        floor                              head
 *          |  (floor, 12]  (12, 15]  (17, 20] |       ids 16 and 17 held nothing for the page
 *          older: ask the ledger
 */
#ifndef PANTAU_WEB_RING_H
#define PANTAU_WEB_RING_H

#include <stddef.h>
#include <stdint.h>

#include "web/limits.h"

struct ring_entry {
	int64_t last; /* id */
	char *text;
	size_t length;
};

struct ring {
	int64_t floor, head; /* ids: what lies in (floor, head] is here */
	struct ring_entry entries[EVENTS_RING];
	size_t first, count, bytes;
};

/* Empty, with floor and head at `id`. */
void ring_reset(struct ring *ring, int64_t id);
void ring_done(struct ring *ring);
/* What lies in (head, last]: copies the text (length 0: none). The oldest make room. -ENOMEM. */
int ring_push(struct ring *ring, int64_t last, const void *text, size_t length);
/* The first entry after the id, which is not below the floor. NULL: there is none. Borrowed until
 * the ring changes. */
const struct ring_entry *ring_after(const struct ring *ring, int64_t id);

#endif
