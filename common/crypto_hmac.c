/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto.h"

#include <errno.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

int crypto_hmac(const uint8_t *key, size_t key_length, const void *bytes, size_t length,
	uint8_t ret_digest[SHA256_BYTES])
{
	return HMAC(EVP_sha256(), key, (int)key_length, bytes, length, ret_digest, NULL) ? 0 : -EIO;
}

bool crypto_same(const void *a, const void *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}
