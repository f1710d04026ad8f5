/* SPDX-License-Identifier: Apache-2.0 */
/* A P-256 key that is made where it is used, the request for a certificate for it (PKCS #10), and
 * whether what came back is that. All in PEM. */
#ifndef PANTAU_COMMON_CRYPTO_REQUEST_H
#define PANTAU_COMMON_CRYPTO_REQUEST_H

#include <stdint.h>

#include "common/buf.h"
#include "common/crypto.h"
#include "common/err.h"

#define REQUEST_PEM_MAX (16 * 1024)

/* Appends a fresh private key; the caller wipes it. */
int request_make_key(struct buf *ret_pem, struct err *err);
/* Appends a request for the key, of nobody in particular: who it will be is not for it to say. */
int request_make(const char *key, struct buf *ret_pem, struct err *err);

struct request_answer { /* texts that end with a 0, borrowed */
	const char *key, *certificate, *ca;
	const uint8_t *pin; /* SHA256_BYTES: of the CA's public key; NULL: `ca` is trusted */
};
/* 0: the certificate is for this key and from this CA, whose key has this pin. -EINVAL. */
int request_check(const struct request_answer *answer, struct err *err);
/* When the first certificate of a text ends, in seconds since 1970. -EINVAL: there is none. */
int request_expiry(const char *pem, int64_t *ret_expires_s);

#endif
