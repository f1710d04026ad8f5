/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as gzip, and back. */
#ifndef PANTAU_COLLECTOR_GZIP_H
#define PANTAU_COLLECTOR_GZIP_H

#include <sys/types.h>

#include "common/buf.h"

struct gzip;

/* What is made for one asker, who waits; lines repeat each other: a tenth of them is left. */
#define GZIP_FAST 1
#define GZIP_SMALL 6 /* what is made once and kept: a quarter less than that, in twice the time */

struct gzip *gzip_new(int level); /* NULL: out of memory */
void gzip_free(struct gzip *gzip);
/* Clears `out`, then fills it with the bytes as one gzip file. The errors of buf_reserve(). */
int gzip_bytes(struct gzip *gzip, const void *bytes, size_t length, struct buf *out);

/* ---- back, piece by piece */

struct gunzip;

/* Borrows the bytes, a whole gzip file. NULL: out of memory. */
struct gunzip *gunzip_new(const void *bytes, size_t length);
void gunzip_free(struct gunzip *gunzip);
/* As many bytes as there are, up to `size`; 0: the end; -EBADMSG: it is no whole gzip file. */
ssize_t gunzip_read(struct gunzip *gunzip, void *room, size_t size);

#endif
