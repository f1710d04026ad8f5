/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the TLS engine share; nobody else includes this. */
#ifndef PANTAU_COMMON_TLS_INTERNAL_H
#define PANTAU_COMMON_TLS_INTERNAL_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "common/tls.h"

struct tls_context {
	SSL_CTX *ssl;
	X509 *ca; /* server that enrols: what the pin is of */
	bool pinned; /* client that enrols */
	uint8_t pin[TLS_FINGERPRINT_BYTES];
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
	size_t strange; /* bytes taken before it was done */
	bool done; /* the handshake */
	bool enrols, renews; /* by ALPN */
	bool failed; /* no call into OpenSSL makes sense any more */
};

/* ALPN names as on the wire: length, then the name (tls_alpn.c). */
struct tls_alpn {
	const unsigned char *name;
	size_t length;
};
extern const struct tls_alpn tls_alpn, tls_alpn_enrol, tls_alpn_renew;
/* The one that this connection is about. */
const struct tls_alpn *tls_alpn_of(const struct tls *tls);

/* tls_context.c hands these to OpenSSL; tls.c and tls_words.c have them. */
BIO_METHOD *tls_bio_method(void);
int tls_verify(int sound, X509_STORE_CTX *store);
/* The same by the pin alone; `arg` is the context (tls_pin.c). */
int tls_verify_pin(X509_STORE_CTX *store, void *arg);
/* Remembers the words for the message of the failure; the first ones stay. Copies. */
void tls_explain(struct tls *tls, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* -EPROTO with the words of `why`, or else with those for what OpenSSL's error queue holds. */
int tls_words(const struct tls *tls, struct err *err);
/* -EINVAL: "PATH: " and what OpenSSL says about the file. */
int tls_words_file(const char *path, struct err *err);

#endif
