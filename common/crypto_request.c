/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto_request.h"

#include <errno.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static int failed(struct err *err)
{
	ERR_clear_error();
	return err_set(err, -EIO, "OpenSSL could not make the key or the request");
}

/* Frees the BIO. */
static int drain(BIO *bio, struct buf *out, struct err *err)
{
	char *text;
	long length = BIO_get_mem_data(bio, &text);
	int r = length > 0 ? buf_append(out, text, (size_t)length) : -EIO;

	BIO_free(bio);
	return r < 0 ? failed(err) : 0;
}

/* Never asks on a terminal. */
static int no_password(char *text, int size, int writing, void *arg)
{
	return 0;
}

static BIO *bio_of(const char *text)
{
	return BIO_new_mem_buf(text, -1);
}

static EVP_PKEY *read_key(const char *text)
{
	BIO *bio = bio_of(text);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static X509 *read_certificate(const char *text)
{
	BIO *bio = bio_of(text);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;

	BIO_free(bio);
	return certificate;
}

int request_make_key(struct buf *ret_pem, struct err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_secmem());

	if (key && bio)
		PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	EVP_PKEY_free(key);
	return bio ? drain(bio, ret_pem, err) : failed(err);
}

int request_make(const char *key_text, struct buf *ret_pem, struct err *err)
{
	EVP_PKEY *key = read_key(key_text);
	X509_REQ *request = X509_REQ_new();
	BIO *bio = BIO_new(BIO_s_mem());

	if (key && request && bio && X509_REQ_set_pubkey(request, key) == 1 &&
		X509_REQ_sign(request, key, EVP_sha256()) > 0)
		PEM_write_bio_X509_REQ(bio, request);
	X509_REQ_free(request);
	EVP_PKEY_free(key);
	return bio ? drain(bio, ret_pem, err) : failed(err);
}

static bool has_pin(X509 *ca, const uint8_t *pin)
{
	uint8_t print[SHA256_BYTES];
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(ca), &der);
	bool same = length > 0 && crypto_sha256(der, (size_t)length, print) == 0 &&
		memcmp(print, pin, sizeof(print)) == 0;

	OPENSSL_free(der);
	return same;
}

int request_check(const struct request_answer *answer, struct err *err)
{
	EVP_PKEY *key = read_key(answer->key);
	X509 *certificate = read_certificate(answer->certificate);
	X509 *ca = read_certificate(answer->ca);
	bool sound = key && certificate && ca && (!answer->pin || has_pin(ca, answer->pin)) &&
		X509_check_private_key(certificate, key) == 1 &&
		X509_verify(certificate, X509_get0_pubkey(ca)) == 1;

	EVP_PKEY_free(key);
	X509_free(certificate);
	X509_free(ca);
	ERR_clear_error();
	return sound ? 0 : err_set(err, -EINVAL, "the certificate is not for this router's key");
}

int request_expiry(const char *pem, int64_t *ret_expires_s)
{
	X509 *certificate = read_certificate(pem);
	ASN1_TIME *epoch = certificate ? ASN1_TIME_set(NULL, 0) : NULL;
	int days, seconds, r = -EINVAL;

	if (epoch && ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(certificate)) == 1) {
		*ret_expires_s = days * INT64_C(86400) + seconds;
		r = 0;
	}
	ASN1_TIME_free(epoch);
	X509_free(certificate);
	ERR_clear_error();
	return r;
}
