/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_seal.h"

#include <errno.h>
#include <limits.h>

#include <openssl/err.h>
#include <openssl/evp.h>

static EVP_CIPHER_CTX *begin(const struct crypto_sealing *how, int sealing)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int written;

	if (context &&
		EVP_CipherInit_ex(
			context, EVP_aes_256_gcm(), NULL, how->key, how->nonce, sealing) == 1 &&
		(!how->beside_length ||
			EVP_CipherUpdate(context, NULL, &written, how->beside,
				(int)how->beside_length) == 1))
		return context;
	EVP_CIPHER_CTX_free(context);
	ERR_clear_error();
	return NULL;
}

int crypto_seal(
	const struct crypto_sealing *how, const uint8_t *plain, size_t length, uint8_t *ret_sealed)
{
	EVP_CIPHER_CTX *context;
	int written, r = -EIO;

	if (length > INT_MAX - CRYPTO_TAG_BYTES)
		return -EIO;
	context = begin(how, 1);
	if (!context)
		return -ENOMEM;
	if (EVP_CipherUpdate(context, ret_sealed, &written, plain, (int)length) == 1 &&
		EVP_CipherFinal_ex(context, ret_sealed + length, &written) == 1 &&
		EVP_CIPHER_CTX_ctrl(
			context, EVP_CTRL_AEAD_GET_TAG, CRYPTO_TAG_BYTES, ret_sealed + length) == 1)
		r = 0;
	EVP_CIPHER_CTX_free(context);
	ERR_clear_error();
	return r;
}

int crypto_unseal(
	const struct crypto_sealing *how, const uint8_t *sealed, size_t length, uint8_t *ret_plain)
{
	uint8_t tag[CRYPTO_TAG_BYTES];
	EVP_CIPHER_CTX *context;
	int written, r = -EBADMSG;

	if (length < CRYPTO_TAG_BYTES || length > INT_MAX)
		return -EBADMSG;
	length -= CRYPTO_TAG_BYTES;
	for (size_t i = 0; i < sizeof(tag); i++)
		tag[i] = sealed[length + i];
	context = begin(how, 0);
	if (!context)
		return -ENOMEM;
	if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CRYPTO_TAG_BYTES, tag) == 1 &&
		EVP_CipherUpdate(context, ret_plain, &written, sealed, (int)length) == 1 &&
		EVP_CipherFinal_ex(context, ret_plain + length, &written) == 1)
		r = 0;
	EVP_CIPHER_CTX_free(context);
	ERR_clear_error();
	return r;
}
