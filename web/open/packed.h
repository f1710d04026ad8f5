/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of the open data as it is kept: packed, with its tag. A month of the country is
 * 130 MB of JSON and a tenth of that packed. Who cannot unpack gets it unpacked piece by piece.
 */
#ifndef PANTAU_WEB_OPEN_PACKED_H
#define PANTAU_WEB_OPEN_PACKED_H

#include "web/blob.h"
#include "web/http.h"

#define OPEN_ETAG_BYTES 36

struct packed {
	struct blob *blob; /* gzip; NULL: nothing is kept */
	size_t length; /* of what was packed */
	char etag[OPEN_ETAG_BYTES]; /* quoted; of what was packed */
};

/* An etag of bytes, quoted. */
void packed_tag(const void *bytes, size_t length, char ret_etag[OPEN_ETAG_BYTES]);
/* Copies. 0 or -ENOMEM, -ENOBUFS. */
int packed_make(const struct buf *bytes, struct packed *ret_packed);
void packed_done(struct packed *packed);
/* As the body, however the asker reads it. */
void packed_send(const struct packed *packed, const struct request *request, struct response *ret);

#endif
