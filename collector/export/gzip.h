/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of requests, smaller. */
#ifndef PANTAU_EXPORT_GZIP_H
#define PANTAU_EXPORT_GZIP_H

#include "common/buf.h"

struct gzip;

struct gzip *gzip_new(void); /* NULL: out of memory */
void gzip_free(struct gzip *gzip);
/* Clears `out`, then fills it with the bytes as one gzip file. The errors of buf_reserve(). */
int gzip_bytes(struct gzip *gzip, const void *bytes, size_t length, struct buf *out);

#endif
