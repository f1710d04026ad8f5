/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/renew.h"

#include <errno.h>
#include <string.h>

#include "proto/enrol.h"

static const char head[] = "renew\n";
#define HEAD_BYTES (sizeof(head) - 1)

int renew_question_write(const char *request, struct buf *out)
{
	int r = buf_append(out, head, HEAD_BYTES);

	return r < 0 ? r : buf_append(out, request, strlen(request));
}

int renew_question_read(const void *bytes, size_t length, struct renew_question *ret_question)
{
	if (length <= HEAD_BYTES || length > ENROL_QUESTION_MAX ||
		memcmp(bytes, head, HEAD_BYTES) != 0)
		return -EINVAL;
	ret_question->request = (const char *)bytes + HEAD_BYTES;
	ret_question->request_length = length - HEAD_BYTES;
	return 0;
}

int64_t renew_due_s(int64_t expires_s, uint32_t draw)
{
	return expires_s - RENEW_BEFORE_S + (int64_t)(draw * (uint64_t)RENEW_SPREAD_S >> 32);
}
