/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for one message, given back at once: an ordinary record fits the first piece, which lies
 * within the struct (on the stack), a full one takes a few pieces more, a hostile one meets the
 * budget. Of the codec's own files only.
 */
#ifndef PANTAU_PROTO_CODEC_ARENA_H
#define PANTAU_PROTO_CODEC_ARENA_H

#include <stdbool.h>
#include <stdint.h>
#include <protobuf-c/protobuf-c.h>

#define ARENA_FIRST_BYTES \
	4096 /* a slot of a dozen probes, as protobuf-c lays it out, takes 2 KiB */

struct arena_piece;

struct arena {
	ProtobufCAllocator allocator; /* for protobuf-c; its `free` does nothing */
	size_t taken, budget; /* bytes of all pieces, used or not */
	uint8_t *at, *end; /* what is free in the newest piece */
	struct arena_piece *pieces; /* all but the first */
	bool exhausted; /* the budget was met */
	bool no_memory; /* malloc failed */
	_Alignas(max_align_t) uint8_t first[ARENA_FIRST_BYTES];
};

void arena_init(struct arena *arena, size_t budget);
void arena_done(struct arena *arena);
/* Aligned for any type, not zeroed; NULL when the budget or the memory is used up. */
void *arena_take(struct arena *arena, size_t size);

#endif
