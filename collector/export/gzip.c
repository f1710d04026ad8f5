/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

/* Lines repeat each other: the fastest level makes a tenth of them, the best one a twelfth. */
#define LEVEL 1
#define GZIP_WINDOW (15 + 16) /* zlib's way to say: 32 KiB, with gzip's head and tail */
#define MEMORY_LEVEL 8

struct gzip {
	z_stream stream;
};

struct gzip *gzip_new(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip &&
		deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
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
