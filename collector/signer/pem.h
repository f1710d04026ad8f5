/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and certificates as PEM, in memory and in files. */
#ifndef PANTAU_COLLECTOR_SIGNER_PEM_H
#define PANTAU_COLLECTOR_SIGNER_PEM_H

#include <openssl/pem.h>

#include "common/buf.h"
#include "common/err.h"

/* These append the text; 0 or a negative errno with words. */
int pem_put_key(EVP_PKEY *key, struct buf *out, struct err *err);
int pem_put_public(EVP_PKEY *key, struct buf *out, struct err *err);
int pem_put_certificate(X509 *certificate, struct buf *out, struct err *err);

/* Caller frees what these return. Errors name the file. */
int pem_read_key(const char *path, EVP_PKEY **ret_key, struct err *err);
int pem_read_certificate(const char *path, X509 **ret_certificate, struct err *err);

/* The key of a certificate request whose signature holds, or a bare public key. Only P-256. */
int pem_parse_subject(const void *pem, size_t length, EVP_PKEY **ret_key, struct err *err);

#endif
