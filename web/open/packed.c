/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/packed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/gzip.h"
#include "common/crypto.h"

#define TAG_DIGITS 32

void packed_tag(const void *bytes, size_t length, char ret_etag[OPEN_ETAG_BYTES])
{
	uint8_t digest[SHA256_BYTES] = {0};
	char *at = ret_etag;

	crypto_sha256(bytes, length, digest);
	*at++ = '"';
	for (int i = 0; i < TAG_DIGITS / 2; i++, at += 2)
		snprintf(at, 3, "%02x", digest[i]);
	strcpy(at, "\"");
}

int packed_make(const struct buf *bytes, struct packed *ret_packed)
{
	struct packed packed = {.length = buf_length(bytes)};
	struct gzip *gzip = gzip_new(GZIP_SMALL);
	struct buf small;
	int r = gzip ? 0 : -ENOMEM;

	buf_init(&small, OPEN_FILE_MAX + OPEN_FILE_MAX / 1024); /* what does not shrink grows */
	if (r == 0)
		r = gzip_bytes(gzip, buf_peek(bytes), packed.length, &small);
	if (r == 0) {
		packed.blob = blob_new(buf_peek(&small), buf_length(&small));
		r = packed.blob ? 0 : -ENOMEM;
	}
	buf_done(&small);
	gzip_free(gzip);
	if (r < 0)
		return r;
	packed_tag(buf_peek(bytes), packed.length, packed.etag);
	*ret_packed = packed;
	return 0;
}

void packed_done(struct packed *packed)
{
	blob_drop(packed->blob);
	*packed = (struct packed){0};
}

/* ---- for who cannot unpack */

struct unpacking {
	struct blob *blob;
	struct gunzip *gunzip;
};

static void unpacking_begin(void *arg, struct stream_wake wake)
{
}

static ssize_t unpacking_read(void *arg, char *room, size_t size)
{
	ssize_t length = gunzip_read(((struct unpacking *)arg)->gunzip, room, size);

	return length > 0 ? length : -1;
}

static void unpacking_close(void *arg)
{
	struct unpacking *unpacking = arg;

	gunzip_free(unpacking->gunzip);
	blob_drop(unpacking->blob);
	free(unpacking);
}

static void send_unpacked(const struct packed *packed, struct response *ret)
{
	struct unpacking *unpacking = malloc(sizeof(*unpacking));
	struct gunzip *gunzip = gunzip_new(packed->blob->bytes, packed->blob->length);

	if (!unpacking || !gunzip) {
		free(unpacking);
		gunzip_free(gunzip);
		response_error(ret, 503, "no memory for the answer");
		ret->cache = NULL; /* no cache keeps that */
		return;
	}
	*unpacking = (struct unpacking){blob_take(packed->blob), gunzip};
	ret->stream = (struct stream){.arg = unpacking,
		.length = packed->length,
		.begin = unpacking_begin,
		.read = unpacking_read,
		.close = unpacking_close};
}

void packed_send(const struct packed *packed, const struct request *request, struct response *ret)
{
	if (!request_unpacks(request)) {
		send_unpacked(packed, ret);
		return;
	}
	ret->blob = blob_take(packed->blob);
	response_header(ret, "Content-Encoding", "gzip");
}
