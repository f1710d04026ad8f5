/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the TLS engine share; nobody else includes this. */
#ifndef PANTAU_COMMON_TLS_INTERNAL_H
#define PANTAU_COMMON_TLS_INTERNAL_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "common/tls.h"

struct tls_context {
	SSL_CTX *ssl;
	BIO_METHOD *bio;
	enum tls_role role;
	char *server_name; /* client only */
	int64_t (*now_s)(void *arg);
	void *now_arg;
};

struct tls {
	struct tls_context *context;
	SSL *ssl;
	struct buf in, out; /* cipher bytes */
	char *why; /* words of a check of ours that failed inside OpenSSL's callbacks */
	bool done; /* the handshake */
	bool failed; /* no call into OpenSSL makes sense any more */
};

/* tls_context.c hands these to OpenSSL; tls.c and tls_words.c have them. */
BIO_METHOD *tls_bio_method(void);
int tls_verify(int sound, X509_STORE_CTX *store);
/* Remembers the words for the message of the failure; the first ones stay. Copies. */
void tls_explain(struct tls *tls, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* -EPROTO with the words of `why`, or else with those for what OpenSSL's error queue holds. */
int tls_words(const struct tls *tls, struct err *err);
/* -EINVAL: "PATH: " and what OpenSSL says about the file. */
int tls_words_file(const char *path, struct err *err);

#endif
