/* SPDX-License-Identifier: Apache-2.0 */
/* The text of server-sent events (WHATWG HTML, "event stream"). Pure. */
#ifndef PANTAU_WEB_SSE_H
#define PANTAU_WEB_SSE_H

#include <stdint.h>

#include "common/buf.h"

#define SSE_NO_ID (-1)

/* Appends one event. `data` has no line break; id SSE_NO_ID leaves the client's last id as it is.
 * 0, -ENOBUFS, -ENOMEM: then nothing was appended that ends an event. */
int sse_event(struct buf *out, const char *name, int64_t id, const void *data, size_t length);
/* Appends a comment, which keeps a silent connection open. */
int sse_comment(struct buf *out, const char *words);
/* Appends how long the client waits before it comes back. */
int sse_retry(struct buf *out, unsigned retry_ms);
/* A Last-Event-ID: 0 or more, digits only. -EINVAL. */
int sse_parse_id(const char *text, int64_t *ret_id);

#endif
