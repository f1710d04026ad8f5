/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_seal.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/core_names.h>

#define LABEL "pantau seal 1" /* so that no other use of the same key makes the same bytes */

/* OpenSSL asks for it when the PEM is encrypted; it never asks on a terminal. */
static int tell_secret(char *text, int size, int writing, void *arg)
{
	const struct crypto_secret *secret = arg;

	if (!secret || secret->length > (size_t)size)
		return 0;
	memcpy(text, secret->bytes, secret->length);
	return (int)secret->length;
}

static EVP_PKEY *read_pem(const struct crypto_pem *pem, bool private, const struct crypto_secret *s)
{
	BIO *bio = pem->length <= 65536 ? BIO_new_mem_buf(pem->text, (int)pem->length) : NULL;
	EVP_PKEY *key = NULL;

	if (bio && private)
		key = PEM_read_bio_PrivateKey(bio, NULL, tell_secret, (void *)s);
	else if (bio)
		key = PEM_read_bio_PUBKEY(bio, NULL, tell_secret, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (key && EVP_PKEY_is_a(key, "X25519"))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static int derive_key(const uint8_t *shared, size_t shared_length,
	uint8_t salt[2 * CRYPTO_POINT_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES])
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_KEY, (void *)shared, shared_length),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SALT, salt, 2 * CRYPTO_POINT_BYTES),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_INFO, (void *)LABEL, strlen(LABEL)),
		OSSL_PARAM_construct_end(),
	};
	int done = context && EVP_KDF_derive(context, ret_key, CRYPTO_KEY_BYTES, params) == 1;

	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
	return done ? 0 : -EIO;
}

/* Salt: the point of this time, then that of the receiver. */
static int agree(EVP_PKEY *own, EVP_PKEY *other, uint8_t salt[2 * CRYPTO_POINT_BYTES],
	uint8_t ret_key[CRYPTO_KEY_BYTES])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, NULL);
	uint8_t shared[CRYPTO_POINT_BYTES];
	size_t length = sizeof(shared);
	int r = -EIO;

	if (context && EVP_PKEY_derive_init(context) == 1 &&
		EVP_PKEY_derive_set_peer(context, other) == 1 &&
		EVP_PKEY_derive(context, shared, &length) == 1)
		r = derive_key(shared, length, salt, ret_key);
	crypto_forget(shared, sizeof(shared));
	EVP_PKEY_CTX_free(context);
	return r;
}

static int point_of(EVP_PKEY *key, uint8_t ret_point[CRYPTO_POINT_BYTES])
{
	size_t length = CRYPTO_POINT_BYTES;

	return EVP_PKEY_get_raw_public_key(key, ret_point, &length) == 1 ? 0 : -EIO;
}

int crypto_agree(const struct crypto_pem *public, uint8_t ret_point[CRYPTO_POINT_BYTES],
	uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err)
{
	uint8_t salt[2 * CRYPTO_POINT_BYTES];
	EVP_PKEY *other = read_pem(public, false, NULL), *own;
	int r;

	if (!other)
		return err_set(err, -EINVAL, "not a public X25519 key in PEM");
	own = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	r = own ? point_of(own, salt) : -EIO;
	if (r == 0)
		r = point_of(other, salt + CRYPTO_POINT_BYTES);
	if (r == 0)
		r = agree(own, other, salt, ret_key);
	if (r == 0)
		memcpy(ret_point, salt, CRYPTO_POINT_BYTES);
	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
	ERR_clear_error();
	return r < 0 ? err_set(err, r, "OpenSSL could not agree on a key") : 0;
}

int crypto_agree_again(const struct crypto_pem *private, const struct crypto_secret *secret,
	const uint8_t point[CRYPTO_POINT_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err)
{
	uint8_t salt[2 * CRYPTO_POINT_BYTES];
	EVP_PKEY *own = read_pem(private, true, secret), *other;
	int r;

	if (!own)
		return err_set(err, -EINVAL, "not a private X25519 key in PEM%s",
			secret ? ", or another passphrase" : "");
	memcpy(salt, point, CRYPTO_POINT_BYTES);
	other = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, point, CRYPTO_POINT_BYTES);
	r = other ? point_of(own, salt + CRYPTO_POINT_BYTES) : -EIO;
	if (r == 0)
		r = agree(own, other, salt, ret_key);
	EVP_PKEY_free(other);
	EVP_PKEY_free(own);
	ERR_clear_error();
	return r < 0 ? err_set(err, r, "OpenSSL could not agree on a key") : 0;
}
