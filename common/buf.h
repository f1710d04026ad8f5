/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte queue in one allocation, that grows up to a limit and never beyond it.
 *
 *        0      start            end       cap      limit
 *        | free |  bytes to read  |  free   |........|
 *                ^ consume         ^ append
 */
#ifndef PANTAU_COMMON_BUF_H
#define PANTAU_COMMON_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *bytes;
	size_t start, end, cap;
	size_t limit; /* most bytes that may wait at once */
};

void buf_init(struct buf *buf, size_t limit);
void buf_done(struct buf *buf); /* frees the bytes; the buffer can be used again */

size_t buf_length(const struct buf *buf);
const uint8_t *buf_peek(const struct buf *buf);
void buf_consume(struct buf *buf, size_t length);
/* Forgets all bytes; keeps the allocation. */
void buf_clear(struct buf *buf);
/* Gives the allocation back when nothing waits. */
void buf_release(struct buf *buf);

/* Copies. -ENOBUFS beyond the limit, -ENOMEM; then nothing was appended. */
int buf_append(struct buf *buf, const void *bytes, size_t length);
/* Room for `length` more bytes, to be filled in place and then committed. Same errors. */
int buf_reserve(struct buf *buf, size_t length, uint8_t **ret_room);
void buf_commit(struct buf *buf, size_t length);

#endif
