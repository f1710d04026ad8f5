/* SPDX-License-Identifier: Apache-2.0 */
/* Words that a technician can read out over the phone, for what OpenSSL says in numbers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "common/tls_internal.h"

#define NAME_BYTES 128 /* of a subject or a list of names, in a message of ERR_TEXT_BYTES */

static const struct {
	int reason;
	const char *words;
} reasons[] = {
	{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "the peer sent no certificate"},
	{SSL_R_UNSUPPORTED_PROTOCOL, "the peer does not offer TLS 1.3"},
	{SSL_R_VERSION_TOO_LOW, "the peer does not offer TLS 1.3"},
	{SSL_R_HTTP_REQUEST, "the peer speaks HTTP, not TLS"},
	{SSL_R_HTTPS_PROXY_REQUEST, "the peer speaks HTTP, not TLS"},
	{SSL_R_WRONG_VERSION_NUMBER, "the peer does not speak TLS"},
	{SSL_R_EXCESSIVE_MESSAGE_SIZE, "the peer's certificates are too long"},
	{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the peer refused our certificate"},
	{SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "the peer refused our certificate's kind"},
	{SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "the peer says that our certificate is revoked"},
	{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "the peer says that our certificate has expired"},
	{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "the peer refused our certificate"},
	{SSL_R_TLSV1_ALERT_UNKNOWN_CA, "the peer does not know the CA that signed our certificate"},
	{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "the peer does not offer TLS 1.3"},
	{SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, "the peer does not speak " TLS_ALPN},
	{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "the peer wants a certificate from us"},
};

void tls_explain(struct tls *tls, const char *format, ...)
{
	va_list args;

	if (tls->why)
		return;
	va_start(args, format);
	if (vasprintf(&tls->why, format, args) < 0)
		tls->why = NULL; /* out of memory: OpenSSL's own words will do */
	va_end(args);
}

static const char *queue_words(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *text;

	if (ERR_GET_LIB(code) == ERR_LIB_SSL)
		for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
			if (reasons[i].reason == ERR_GET_REASON(code))
				return reasons[i].words;
	text = code ? ERR_reason_error_string(code) : NULL;
	return text ? text : "the peer broke the TLS protocol";
}

int tls_words(const struct tls *tls, struct err *err)
{
	int r = err_set(err, -EPROTO, "%s", tls->why ? tls->why : queue_words());

	ERR_clear_error();
	return r;
}

int tls_words_file(const char *path, struct err *err)
{
	unsigned long code = ERR_peek_last_error();
	const char *text = code ? ERR_reason_error_string(code) : NULL;
	int r = err_set(err, -EINVAL, "%s: %s", path, text ? text : "not readable as PEM");

	ERR_clear_error();
	return r;
}

static const char *day_of(const ASN1_TIME *time, char *text, size_t size)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 || !strftime(text, size, "%Y-%m-%d", &tm))
		return "an unreadable date";
	return text;
}

/* The day at which the certificate was checked: whoever reads of it can tell a wrong clock. */
static const char *today_of(struct tls *tls, char *text, size_t size)
{
	ASN1_TIME *now = ASN1_TIME_set(NULL, X509_VERIFY_PARAM_get_time(SSL_get0_param(tls->ssl)));
	const char *day = now ? day_of(now, text, size) : "an unknown day";

	ASN1_TIME_free(now);
	return day;
}

/* "pantau-collector, 10.0.0.1", as far as there is room. */
static void names_of(X509 *certificate, char *ret_text, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	BIO *out = BIO_new(BIO_s_mem());
	int length;

	for (int i = 0; out && i < sk_GENERAL_NAME_num(names); i++) {
		if (i > 0)
			BIO_puts(out, ", ");
		GENERAL_NAME_print(out, sk_GENERAL_NAME_value(names, i));
	}
	length = out ? BIO_read(out, ret_text, (int)size - 1) : 0;
	ret_text[length > 0 ? length : 0] = '\0';
	if (length <= 0)
		snprintf(ret_text, size, "nothing");
	BIO_free(out);
	GENERAL_NAMES_free(names);
}

static void explain_certificate(struct tls *tls, X509 *certificate, int code)
{
	char subject[NAME_BYTES] = "?", other[NAME_BYTES] = "?", day[16], today[16];

	X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof(subject));
	switch (code) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		tls_explain(tls,
			"the peer's certificate (%s) expired on %s, and here it is %s: is this "
			"clock right?",
			subject, day_of(X509_get0_notAfter(certificate), day, sizeof(day)),
			today_of(tls, today, sizeof(today)));
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		tls_explain(tls,
			"the peer's certificate (%s) is valid only from %s, and here it is %s: is "
			"this clock right?",
			subject, day_of(X509_get0_notBefore(certificate), day, sizeof(day)),
			today_of(tls, today, sizeof(today)));
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		names_of(certificate, other, sizeof(other));
		tls_explain(tls, "the peer's certificate names %s, wanted %s", other,
			tls->context->server_name);
		break;
	case X509_V_ERR_INVALID_PURPOSE:
		tls_explain(tls, "the peer's certificate (%s) is not meant for a %s", subject,
			tls->context->role == TLS_SERVER ? "client" : "server");
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		X509_NAME_oneline(X509_get_issuer_name(certificate), other, sizeof(other));
		tls_explain(tls, "the peer's certificate (%s) is signed by another CA (%s)",
			subject, other);
		break;
	default:
		tls_explain(tls, "the peer's certificate (%s) is not accepted: %s", subject,
			X509_verify_cert_error_string(code));
	}
}

int tls_verify(int sound, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	X509 *certificate = X509_STORE_CTX_get_current_cert(store);

	if (!sound && ssl && certificate)
		explain_certificate(
			SSL_get_app_data(ssl), certificate, X509_STORE_CTX_get_error(store));
	return sound;
}
