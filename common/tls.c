/* SPDX-License-Identifier: Apache-2.0 */
#include "common/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "common/tls_internal.h"

#define RECORD_MAX 16384 /* plain bytes in one TLS record */
#define RECORD_OVERHEAD 32 /* header 5, content type 1, tag 16: rounded up */
#define INPUT_LIMIT (64 * 1024) /* the caller feeds what one read of a socket brought */
/* Before it is known who speaks: a handshake takes 3 KiB, what an agent says right behind it 24 at
 * most. OpenSSL alone would let a stranger fill 128 KiB. */
#define HANDSHAKE_MAX (64 * 1024)
#define OUTPUT_LIMIT (160 * 1024) /* two frames of 64 KiB, sealed, and a handshake's flight */
#define TIME_MAX_S (sizeof(time_t) < 8 ? INT32_MAX : INT64_MAX) /* 2038, where that is the end */
#define HANDSHAKE_RESERVE (8 * 1024) /* of it, what tls_write() leaves to alerts and key updates */

/* ---- the BIO: OpenSSL's view of our two buffers */

static int bio_read(BIO *bio, char *bytes, int size)
{
	struct tls *tls = BIO_get_data(bio);
	size_t length = buf_length(&tls->in);

	BIO_clear_retry_flags(bio);
	if (length == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	if (length > (size_t)size)
		length = (size_t)size;
	memcpy(bytes, buf_peek(&tls->in), length);
	buf_consume(&tls->in, length);
	return (int)length;
}

static int bio_write(BIO *bio, const char *bytes, int length)
{
	struct tls *tls = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	if (buf_append(&tls->out, bytes, (size_t)length) < 0) {
		BIO_set_retry_write(bio);
		return -1;
	}
	return length;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
	return command == BIO_CTRL_FLUSH;
}

static int bio_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

BIO_METHOD *tls_bio_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "buffers");

	if (!method)
		return NULL;
	BIO_meth_set_read(method, bio_read);
	BIO_meth_set_write(method, bio_write);
	BIO_meth_set_ctrl(method, bio_ctrl);
	BIO_meth_set_create(method, bio_create);
	return method;
}

/* ---- life */

static int want_name(SSL *ssl, const char *name)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	unsigned char address[16];

	if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, name);
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, name, 0) && SSL_set_tlsext_host_name(ssl, name);
}

static int set_up_client(struct tls *tls)
{
	const struct tls_context *context = tls->context;
	const struct tls_alpn *alpn;

	SSL_set_connect_state(tls->ssl);
	tls->enrols = context->pinned;
	alpn = tls_alpn_of(tls);
	if (SSL_set_alpn_protos(tls->ssl, alpn->name, (unsigned)alpn->length) != 0)
		return -ENOMEM;
	if (context->pinned)
		return 0;
	return want_name(tls->ssl, context->server_name) == 1 ? 0 : -ENOMEM;
}

static int set_up(struct tls *tls)
{
	struct tls_context *context = tls->context;
	int64_t now_s = context->now_s ? context->now_s(context->now_arg) : time(NULL);
	BIO *bio;

	tls->ssl = SSL_new(context->ssl);
	bio = tls->ssl ? BIO_new(context->bio) : NULL;
	if (!bio)
		return -ENOMEM;
	BIO_set_data(bio, tls);
	SSL_set_bio(tls->ssl, bio, bio); /* takes it */
	SSL_set_app_data(tls->ssl, tls);
	if (now_s < TLS_CLOCK_FLOOR_S)
		now_s = TLS_CLOCK_FLOOR_S;
	if (now_s > TIME_MAX_S)
		now_s = TIME_MAX_S;
	X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl), (time_t)now_s);
	if (context->role == TLS_SERVER) {
		SSL_set_accept_state(tls->ssl);
		return 0;
	}
	return set_up_client(tls);
}

static int make(struct tls_context *context, bool renews, struct tls **ret_tls)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	int r;

	if (!tls)
		return -ENOMEM;
	tls->context = context;
	tls->renews = renews;
	buf_init(&tls->in, INPUT_LIMIT);
	buf_init(&tls->out, OUTPUT_LIMIT);
	ERR_clear_error();
	r = set_up(tls);
	if (r < 0) {
		tls_free(tls);
		return r;
	}
	*ret_tls = tls;
	return 0;
}

int tls_new(struct tls_context *context, struct tls **ret_tls)
{
	return make(context, false, ret_tls);
}

int tls_new_renewing(struct tls_context *context, struct tls **ret_tls)
{
	return make(context, true, ret_tls);
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	buf_done(&tls->in);
	buf_done(&tls->out);
	free(tls->why);
	free(tls);
}

/* ---- work */

int tls_feed(struct tls *tls, const void *bytes, size_t length)
{
	if (!tls->done) {
		if (length > HANDSHAKE_MAX - tls->strange)
			return -EMSGSIZE;
		tls->strange += length;
	}
	return buf_append(&tls->in, bytes, length);
}

/* What was said so far of a handshake is in OpenSSL's hands, or still in ours. */
size_t tls_held(const struct tls *tls)
{
	return tls->in.cap + tls->out.cap + (tls->done ? 0 : tls->strange - buf_length(&tls->in));
}

/* Before a call whose failure is looked up in OpenSSL's queue; clearing costs more than a look. */
static void forget_errors(void)
{
	if (ERR_peek_error())
		ERR_clear_error();
}

/* 0 when OpenSSL only waits for bytes or for room; -ENOTCONN after close_notify; -EPROTO. */
static int outcome(struct tls *tls, int result, struct err *err)
{
	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE: return 0;
	case SSL_ERROR_ZERO_RETURN:
		return err_set(err, -ENOTCONN, "the peer closed the connection");
	default: tls->failed = true; return tls_words(tls, err);
	}
}

static bool speaks_alpn(const struct tls *tls)
{
	const struct tls_alpn *wanted = tls_alpn_of(tls);
	const unsigned char *name;
	unsigned int length;

	SSL_get0_alpn_selected(tls->ssl, &name, &length);
	return length == wanted->length - 1 && memcmp(name, wanted->name + 1, length) == 0;
}

int tls_handshake(struct tls *tls, struct err *err)
{
	int result, r;

	if (tls->done)
		return 1;
	if (tls->failed)
		return err_set(err, -EPROTO, "the handshake failed already");
	forget_errors();
	result = SSL_do_handshake(tls->ssl);
	if (result != 1) {
		r = outcome(tls, result, err);
		if (r == 0)
			buf_release(&tls->in);
		return r == -ENOTCONN ? -EPROTO : r;
	}
	if (!speaks_alpn(tls)) {
		tls->failed = true;
		return err_set(err, -EPROTO, "the peer does not speak " TLS_ALPN);
	}
	tls->done = true;
	return 1;
}

int tls_read(struct tls *tls, void *bytes, size_t size, struct err *err)
{
	size_t length;
	int result, r;

	if (!tls->done || tls->failed)
		return err_set(err, -EPROTO, "there is no connection to read from");
	if (size == 0)
		return 0;
	/* Nothing to decrypt: not asking OpenSSL spares its buffer of 16 KiB. */
	if (buf_length(&tls->in) == 0 && !SSL_has_pending(tls->ssl) &&
		SSL_get_shutdown(tls->ssl) == 0) {
		buf_release(&tls->in);
		return 0;
	}
	forget_errors();
	result = SSL_read_ex(tls->ssl, bytes, size, &length);
	if (result == 1)
		return (int)length;
	r = outcome(tls, result, err);
	if (r == 0)
		buf_release(&tls->in);
	return r;
}

int tls_write(struct tls *tls, const void *bytes, size_t length)
{
	size_t records = length / RECORD_MAX + 1, written;
	size_t sealed = length + records * RECORD_OVERHEAD;

	if (!tls->done || tls->failed)
		return -ENOTCONN;
	if (length == 0)
		return 0;
	if (buf_length(&tls->out) + sealed > OUTPUT_LIMIT - HANDSHAKE_RESERVE)
		return -ENOBUFS;
	forget_errors();
	if (SSL_write_ex(tls->ssl, bytes, length, &written) != 1) {
		/* There was room, so only memory can be short; OpenSSL would want the same bytes
		 * again, which nobody can promise. */
		tls->failed = true;
		ERR_clear_error();
		return -ENOMEM;
	}
	return 0;
}

struct buf *tls_output(struct tls *tls)
{
	return &tls->out;
}

void tls_shutdown(struct tls *tls)
{
	if (!tls->done || tls->failed)
		return;
	ERR_clear_error();
	SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

/* ---- the peer */

bool tls_enrols(const struct tls *tls)
{
	return tls->enrols;
}

bool tls_renews(const struct tls *tls)
{
	return tls->renews;
}

int tls_peer_name(const struct tls *tls, char *ret_name, size_t size)
{
	X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	X509_NAME *subject = certificate ? X509_get_subject_name(certificate) : NULL;
	int at = subject ? X509_NAME_get_index_by_NID(subject, NID_commonName, -1) : -1;
	ASN1_STRING *value;
	unsigned char *text;
	int length, r = 0;

	if (!tls->done || at < 0)
		return -ENOENT;
	value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	length = ASN1_STRING_to_UTF8(&text, value);
	if (length < 0)
		return -EINVAL;
	if (memchr(text, 0, (size_t)length))
		r = -EINVAL; /* a name that ends early for some readers */
	else if ((size_t)length >= size)
		r = -ENAMETOOLONG;
	else
		memcpy(ret_name, text, (size_t)length + 1);
	OPENSSL_free(text);
	return r;
}

int tls_peer_fingerprint(const struct tls *tls, uint8_t ret_print[TLS_FINGERPRINT_BYTES])
{
	X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	unsigned char print[EVP_MAX_MD_SIZE];
	unsigned int length;

	if (!tls->done || !certificate)
		return -ENOENT;
	if (X509_digest(certificate, EVP_sha256(), print, &length) != 1 ||
		length != TLS_FINGERPRINT_BYTES)
		return -EIO;
	memcpy(ret_print, print, length);
	return 0;
}
