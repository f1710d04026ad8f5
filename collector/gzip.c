/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/gzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* zlib's way to say: 32 KiB, with gzip's head and tail */
#define MEMORY_LEVEL 8

struct gzip {
	z_stream stream;
};

struct gzip *gzip_new(int level)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip &&
		deflateInit2(&gzip->stream, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
			Z_DEFAULT_STRATEGY) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

void gzip_free(struct gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->stream);
	free(gzip);
}

int gzip_bytes(struct gzip *gzip, const void *bytes, size_t length, struct buf *out)
{
	size_t bound = deflateBound(&gzip->stream, length);
	uint8_t *room;
	int r;

	buf_clear(out);
	r = buf_reserve(out, bound, &room);
	if (r < 0)
		return r;
	deflateReset(&gzip->stream);
	gzip->stream.next_in = (Bytef *)bytes;
	gzip->stream.avail_in = (uInt)length;
	gzip->stream.next_out = room;
	gzip->stream.avail_out = (uInt)bound;
	if (deflate(&gzip->stream, Z_FINISH) != Z_STREAM_END)
		return -EIO; /* the bound was wrong: cannot be */
	buf_commit(out, bound - gzip->stream.avail_out);
	return 0;
}

/* ---- back */

struct gunzip {
	z_stream stream;
	bool ended;
};

struct gunzip *gunzip_new(const void *bytes, size_t length)
{
	struct gunzip *gunzip = calloc(1, sizeof(*gunzip));

	if (!gunzip)
		return NULL;
	gunzip->stream.next_in = (Bytef *)bytes;
	gunzip->stream.avail_in = (uInt)length;
	if (inflateInit2(&gunzip->stream, GZIP_WINDOW) != Z_OK) {
		free(gunzip);
		return NULL;
	}
	return gunzip;
}

void gunzip_free(struct gunzip *gunzip)
{
	if (!gunzip)
		return;
	inflateEnd(&gunzip->stream);
	free(gunzip);
}

ssize_t gunzip_read(struct gunzip *gunzip, void *room, size_t size)
{
	int r;

	if (gunzip->ended)
		return 0;
	gunzip->stream.next_out = room;
	gunzip->stream.avail_out = (uInt)size;
	r = inflate(&gunzip->stream, Z_NO_FLUSH);
	gunzip->ended = r == Z_STREAM_END;
	if (!gunzip->ended && (r != Z_OK || gunzip->stream.avail_out == size))
		return -EBADMSG;
	return (ssize_t)(size - gunzip->stream.avail_out);
}
