/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signer/signer.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include "collector/signer/certificate.h"
#include "collector/signer/pem.h"
#include "collector/signer/point.h"
#include "common/file.h"

#define CA_FOLDER_MODE 0750 /* ca.crt is for the group, the key for its owner alone */

struct signer {
	EVP_PKEY *key;
	X509 *certificate;
};

static int make_key(EVP_PKEY **ret_key, struct err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	if (!key)
		return err_set(err, -EIO, "OpenSSL could not make a P-256 key");
	*ret_key = key;
	return 0;
}

/* The key's text is wiped from memory afterwards. */
static int write_key(EVP_PKEY *key, const char *path, struct err *err)
{
	struct buf pem;
	int r;

	buf_init(&pem, SIGNER_PEM_MAX);
	r = pem_put_key(key, &pem, err);
	if (r == 0)
		r = file_replace(path, buf_peek(&pem), buf_length(&pem), 0600, err);
	if (pem.bytes)
		OPENSSL_cleanse(pem.bytes, pem.cap);
	buf_done(&pem);
	return r;
}

static int write_certificate(X509 *certificate, const char *path, struct err *err)
{
	struct buf pem;
	int r;

	buf_init(&pem, SIGNER_PEM_MAX);
	r = pem_put_certificate(certificate, &pem, err);
	if (r == 0)
		r = file_replace(path, buf_peek(&pem), buf_length(&pem), 0644, err);
	buf_done(&pem);
	return r;
}

static int refuse_existing(const char *path, struct err *err)
{
	if (access(path, F_OK) == 0)
		return err_set(err, -EEXIST, "%s is there already", path);
	return errno == ENOENT ? 0 : err_errno(err, -errno, "%s", path);
}

/* ---- the CA */

static int ca_paths(const char *folder, char key_file[PATH_MAX], char certificate_file[PATH_MAX],
	struct err *err)
{
	if (file_join(key_file, PATH_MAX, folder, "ca.key") < 0 ||
		file_join(certificate_file, PATH_MAX, folder, "ca.crt") < 0)
		return err_set(err, -ENAMETOOLONG, "%.64s...: the path is too long", folder);
	return 0;
}

/* A name of its own for each CA, so that "signed by another CA" can say which. */
static int ca_name(char *ret_name, size_t size, struct err *err)
{
	unsigned char tag[4];

	if (RAND_bytes(tag, sizeof(tag)) != 1)
		return err_set(err, -EIO, "OpenSSL has no random bytes");
	snprintf(ret_name, size, "Pantau Desa CA %02x%02x%02x%02x", tag[0], tag[1], tag[2], tag[3]);
	return 0;
}

static int write_ca(const char *key_file, const char *certificate_file, struct err *err)
{
	struct certificate_wish wish = {.kind = CERTIFICATE_CA};
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	char name[64];
	int r;

	r = ca_name(name, sizeof(name), err);
	if (r == 0)
		r = make_key(&key, err);
	if (r < 0)
		return r;
	wish.common_name = name;
	wish.public_key = key;
	r = certificate_make(&wish, key, NULL, &certificate, err);
	if (r == 0)
		r = write_key(key, key_file, err);
	if (r == 0)
		r = write_certificate(certificate, certificate_file, err);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return r;
}

int signer_create_ca(const char *folder, struct err *err)
{
	char key_file[PATH_MAX], certificate_file[PATH_MAX];
	int r;

	r = ca_paths(folder, key_file, certificate_file, err);
	if (r == 0)
		r = file_make_folder(folder, CA_FOLDER_MODE, err);
	if (r == 0)
		r = refuse_existing(key_file, err);
	if (r == 0)
		r = refuse_existing(certificate_file, err);
	return r < 0 ? r : write_ca(key_file, certificate_file, err);
}

int signer_open(const char *folder, struct signer **ret_signer, struct err *err)
{
	return signer_open_apart(folder, folder, ret_signer, err);
}

int signer_open_apart(
	const char *folder, const char *key_folder, struct signer **ret_signer, struct err *err)
{
	char key_file[PATH_MAX], certificate_file[PATH_MAX], unused[PATH_MAX];
	struct signer *signer;
	int r;

	r = ca_paths(folder, unused, certificate_file, err);
	if (r == 0)
		r = ca_paths(key_folder, key_file, unused, err);
	if (r < 0)
		return r;
	signer = calloc(1, sizeof(*signer));
	if (!signer)
		return err_set(err, -ENOMEM, "out of memory");
	r = pem_read_key(key_file, &signer->key, err);
	if (r == 0)
		r = pem_read_certificate(certificate_file, &signer->certificate, err);
	if (r == 0 && X509_check_private_key(signer->certificate, signer->key) != 1)
		r = err_set(err, -EINVAL, "%s is not the key of %s", key_file, certificate_file);
	ERR_clear_error();
	if (r < 0) {
		signer_free(signer);
		return r;
	}
	*ret_signer = signer;
	return 0;
}

void signer_free(struct signer *signer)
{
	if (!signer)
		return;
	EVP_PKEY_free(signer->key);
	X509_free(signer->certificate);
	free(signer);
}

/* ---- what it issues */

int signer_make_key(const char *key_file, struct buf *ret_public, struct err *err)
{
	EVP_PKEY *key;
	int r;

	r = refuse_existing(key_file, err);
	if (r == 0)
		r = make_key(&key, err);
	if (r < 0)
		return r;
	r = write_key(key, key_file, err);
	if (r == 0)
		r = pem_put_public(key, ret_public, err);
	EVP_PKEY_free(key);
	return r;
}

int signer_draw_key(struct buf *ret_private, struct buf *ret_public, struct err *err)
{
	EVP_PKEY *key;
	int r = make_key(&key, err);

	if (r < 0)
		return r;
	r = pem_put_key(key, ret_private, err);
	if (r == 0)
		r = pem_put_public(key, ret_public, err);
	EVP_PKEY_free(key);
	return r;
}

int signer_issue_server(
	const struct signer *signer, const struct signer_server *wish, struct err *err)
{
	struct certificate_wish form = {
		.kind = CERTIFICATE_SERVER,
		.common_name = "pantau-collector",
		.names = wish->names,
		.name_count = wish->name_count,
	};
	X509 *certificate = NULL;
	EVP_PKEY *key;
	int r;

	if (wish->name_count == 0)
		return err_set(err, -EINVAL, "a collector's certificate needs a name");
	r = make_key(&key, err);
	if (r < 0)
		return r;
	form.public_key = key;
	r = certificate_make(&form, signer->key, signer->certificate, &certificate, err);
	if (r == 0)
		r = write_key(key, wish->key_file, err);
	if (r == 0)
		r = write_certificate(certificate, wish->certificate_file, err);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return r;
}

int signer_renew_server(const struct signer *signer, const char *key_file,
	const char *certificate_file, struct err *err)
{
	struct certificate_wish form = {
		.kind = CERTIFICATE_SERVER, .common_name = "pantau-collector"};
	X509 *present = NULL, *next = NULL;
	EVP_PKEY *key;
	int r = pem_read_key(key_file, &key, err);

	if (r < 0)
		return r;
	r = pem_read_certificate(certificate_file, &present, err);
	if (r == 0) {
		form.names_of = present;
		form.public_key = key;
		r = certificate_make(&form, signer->key, signer->certificate, &next, err);
	}
	if (r == 0)
		r = write_certificate(next, certificate_file, err);
	X509_free(next);
	X509_free(present);
	EVP_PKEY_free(key);
	return r;
}

static int fingerprint(
	const X509 *certificate, uint8_t ret_print[TLS_FINGERPRINT_BYTES], struct err *err)
{
	unsigned char print[EVP_MAX_MD_SIZE];
	unsigned int length;

	if (X509_digest(certificate, EVP_sha256(), print, &length) != 1 ||
		length != TLS_FINGERPRINT_BYTES)
		return err_set(err, -EIO, "OpenSSL could not hash the certificate");
	memcpy(ret_print, print, length);
	return 0;
}

int signer_issue_agent(const struct signer *signer, const struct signer_agent *wish,
	struct buf *ret_certificate, uint8_t ret_print[TLS_FINGERPRINT_BYTES], struct err *err)
{
	struct certificate_wish form = {.kind = CERTIFICATE_AGENT};
	uint8_t print[TLS_FINGERPRINT_BYTES];
	X509 *certificate = NULL;
	EVP_PKEY *key;
	char name[32];
	int r;

	r = wish->point ? point_read(wish->point, &key, err)
			: pem_parse_subject(wish->pem, wish->pem_length, &key, err);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "agent-%u", wish->id);
	form.common_name = name;
	form.public_key = key;
	r = certificate_make(&form, signer->key, signer->certificate, &certificate, err);
	if (r == 0)
		r = fingerprint(certificate, print, err);
	if (r == 0)
		r = pem_put_certificate(certificate, ret_certificate, err);
	if (r == 0)
		memcpy(ret_print, print, sizeof(print));
	X509_free(certificate);
	EVP_PKEY_free(key);
	return r;
}

int signer_pin(const char *folder, uint8_t ret_pin[TLS_FINGERPRINT_BYTES], struct err *err)
{
	char unused[PATH_MAX], certificate_file[PATH_MAX];
	unsigned char *der = NULL;
	X509 *certificate;
	int length, r = ca_paths(folder, unused, certificate_file, err);

	if (r == 0)
		r = pem_read_certificate(certificate_file, &certificate, err);
	if (r < 0)
		return r;
	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	if (length <= 0 || EVP_Digest(der, (size_t)length, ret_pin, NULL, EVP_sha256(), NULL) != 1)
		r = err_set(err, -EIO, "OpenSSL could not hash the CA's key");
	OPENSSL_free(der);
	X509_free(certificate);
	return r;
}
