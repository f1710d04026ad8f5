/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of what comes in pieces. */
#ifndef PANTAU_COMMON_CRYPTO_HASH_H
#define PANTAU_COMMON_CRYPTO_HASH_H

#include "common/crypto.h"

struct crypto_hash;

/* NULL: no memory, or no SHA-256. */
struct crypto_hash *crypto_hash_new(void);
void crypto_hash_free(struct crypto_hash *hash);

/* Begins anew. All of them: 0 or -EIO. */
int crypto_hash_begin(struct crypto_hash *hash);
int crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t length);
int crypto_hash_end(struct crypto_hash *hash, uint8_t ret_digest[SHA256_BYTES]);

#endif
