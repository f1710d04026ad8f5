/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/zstd_bytes.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* What is in a page is mostly noise: a higher level costs time and finds nothing. */
#define LEVEL 3
#define MATCH_BYTES 7 /* shorter ones in noise are chance, and cost more than they save */
/* Every frame begins with the same four bytes: they are left out, and put back to read it. */
#define MAGIC_BYTES 4

struct zstd {
	ZSTD_CCtx *packer;
	ZSTD_DCtx *unpacker;
	uint8_t *frame; /* scratch: magic and bytes */
	size_t room;
};

struct zstd *zstd_new(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (!zstd)
		return NULL;
	zstd->packer = ZSTD_createCCtx();
	zstd->unpacker = ZSTD_createDCtx();
	if (!zstd->packer || !zstd->unpacker) {
		zstd_free(zstd);
		return NULL;
	}
	ZSTD_CCtx_setParameter(zstd->packer, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(zstd->packer, ZSTD_c_contentSizeFlag, 0);
	ZSTD_CCtx_setParameter(zstd->packer, ZSTD_c_minMatch, MATCH_BYTES);
	return zstd;
}

void zstd_free(struct zstd *zstd)
{
	if (!zstd)
		return;
	ZSTD_freeCCtx(zstd->packer);
	ZSTD_freeDCtx(zstd->unpacker);
	free(zstd->frame);
	free(zstd);
}

size_t zstd_bound(size_t length)
{
	return ZSTD_compressBound(length);
}

int zstd_pack(struct zstd *zstd, const uint8_t *bytes, size_t length, uint8_t *ret, size_t room)
{
	size_t packed = ZSTD_compress2(zstd->packer, ret, room, bytes, length);

	if (ZSTD_isError(packed) || packed > INT_MAX)
		return -ENOSPC;
	memmove(ret, ret + MAGIC_BYTES, packed - MAGIC_BYTES);
	return (int)(packed - MAGIC_BYTES);
}

static int frame_of(struct zstd *zstd, const uint8_t *bytes, size_t length)
{
	if (length + MAGIC_BYTES > zstd->room) {
		uint8_t *frame = realloc(zstd->frame, length + MAGIC_BYTES);
		if (!frame)
			return -ENOMEM;
		zstd->frame = frame;
		zstd->room = length + MAGIC_BYTES;
	}
	for (int i = 0; i < MAGIC_BYTES; i++)
		zstd->frame[i] = (uint8_t)(ZSTD_MAGICNUMBER >> 8 * i);
	memcpy(zstd->frame + MAGIC_BYTES, bytes, length);
	return 0;
}

int zstd_unpack(
	struct zstd *zstd, const uint8_t *bytes, size_t length, uint8_t *ret, size_t expected)
{
	size_t got;
	int r = frame_of(zstd, bytes, length);

	if (r < 0)
		return r;
	got = ZSTD_decompressDCtx(zstd->unpacker, ret, expected, zstd->frame, length + MAGIC_BYTES);
	return ZSTD_isError(got) || got != expected ? -EBADMSG : 0;
}
