/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signer/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "common/tls.h"
#include "proto/renew.h"

/* The CA outlives the programme's contracts: renewing it means every router. */
#define CA_LIFE_DAYS (20 * 365)
#define SERVER_LIFE_DAYS (10 * 365) /* `pantau server renew` makes the next one */
#define SERIAL_BYTES 16 /* 128 random bits: never the same twice, tells nobody how many */
#define NAME_MAX_BYTES 253 /* of a DNS name, RFC 1035 */

static int openssl_failed(struct err *err, const char *what)
{
	return err_set(err, -EIO, "OpenSSL could not %s", what);
}

static bool set_serial(X509 *certificate)
{
	unsigned char bytes[SERIAL_BYTES];
	BIGNUM *number;
	bool sound;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	sound = number && !BN_is_zero(number) &&
		BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	return sound;
}

/* In days: a time_t of 32 bits would not reach. */
static bool set_dates(X509 *certificate, enum certificate_kind kind)
{
	static const int life_days[] = {CA_LIFE_DAYS, SERVER_LIFE_DAYS, RENEW_LIFE_DAYS};

	return ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)TLS_CLOCK_FLOOR_S) &&
		ASN1_TIME_adj(X509_getm_notAfter(certificate), time(NULL), life_days[kind], 0);
}

static bool set_names(X509 *certificate, const char *common_name, const X509 *ca)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
		    (const unsigned char *)common_name, -1, -1, 0) != 1)
		return false;
	return X509_set_issuer_name(certificate, ca ? X509_get_subject_name(ca) : subject) == 1;
}

static bool add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
	bool sound = extension && X509_add_ext(certificate, extension, -1) == 1;

	X509_EXTENSION_free(extension);
	return sound;
}

static bool add_extensions(X509 *certificate, enum certificate_kind kind, X509 *ca)
{
	static const char *const usage[] = {"critical,keyCertSign,cRLSign",
		"critical,digitalSignature", "critical,digitalSignature"};
	static const char *const purpose[] = {NULL, "serverAuth", "clientAuth"};
	X509V3_CTX context;

	X509V3_set_ctx(&context, ca ? ca : certificate, certificate, NULL, NULL, 0);
	return add_extension(certificate, &context, NID_basic_constraints,
		       kind == CERTIFICATE_CA ? "critical,CA:TRUE,pathlen:0"
					      : "critical,CA:FALSE") &&
		add_extension(certificate, &context, NID_key_usage, usage[kind]) &&
		(!purpose[kind] ||
			add_extension(certificate, &context, NID_ext_key_usage, purpose[kind])) &&
		(kind != CERTIFICATE_CA ||
			add_extension(certificate, &context, NID_subject_key_identifier, "hash")) &&
		(kind == CERTIFICATE_CA ||
			add_extension(
				certificate, &context, NID_authority_key_identifier, "keyid"));
}

/* Not by way of X509V3's little language: a name must never be read as an instruction in it. */
static GENERAL_NAME *general_name(const char *name)
{
	GENERAL_NAME *general = GENERAL_NAME_new();
	ASN1_OCTET_STRING *value = ASN1_STRING_type_new(V_ASN1_IA5STRING);
	unsigned char address[16];
	int length = inet_pton(AF_INET, name, address) == 1 ? 4
		: inet_pton(AF_INET6, name, address) == 1   ? 16
							    : 0;

	if (general && value && length) {
		value->type = V_ASN1_OCTET_STRING;
		if (ASN1_STRING_set(value, address, length)) {
			GENERAL_NAME_set0_value(general, GEN_IPADD, value);
			return general;
		}
	} else if (general && value && ASN1_STRING_set(value, name, -1)) {
		GENERAL_NAME_set0_value(general, GEN_DNS, value);
		return general;
	}
	ASN1_STRING_free(value);
	GENERAL_NAME_free(general);
	return NULL;
}

static bool sound_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_BYTES &&
		strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*:") ==
		length;
}

static int add_alternatives(X509 *certificate, const struct certificate_wish *wish, struct err *err)
{
	GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();
	int r = 0;

	for (size_t i = 0; list && r == 0 && i < wish->name_count; i++) {
		GENERAL_NAME *name = NULL;

		if (!sound_name(wish->names[i]))
			r = err_set(err, -EINVAL, "\"%.64s\" is no host name", wish->names[i]);
		else if (!(name = general_name(wish->names[i])) ||
			!sk_GENERAL_NAME_push(list, name)) {
			GENERAL_NAME_free(name);
			r = -ENOMEM;
		}
	}
	if (r == 0 &&
		(!list || X509_add1_ext_i2d(certificate, NID_subject_alt_name, list, 0, 0) != 1))
		r = openssl_failed(err, "write the names into the certificate");
	sk_GENERAL_NAME_pop_free(list, GENERAL_NAME_free);
	return r;
}

static int copy_alternatives(X509 *certificate, const X509 *from, struct err *err)
{
	GENERAL_NAMES *list = X509_get_ext_d2i(from, NID_subject_alt_name, NULL, NULL);
	int r = 0;

	if (!list)
		r = err_set(err, -EINVAL, "the present certificate bears no names");
	else if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, list, 0, 0) != 1)
		r = openssl_failed(err, "write the names into the certificate");
	GENERAL_NAMES_free(list);
	return r;
}

int certificate_make(const struct certificate_wish *wish, EVP_PKEY *issuer, X509 *ca,
	X509 **ret_certificate, struct err *err)
{
	X509 *certificate = X509_new();
	int r = 0;

	if (!certificate)
		return err_set(err, -ENOMEM, "out of memory");
	if (X509_set_version(certificate, X509_VERSION_3) != 1 || !set_serial(certificate) ||
		!set_dates(certificate, wish->kind) ||
		!set_names(certificate, wish->common_name, ca) ||
		X509_set_pubkey(certificate, wish->public_key) != 1 ||
		!add_extensions(certificate, wish->kind, ca))
		r = openssl_failed(err, "fill in the certificate");
	if (r == 0 && wish->kind == CERTIFICATE_SERVER)
		r = wish->names_of ? copy_alternatives(certificate, wish->names_of, err)
				   : add_alternatives(certificate, wish, err);
	if (r == 0 && X509_sign(certificate, issuer, EVP_sha256()) == 0)
		r = openssl_failed(err, "sign the certificate");
	if (r < 0) {
		X509_free(certificate);
		return r;
	}
	*ret_certificate = certificate;
	return 0;
}
