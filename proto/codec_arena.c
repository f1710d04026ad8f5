/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_arena.h"

#include <stddef.h>
#include <stdlib.h>

#define ALIGNMENT _Alignof(max_align_t)
#define PIECE_BYTES (32 * 1024) /* a full slot takes two */

struct arena_piece {
	struct arena_piece *next;
	_Alignas(max_align_t) uint8_t bytes[];
};

static void *allocate(void *arg, size_t size)
{
	return arena_take(arg, size);
}

static void keep(void *arg, void *bytes)
{
	(void)arg;
	(void)bytes; /* all goes at once in arena_done() */
}

void arena_init(struct arena *arena, size_t budget)
{
	arena->allocator = (ProtobufCAllocator){
		.alloc = allocate, .free = keep, .allocator_data = arena};
	arena->taken = sizeof(arena->first);
	arena->budget = budget;
	arena->at = arena->first;
	arena->end = arena->first + sizeof(arena->first);
	arena->pieces = NULL;
	arena->exhausted = false;
	arena->no_memory = false;
}

void arena_done(struct arena *arena)
{
	while (arena->pieces) {
		struct arena_piece *next = arena->pieces->next;

		free(arena->pieces);
		arena->pieces = next;
	}
}

/* What a piece has to spare is taken too: the budget is of what is held. */
static bool add_piece(struct arena *arena, size_t size)
{
	size_t left = arena->budget - arena->taken, room = size > PIECE_BYTES ? size : PIECE_BYTES;
	struct arena_piece *piece;

	if (size + sizeof(*piece) > left) {
		arena->exhausted = true;
		return false;
	}
	if (room + sizeof(*piece) > left)
		room = left - sizeof(*piece);
	piece = malloc(sizeof(*piece) + room);
	if (!piece) {
		arena->no_memory = true;
		return false;
	}
	piece->next = arena->pieces;
	arena->pieces = piece;
	arena->at = piece->bytes;
	arena->end = piece->bytes + room;
	arena->taken += sizeof(*piece) + room;
	return true;
}

void *arena_take(struct arena *arena, size_t size)
{
	void *taken;

	if (size > arena->budget) {
		arena->exhausted = true;
		return NULL;
	}
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (size > (size_t)(arena->end - arena->at) && !add_piece(arena, size))
		return NULL;
	taken = arena->at;
	arena->at += size;
	return taken;
}
