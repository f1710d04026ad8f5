/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, keys and everything that is decided once for all connections. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "common/tls_internal.h"

/* A chain here is one P-256 certificate of under 1 KiB; bounds what a stranger can make us hold. */
#define CHAIN_MAX_BYTES (16 * 1024)

/* ChaCha20 first: three times as fast as AES on a router without AES instructions, and no slower
 * than what is needed elsewhere. X25519 first for the same reason. */
#define CIPHERS "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"
#define GROUPS "X25519:P-256"

/* Without this OpenSSL asks on the terminal, and a service hangs. */
static int no_password(char *text, int size, int writing, void *arg)
{
	return 0;
}

/* A client of this protocol, and nothing else: the extension is a length of two bytes and its
 * name. */
static bool offers_only(const struct tls_alpn *alpn, const unsigned char *offered, size_t length)
{
	return length == 2 + alpn->length && memcmp(offered + 2, alpn->name, alpn->length) == 0;
}

/* A client that enrols is asked for no certificate, and is shown the CA's, of which it has the
 * pin. One that renews may show a certificate that has expired. */
static void note_purpose(SSL *ssl, const unsigned char *offered, size_t length)
{
	struct tls *tls = SSL_get_app_data(ssl);

	if (!tls->context->ca)
		return;
	if (offers_only(&tls_alpn_renew, offered, length)) {
		tls->renews = true;
		/* The one flag counts only without the other, which a time that was set brings. */
		X509_VERIFY_PARAM_clear_flags(SSL_get0_param(ssl), X509_V_FLAG_USE_CHECK_TIME);
		X509_VERIFY_PARAM_set_flags(SSL_get0_param(ssl), X509_V_FLAG_NO_CHECK_TIME);
	} else if (offers_only(&tls_alpn_enrol, offered, length) &&
		SSL_add1_chain_cert(ssl, tls->context->ca) == 1) {
		tls->enrols = true;
		SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
	}
}

/* The earliest moment to refuse a stranger who speaks something else: before any costly step. */
static int check_hello(SSL *ssl, int *ret_alert, void *arg)
{
	const unsigned char *offered;
	size_t length;

	if (SSL_client_hello_get0_ext(
		    ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &offered, &length)) {
		note_purpose(ssl, offered, length);
		return SSL_CLIENT_HELLO_SUCCESS;
	}
	tls_explain(SSL_get_app_data(ssl), "the peer does not speak " TLS_ALPN);
	*ret_alert = SSL_AD_NO_APPLICATION_PROTOCOL;
	return SSL_CLIENT_HELLO_ERROR;
}

static int choose_alpn(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_length,
	const unsigned char *offered, unsigned int offered_length, void *arg)
{
	const struct tls_alpn *alpn = tls_alpn_of(SSL_get_app_data(ssl));
	unsigned char *name;

	if (SSL_select_next_proto(&name, ret_length, alpn->name, (unsigned)alpn->length, offered,
		    offered_length) != OPENSSL_NPN_NEGOTIATED) {
		tls_explain(SSL_get_app_data(ssl), "the peer does not speak " TLS_ALPN);
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	}
	*ret_name = name;
	return SSL_TLSEXT_ERR_OK;
}

static int configure(struct tls_context *context, struct err *err)
{
	SSL_CTX *ssl = context->ssl;
	int sound;

	/* Without NO_AUTO_CHAIN the CA's certificate, which the peer has, goes over the wire too,
	 * and the peer keeps it parsed: 4 KB a connection. */
	SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
	SSL_CTX_set_max_cert_list(ssl, CHAIN_MAX_BYTES);
	SSL_CTX_set_default_passwd_cb(ssl, no_password);
	SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, tls_verify);
	sound = SSL_CTX_set_min_proto_version(ssl, TLS1_3_VERSION) == 1 &&
		SSL_CTX_set_max_proto_version(ssl, TLS1_3_VERSION) == 1 &&
		SSL_CTX_set_num_tickets(ssl, 0) == 1 &&
		SSL_CTX_set_ciphersuites(ssl, CIPHERS) == 1 &&
		SSL_CTX_set1_groups_list(ssl, GROUPS) == 1;
	if (context->role == TLS_SERVER) {
		SSL_CTX_set_client_hello_cb(ssl, check_hello, NULL);
		SSL_CTX_set_alpn_select_cb(ssl, choose_alpn, NULL);
	} else if (context->pinned) {
		SSL_CTX_set_cert_verify_callback(ssl, tls_verify_pin, context);
	}
	return sound ? 0 : err_set(err, -ENOTSUP, "this OpenSSL cannot do TLS 1.3 as we need it");
}

static int load_files(
	struct tls_context *context, const struct tls_settings *settings, struct err *err)
{
	if (access(settings->ca_file, R_OK) != 0)
		return err_errno(err, -errno, "%s", settings->ca_file);
	if (SSL_CTX_load_verify_file(context->ssl, settings->ca_file) != 1)
		return tls_words_file(settings->ca_file, err);
	return tls_context_use(context, settings->certificate_file, settings->key_file, err);
}

/* The first certificate of the file: what a pin is compared with. */
static int load_pinned(struct tls_context *context, const char *path, struct err *err)
{
	BIO *bio = BIO_new_file(path, "r");

	context->ca = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
	BIO_free(bio);
	return context->ca ? 0 : tls_words_file(path, err);
}

static int set_role(
	struct tls_context *context, const struct tls_settings *settings, struct err *err)
{
	context->role = settings->role;
	context->now_s = settings->now_s;
	context->now_arg = settings->now_arg;
	if (settings->pin) {
		context->pinned = true;
		memcpy(context->pin, settings->pin, sizeof(context->pin));
	} else if (settings->role == TLS_CLIENT) {
		if (!settings->server_name || !*settings->server_name)
			return err_set(err, -EINVAL, "the collector's name is not given");
		context->server_name = strdup(settings->server_name);
		if (!context->server_name)
			return err_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

static int set_up(struct tls_context *context, const struct tls_settings *settings, struct err *err)
{
	int r = set_role(context, settings, err);

	if (r < 0)
		return r;
	context->bio = tls_bio_method();
	context->ssl = SSL_CTX_new(
		settings->role == TLS_CLIENT ? TLS_client_method() : TLS_server_method());
	if (!context->bio || !context->ssl)
		return err_set(err, -ENOMEM, "out of memory");
	r = configure(context, err);
	if (r == 0 && !settings->pin)
		r = load_files(context, settings, err);
	if (r == 0 && settings->enrols)
		r = load_pinned(context, settings->ca_file, err);
	return r;
}

int tls_context_new(
	const struct tls_settings *settings, struct tls_context **ret_context, struct err *err)
{
	struct tls_context *context = calloc(1, sizeof(*context));
	int r;

	if (!context)
		return err_set(err, -ENOMEM, "out of memory");
	ERR_clear_error();
	r = set_up(context, settings, err);
	if (r < 0) {
		tls_context_free(context);
		return r;
	}
	*ret_context = context;
	return 0;
}

void tls_context_free(struct tls_context *context)
{
	if (!context)
		return;
	SSL_CTX_free(context->ssl);
	X509_free(context->ca);
	BIO_meth_free(context->bio);
	free(context->server_name);
	free(context);
}
