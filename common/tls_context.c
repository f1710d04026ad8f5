/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, keys and everything that is decided once for all connections. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "common/tls_internal.h"

/* A chain here is one P-256 certificate of under 1 KiB; bounds what a stranger can make us hold. */
#define CHAIN_MAX_BYTES (16 * 1024)

/* ChaCha20 first: three times as fast as AES on a router without AES instructions, and no slower
 * than what is needed elsewhere. X25519 first for the same reason. */
#define CIPHERS "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"
#define GROUPS "X25519:P-256"

static const unsigned char alpn[] = "\x08" TLS_ALPN; /* as on the wire: length, then the name */
#define ALPN_BYTES (sizeof(alpn) - 1)
_Static_assert(sizeof(TLS_ALPN) - 1 == 8, "the length in front of the ALPN name");

/* Without this OpenSSL asks on the terminal, and a service hangs. */
static int no_password(char *text, int size, int writing, void *arg)
{
	return 0;
}

/* The earliest moment to refuse a stranger who speaks something else: before any costly step. */
static int check_hello(SSL *ssl, int *ret_alert, void *arg)
{
	const unsigned char *offered;
	size_t length;

	if (SSL_client_hello_get0_ext(
		    ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &offered, &length))
		return SSL_CLIENT_HELLO_SUCCESS;
	tls_explain(SSL_get_app_data(ssl), "the peer does not speak " TLS_ALPN);
	*ret_alert = SSL_AD_NO_APPLICATION_PROTOCOL;
	return SSL_CLIENT_HELLO_ERROR;
}

static int choose_alpn(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_length,
	const unsigned char *offered, unsigned int offered_length, void *arg)
{
	unsigned char *name;

	if (SSL_select_next_proto(&name, ret_length, alpn, ALPN_BYTES, offered, offered_length) !=
		OPENSSL_NPN_NEGOTIATED) {
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
	} else {
		sound = sound && SSL_CTX_set_alpn_protos(ssl, alpn, ALPN_BYTES) == 0;
	}
	return sound ? 0 : err_set(err, -ENOTSUP, "this OpenSSL cannot do TLS 1.3 as we need it");
}

static int load_files(SSL_CTX *ssl, const struct tls_settings *settings, struct err *err)
{
	const char *files[] = {settings->ca_file, settings->certificate_file, settings->key_file};

	for (size_t i = 0; i < 3; i++)
		if (access(files[i], R_OK) != 0)
			return err_errno(err, -errno, "%s", files[i]);
	if (SSL_CTX_load_verify_file(ssl, settings->ca_file) != 1)
		return tls_words_file(settings->ca_file, err);
	if (SSL_CTX_use_certificate_chain_file(ssl, settings->certificate_file) != 1)
		return tls_words_file(settings->certificate_file, err);
	if (SSL_CTX_use_PrivateKey_file(ssl, settings->key_file, SSL_FILETYPE_PEM) != 1)
		return tls_words_file(settings->key_file, err);
	return 0;
}

static int set_up(struct tls_context *context, const struct tls_settings *settings, struct err *err)
{
	int r;

	context->role = settings->role;
	context->now_s = settings->now_s;
	context->now_arg = settings->now_arg;
	if (settings->role == TLS_CLIENT) {
		if (!settings->server_name || !*settings->server_name)
			return err_set(err, -EINVAL, "the collector's name is not given");
		context->server_name = strdup(settings->server_name);
	}
	context->bio = tls_bio_method();
	context->ssl = SSL_CTX_new(
		settings->role == TLS_CLIENT ? TLS_client_method() : TLS_server_method());
	if (!context->bio || !context->ssl ||
		(settings->role == TLS_CLIENT && !context->server_name))
		return err_set(err, -ENOMEM, "out of memory");
	r = configure(context, err);
	return r < 0 ? r : load_files(context->ssl, settings, err);
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
	BIO_meth_free(context->bio);
	free(context->server_name);
	free(context);
}
