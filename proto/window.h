/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records in flight of one session: sent, and neither acknowledged nor rejected yet. Of the
 * sender only.
 *
 *     | done | done | flying | done | flying |  <- launched
 *       ^ window_pop() hands these out
 */
#ifndef PANTAU_PROTO_WINDOW_H
#define PANTAU_PROTO_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/model.h"

#define WINDOW_RECORDS_MAX 512 /* of 96 bytes to fill UNACKED_MAX_BYTES: a slot takes 200 or more */

struct window_record {
	struct record_key key;
	uint16_t length; /* bytes, at most RECORD_MAX */
	bool done;
};

struct window { /* a ring, in the order of launching */
	struct window_record records[WINDOW_RECORDS_MAX];
	size_t first, count;
	size_t bytes;
};

void window_init(struct window *window);
/* Whether `records` more of together `bytes` may fly. */
bool window_fits(const struct window *window, size_t records, size_t bytes);
/* Fits, as asked before. */
void window_launch(struct window *window, struct record_key key, size_t length);
/* Everything of the run up to here is done. */
void window_ack(struct window *window, uint32_t run, uint32_t up_to);
/* This one is done; false if it was not flying. */
bool window_reject(struct window *window, struct record_key key);
/* The oldest one, if it is done: true, and it is forgotten. */
bool window_pop(struct window *window, struct record_key *ret_key);

#endif
