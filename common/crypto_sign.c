/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_sign.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

struct crypto_key {
	EVP_PKEY *pkey;
};

static int failed(struct err *err, const char *what)
{
	ERR_clear_error();
	return err_set(err, -EIO, "OpenSSL could not %s", what);
}

/* Takes the key. */
static int wrap(EVP_PKEY *pkey, struct crypto_key **ret_key, struct err *err)
{
	struct crypto_key *key = malloc(sizeof(*key));

	if (!key) {
		EVP_PKEY_free(pkey);
		return err_set(err, -ENOMEM, "out of memory");
	}
	key->pkey = pkey;
	*ret_key = key;
	return 0;
}

int crypto_key_make(struct crypto_key **ret_key, struct err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	return pkey ? wrap(pkey, ret_key, err) : failed(err, "make an Ed25519 key");
}

/* Never asks on a terminal. */
static int no_password(char *text, int size, int writing, void *arg)
{
	return 0;
}

static int read_pem(
	const void *pem, size_t length, bool private, EVP_PKEY **ret_key, struct err *err)
{
	BIO *bio = length <= 65536 ? BIO_new_mem_buf(pem, (int)length) : NULL;
	EVP_PKEY *key = NULL;

	if (bio)
		key = private ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL)
			      : PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (key && EVP_PKEY_is_a(key, "ED25519")) {
		*ret_key = key;
		return 0;
	}
	EVP_PKEY_free(key);
	return err_set(err, -EINVAL, "not a %s Ed25519 key in PEM", private ? "private" : "public");
}

int crypto_key_read(const void *pem, size_t length, struct crypto_key **ret_key, struct err *err)
{
	EVP_PKEY *pkey;
	int r = read_pem(pem, length, true, &pkey, err);

	return r < 0 ? r : wrap(pkey, ret_key, err);
}

void crypto_key_free(struct crypto_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

static int drain(BIO *bio, bool written, struct buf *out, struct err *err)
{
	char *text;
	long length = written ? BIO_get_mem_data(bio, &text) : 0;
	int r;

	if (length <= 0)
		r = failed(err, "write PEM");
	else if ((r = buf_append(out, text, (size_t)length)) < 0)
		err_errno(err, r, "PEM of %ld bytes", length);
	BIO_free(bio);
	return r;
}

int crypto_key_write(const struct crypto_key *key, struct buf *out, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	return drain(bio,
		bio && PEM_write_bio_PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL), out,
		err);
}

int crypto_key_write_public(const struct crypto_key *key, struct buf *out, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return drain(bio, bio && PEM_write_bio_PUBKEY(bio, key->pkey), out, err);
}

static int raw_public(
	const EVP_PKEY *pkey, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err)
{
	size_t length = CRYPTO_PUBLIC_BYTES;

	if (EVP_PKEY_get_raw_public_key(pkey, ret_public, &length) != 1)
		return failed(err, "read the public key");
	return 0;
}

int crypto_key_public(
	const struct crypto_key *key, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err)
{
	return raw_public(key->pkey, ret_public, err);
}

int crypto_public_read(
	const void *pem, size_t length, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err)
{
	EVP_PKEY *pkey;
	int r = read_pem(pem, length, false, &pkey, err);

	if (r < 0)
		return r;
	r = raw_public(pkey, ret_public, err);
	EVP_PKEY_free(pkey);
	return r;
}

int crypto_sign(const struct crypto_key *key, const void *bytes, size_t length,
	uint8_t ret_signature[CRYPTO_SIGNATURE_BYTES], struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t signature_length = CRYPTO_SIGNATURE_BYTES;
	bool done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
		EVP_DigestSign(context, ret_signature, &signature_length, bytes, length) == 1;

	EVP_MD_CTX_free(context);
	return done ? 0 : failed(err, "sign");
}

bool crypto_verify(const struct crypto_signed *claim)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key_ex(
		NULL, "ED25519", NULL, claim->public, CRYPTO_PUBLIC_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool sound = pkey && context &&
		EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
		EVP_DigestVerify(context, claim->signature, CRYPTO_SIGNATURE_BYTES, claim->bytes,
			claim->length) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return sound;
}

void crypto_wipe(struct buf *buf)
{
	if (buf->bytes)
		OPENSSL_cleanse(buf->bytes, buf->cap);
	buf_done(buf);
}
