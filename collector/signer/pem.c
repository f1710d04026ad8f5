/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signer/pem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "collector/signer/signer.h"
#include "common/file.h"

/* Never asks on a terminal. */
static int no_password(char *text, int size, int writing, void *arg)
{
	return 0;
}

/* ---- out */

static int drain(BIO *bio, bool written, struct buf *out, struct err *err)
{
	char *text;
	long length = written ? BIO_get_mem_data(bio, &text) : 0;
	int r;

	if (length <= 0)
		r = err_set(err, -EIO, "OpenSSL could not write PEM");
	else if ((r = buf_append(out, text, (size_t)length)) < 0)
		r = err_errno(err, r, "PEM of %ld bytes", length);
	BIO_free(bio);
	return r;
}

int pem_put_key(EVP_PKEY *key, struct buf *out, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	return drain(bio, bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), out,
		err);
}

int pem_put_public(EVP_PKEY *key, struct buf *out, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return drain(bio, bio && PEM_write_bio_PUBKEY(bio, key), out, err);
}

int pem_put_certificate(X509 *certificate, struct buf *out, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return drain(bio, bio && PEM_write_bio_X509(bio, certificate), out, err);
}

/* ---- in */

static int open_file(const char *path, uint8_t **ret_bytes, BIO **ret_bio, struct err *err)
{
	size_t length;
	int r = file_read(path, SIGNER_PEM_MAX, ret_bytes, &length, err);

	if (r < 0)
		return r;
	*ret_bio = BIO_new_mem_buf(*ret_bytes, (int)length);
	if (*ret_bio)
		return 0;
	free(*ret_bytes);
	return err_set(err, -ENOMEM, "out of memory");
}

int pem_read_key(const char *path, EVP_PKEY **ret_key, struct err *err)
{
	uint8_t *bytes;
	EVP_PKEY *key;
	BIO *bio;
	int r = open_file(path, &bytes, &bio, err);

	if (r < 0)
		return r;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	OPENSSL_cleanse(bytes, strlen((char *)bytes));
	free(bytes);
	if (!key)
		return err_set(err, -EINVAL, "%s: not a private key in PEM", path);
	*ret_key = key;
	return 0;
}

int pem_read_certificate(const char *path, X509 **ret_certificate, struct err *err)
{
	X509 *certificate;
	uint8_t *bytes;
	BIO *bio;
	int r = open_file(path, &bytes, &bio, err);

	if (r < 0)
		return r;
	certificate = PEM_read_bio_X509(bio, NULL, no_password, NULL);
	BIO_free(bio);
	free(bytes);
	if (!certificate)
		return err_set(err, -EINVAL, "%s: not a certificate in PEM", path);
	*ret_certificate = certificate;
	return 0;
}

static bool is_p256(const EVP_PKEY *key)
{
	char group[32];

	return EVP_PKEY_is_a(key, "EC") &&
		EVP_PKEY_get_utf8_string_param(
			key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL) == 1 &&
		strcmp(group, "prime256v1") == 0;
}

static int parse_request(BIO *bio, EVP_PKEY **ret_key, struct err *err)
{
	X509_REQ *request = PEM_read_bio_X509_REQ(bio, NULL, no_password, NULL);
	EVP_PKEY *key = request ? X509_REQ_get0_pubkey(request) : NULL;
	int r = 0;

	if (!key)
		r = err_set(err, -EINVAL, "not a certificate request in PEM");
	else if (X509_REQ_verify(request, key) != 1)
		r = err_set(err, -EINVAL, "the request is not signed by the key that it names");
	else if (EVP_PKEY_up_ref(key) != 1)
		r = err_set(err, -ENOMEM, "out of memory");
	else
		*ret_key = key;
	X509_REQ_free(request);
	return r;
}

int pem_parse_subject(const void *pem, size_t length, EVP_PKEY **ret_key, struct err *err)
{
	static const char request[] = "CERTIFICATE REQUEST-----";
	EVP_PKEY *key = NULL;
	BIO *bio;
	int r = 0;

	if (length == 0 || length > SIGNER_PEM_MAX)
		return err_set(err, -EINVAL, "a request of %zu bytes: must be 1 to %d", length,
			SIGNER_PEM_MAX);
	bio = BIO_new_mem_buf(pem, (int)length);
	if (!bio)
		return err_set(err, -ENOMEM, "out of memory");
	if (memmem(pem, length, request, sizeof(request) - 1))
		r = parse_request(bio, &key, err);
	else if (!(key = PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL)))
		r = err_set(err, -EINVAL, "neither a certificate request nor a public key in PEM");
	BIO_free(bio);
	ERR_clear_error();
	if (r == 0 && !is_p256(key))
		r = err_set(err, -EINVAL, "the key is not on the curve P-256");
	if (r < 0) {
		EVP_PKEY_free(key);
		return r;
	}
	*ret_key = key;
	return 0;
}
