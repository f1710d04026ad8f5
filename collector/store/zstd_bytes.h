/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes made smaller, by zstd: the only file that knows it in this room. */
#ifndef PANTAU_STORE_ZSTD_BYTES_H
#define PANTAU_STORE_ZSTD_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct zstd; /* working memory, kept from one call to the next */

struct zstd *zstd_new(void); /* NULL: out of memory */
void zstd_free(struct zstd *zstd);

/* At most this many bytes come of so many. */
size_t zstd_bound(size_t length);
/* Returns the bytes written, at most `room`; -ENOSPC when they do not fit. */
int zstd_pack(struct zstd *zstd, const uint8_t *bytes, size_t length, uint8_t *ret, size_t room);
/* Exactly `expected` bytes must come out. -EBADMSG. */
int zstd_unpack(
	struct zstd *zstd, const uint8_t *bytes, size_t length, uint8_t *ret, size_t expected);

#endif
