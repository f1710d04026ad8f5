/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_hash.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/evp.h>

struct crypto_hash {
	EVP_MD_CTX *context;
};

struct crypto_hash *crypto_hash_new(void)
{
	struct crypto_hash *hash = calloc(1, sizeof(*hash));

	if (!hash)
		return NULL;
	hash->context = EVP_MD_CTX_new();
	if (hash->context && crypto_hash_begin(hash) == 0)
		return hash;
	crypto_hash_free(hash);
	return NULL;
}

void crypto_hash_free(struct crypto_hash *hash)
{
	if (!hash)
		return;
	EVP_MD_CTX_free(hash->context);
	free(hash);
}

int crypto_hash_begin(struct crypto_hash *hash)
{
	return EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1 ? 0 : -EIO;
}

int crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t length)
{
	return EVP_DigestUpdate(hash->context, bytes, length) == 1 ? 0 : -EIO;
}

int crypto_hash_end(struct crypto_hash *hash, uint8_t ret_digest[SHA256_BYTES])
{
	return EVP_DigestFinal_ex(hash->context, ret_digest, NULL) == 1 ? 0 : -EIO;
}
