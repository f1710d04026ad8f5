/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_scrypt.h"

#include <errno.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

int crypto_scrypt(const struct crypto_secret *secret, const struct crypto_cost *cost,
	const uint8_t salt[CRYPTO_SALT_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES])
{
	int done;

	if (cost->log_n < 1 || cost->log_n > CRYPTO_LOG_N_MAX || cost->r < 1 ||
		cost->r > CRYPTO_R_MAX || cost->p < 1 || cost->p > CRYPTO_P_MAX)
		return -EINVAL;
	done = EVP_PBE_scrypt(secret->bytes, secret->length, salt, CRYPTO_SALT_BYTES,
		1ULL << cost->log_n, cost->r, cost->p, CRYPTO_MEMORY_MAX, ret_key,
		CRYPTO_KEY_BYTES);
	ERR_clear_error();
	return done == 1 ? 0 : -ENOMEM;
}

int crypto_random(void *ret_bytes, size_t length)
{
	int done = RAND_bytes(ret_bytes, (int)length);

	ERR_clear_error();
	return done == 1 ? 0 : -EIO;
}

void crypto_forget(void *bytes, size_t length)
{
	OPENSSL_cleanse(bytes, length);
}
