/* SPDX-License-Identifier: Apache-2.0 */
/* Long answers, smaller: a country's wall is 60 MB of names that repeat each other, and a tenth of
 * that packed. By the thread that made the answer. */
#include "web/server_pack.h"

#include "collector/gzip.h"

static int pack(struct response *response)
{
	struct gzip *gzip = gzip_new(GZIP_FAST);
	struct buf packed;
	int r = -1;

	buf_init(&packed, 2 * PACK_MAX);
	if (gzip)
		r = gzip_bytes(
			gzip, buf_peek(&response->body), buf_length(&response->body), &packed);
	gzip_free(gzip);
	if (r < 0) {
		buf_done(&packed);
		return r;
	}
	buf_done(&response->body);
	response->body = packed;
	return 0;
}

void server_pack(const struct request *request, struct response *response)
{
	size_t length = buf_length(&response->body);

	if (!response->packs || response->blob || response->fixed || response->stream.read)
		return;
	response_header(response, "Vary", "Accept-Encoding");
	if (length < PACK_MIN || length > PACK_MAX || !request_unpacks(request))
		return;
	if (pack(response) == 0) /* without memory it goes as it is */
		response_header(response, "Content-Encoding", "gzip");
}
