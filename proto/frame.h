/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames in a stream of bytes: a 4-byte big-endian length, then that many bytes (1 to FRAME_MAX).
 * Feed what arrived, ask for the next frame until there is none.
 */
#ifndef PANTAU_PROTO_FRAME_H
#define PANTAU_PROTO_FRAME_H

#include "common/buf.h"

#define FRAME_HEADER 4

struct frame_reader {
	struct buf bytes;
	size_t taken; /* of the frame handed out last, consumed at the next call */
};

void frame_reader_init(struct frame_reader *reader);
void frame_reader_done(struct frame_reader *reader);
/* Copies. -ENOBUFS, -ENOMEM. */
int frame_feed(struct frame_reader *reader, const void *bytes, size_t length);
/* 1 and a payload borrowed until the next call on this reader; 0 not whole yet; -EMSGSIZE for a length
 * of 0 or over FRAME_MAX: then the stream cannot be trusted any more. */
int frame_next(struct frame_reader *reader, const uint8_t **ret_payload, size_t *ret_length);

#endif
