/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which sequences of one run were received: a set of ranges, pure.
 *
 *     |1 ........ 17|      |19 .. 30|   |44|
 *      ^ first       ^ up_to = 17: what an ACK may say
 *
 * A set that grew too broken forgets its highest ranges: an ACK may be too low (the agent sends
 * those records again), never too high.
 */
#ifndef PANTAU_PROTO_MARKS_H
#define PANTAU_PROTO_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

#define MARKS_RANGES_MAX 16384 /* a month of slots sent in random order breaks into 11,000 */

struct marks_range {
	uint32_t first, last; /* both included */
};

struct marks { /* sorted, disjoint, not touching */
	struct marks_range *ranges;
	uint32_t count, room;
};

void marks_init(struct marks *marks);
void marks_done(struct marks *marks);

/* first and last included, 1 or more. 0; -EINVAL for a range that is none; -ENOMEM: nothing
 * changed. */
int marks_add(struct marks *marks, uint32_t first, uint32_t last);
/* The highest sequence up to which everything from `first` (1 or more) on is in the set; first - 1
 * if `first` is not. */
uint32_t marks_up_to(const struct marks *marks, uint32_t first);
bool marks_contain(const struct marks *marks, uint32_t sequence);
/* How many from `first` to `last`, both included, are not in the set; last = first - 1: none. */
uint32_t marks_missing(const struct marks *marks, uint32_t first, uint32_t last);

/* Appends the set as bytes, for a snapshot. The errors of buf_append(). */
int marks_encode(const struct marks *marks, struct buf *out);
/* Reads a set from the beginning of the bytes into an initialised, empty one; *ret_taken says how
 * many bytes it took. -EBADMSG for bytes that are no set, -ENOMEM. */
int marks_decode(const void *bytes, size_t length, struct marks *ret_marks, size_t *ret_taken);

#endif
