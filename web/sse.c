/* SPDX-License-Identifier: Apache-2.0 */
#include "web/sse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 96 /* an event's name and id */
#define ID_DIGITS 18 /* always fits into 63 bits */

static int append(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int append(struct buf *out, const char *format, ...)
{
	char line[LINE_BYTES];
	va_list values;
	int length;

	va_start(values, format);
	length = vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	if (length < 0 || (size_t)length >= sizeof(line))
		return -ENOBUFS;
	return buf_append(out, line, (size_t)length);
}

int sse_event(struct buf *out, const char *name, int64_t id, const void *data, size_t length)
{
	int r = append(out, "event: %s\n", name);

	if (r == 0 && id != SSE_NO_ID)
		r = append(out, "id: %" PRId64 "\n", id);
	if (r == 0)
		r = append(out, "data: ");
	if (r == 0)
		r = buf_append(out, data, length);
	if (r == 0)
		r = append(out, "\n\n");
	return r;
}

int sse_comment(struct buf *out, const char *words)
{
	return append(out, ": %s\n\n", words);
}

int sse_retry(struct buf *out, unsigned retry_ms)
{
	return append(out, "retry: %u\n\n", retry_ms);
}

int sse_parse_id(const char *text, int64_t *ret_id)
{
	size_t length = strlen(text);
	int64_t id = 0;

	if (length == 0 || length > ID_DIGITS || strspn(text, "0123456789") != length)
		return -EINVAL;
	for (; *text; text++)
		id = id * 10 + (*text - '0');
	*ret_id = id;
	return 0;
}
