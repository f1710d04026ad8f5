/* SPDX-License-Identifier: Apache-2.0 */
#include "common/buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUF_CAP_MIN 256 /* bytes of the first allocation: most frames are smaller */

void buf_init(struct buf *buf, size_t limit)
{
	*buf = (struct buf){.limit = limit};
}

void buf_done(struct buf *buf)
{
	if (!buf)
		return;
	free(buf->bytes);
	buf_init(buf, buf->limit);
}

size_t buf_length(const struct buf *buf)
{
	return buf->end - buf->start;
}

const uint8_t *buf_peek(const struct buf *buf)
{
	/* A pointer that may be handed on with length 0 even before the first allocation. */
	return buf->bytes ? buf->bytes + buf->start : (const uint8_t *)"";
}

void buf_consume(struct buf *buf, size_t length)
{
	if (length >= buf_length(buf))
		buf_clear(buf);
	else
		buf->start += length;
}

void buf_clear(struct buf *buf)
{
	buf->start = 0;
	buf->end = 0;
}

void buf_release(struct buf *buf)
{
	if (buf_length(buf) == 0)
		buf_done(buf);
}

static void move_to_front(struct buf *buf)
{
	size_t length = buf_length(buf);

	if (buf->start == 0)
		return;
	memmove(buf->bytes, buf->bytes + buf->start, length);
	buf->start = 0;
	buf->end = length;
}

/* Doubles until `needed` bytes fit, but never goes beyond the limit. */
static int grow(struct buf *buf, size_t needed)
{
	size_t cap = buf->cap ? buf->cap : BUF_CAP_MIN;
	uint8_t *bytes;

	while (cap < needed && cap <= buf->limit / 2)
		cap *= 2;
	if (cap < needed || cap > buf->limit)
		cap = buf->limit;
	bytes = realloc(buf->bytes, cap);
	if (!bytes)
		return -ENOMEM;
	buf->bytes = bytes;
	buf->cap = cap;
	return 0;
}

int buf_reserve(struct buf *buf, size_t length, uint8_t **ret_room)
{
	size_t waiting = buf_length(buf);
	int r;

	if (length > buf->limit || waiting > buf->limit - length)
		return -ENOBUFS;
	if (length > buf->cap - buf->end)
		move_to_front(buf);
	if (length > buf->cap - buf->end || !buf->bytes) {
		r = grow(buf, waiting + length);
		if (r < 0)
			return r;
	}
	*ret_room = buf->bytes + buf->end;
	return 0;
}

void buf_commit(struct buf *buf, size_t length)
{
	buf->end += length;
}

int buf_append(struct buf *buf, const void *bytes, size_t length)
{
	uint8_t *room;
	int r;

	if (length == 0)
		return 0;
	r = buf_reserve(buf, length, &room);
	if (r < 0)
		return r;
	memcpy(room, bytes, length);
	buf_commit(buf, length);
	return 0;
}
