/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames in a stream of bytes: a 4-byte big-endian length, then that many bytes (1 to FRAME_MAX).
 * Hand in what arrived, ask for the next frame until all of it was taken:
 *
 *     input   | ...rest of 7 | frame 8 | frame 9 | first bytes of 10 |
 *               joined with    handed out in       kept in the reader
 *               what was kept  place, no copy
 *
 * At most one frame and its header are kept, and nothing while no frame is begun.
 */
#ifndef PANTAU_PROTO_FRAME_H
#define PANTAU_PROTO_FRAME_H

#include <stdbool.h>

#include "common/buf.h"

#define FRAME_HEADER 4

struct frame_input { /* bytes of the stream, borrowed; frame_next() moves both on */
	const uint8_t *bytes;
	size_t length;
};

struct frame_reader {
	struct buf kept; /* of a frame that has not arrived whole */
	bool handed_out; /* `kept` is the frame handed out last */
};

void frame_reader_init(struct frame_reader *reader);
void frame_reader_done(struct frame_reader *reader);
/* 1 and a payload, borrowed until the next call on this reader and from the input's bytes; 0 when
 * all of the input was taken; -EMSGSIZE for a length of 0 or over FRAME_MAX: then the stream
 * cannot be trusted any more; -ENOMEM. */
int frame_next(struct frame_reader *reader, struct frame_input *input, const uint8_t **ret_payload,
	size_t *ret_length);

/* Writes the FRAME_HEADER bytes that stand before a payload of this length. */
void frame_put_header(uint8_t *header, size_t length);

#endif
