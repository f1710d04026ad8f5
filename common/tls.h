/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS 1.3 engine without I/O: bytes of the network in and out on one side, plain bytes on the
 * other, the same code on both ends. Mutual certificates, one private CA, ALPN pantau/1, no
 * tickets: each connection looks at both anew. Two exceptions: to enrol, ALPN pantau-enrol/1, a
 * router that has no certificate yet recognises the collector by the pin of its CA's key alone,
 * whatever its clock says; to renew, ALPN pantau-renew/1, a client's may have expired.
 *
 *     socket -> tls_feed()  -> [ engine ] -> tls_read()  -> frames
 *     socket <- tls_output() <- [ engine ] <- tls_write() <- frames
 */
#ifndef PANTAU_COMMON_TLS_H
#define PANTAU_COMMON_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define TLS_ALPN "pantau/1"
#define TLS_ALPN_ENROL "pantau-enrol/1"
#define TLS_ALPN_RENEW "pantau-renew/1"
#define TLS_FINGERPRINT_BYTES 32 /* SHA-256 of the certificate in DER */

/* 2020-01-01. Certificates are checked as if no clock were earlier, and the signer's are valid from
 * here on: a router without a battery starts in 1970 and learns the time by connecting. */
#define TLS_CLOCK_FLOOR_S 1577836800

enum tls_role { TLS_CLIENT, TLS_SERVER };

struct tls_settings {
	enum tls_role role;
	const char *ca_file, *certificate_file, *key_file; /* PEM; read once, borrowed only then */
	const char *server_name; /* client: what the server's certificate must name */
	int64_t (*now_s)(void *arg); /* time for checking certificates; NULL: the system's */
	void *now_arg;
	bool enrols; /* server: lets clients without a certificate in, as tls_enrols() tells */
	/* Client, to enrol: SHA-256 of the CA's public key (SubjectPublicKeyInfo). Then there are
	 * no files, no name and no clock. */
	const uint8_t *pin;
};

struct tls_context; /* certificates and keys, shared by many engines */
struct tls; /* one connection */

int tls_context_new(
	const struct tls_settings *settings, struct tls_context **ret_context, struct err *err);
void tls_context_free(struct tls_context *context);

/* Another certificate and its key for the connections that are made from now on. When that fails
 * the context is as good as none until it succeeds. */
int tls_context_use(struct tls_context *context, const char *certificate_file, const char *key_file,
	struct err *err);

/* Borrows the context, which must live longer. */
int tls_new(struct tls_context *context, struct tls **ret_tls);
/* The same of a client that asks for its next certificate: pantau-renew/1. */
int tls_new_renewing(struct tls_context *context, struct tls **ret_tls);
void tls_free(struct tls *tls);

/* Copies cipher bytes in. -ENOBUFS when too much waits unread, -EMSGSIZE when a stranger says more
 * than any handshake takes. */
int tls_feed(struct tls *tls, const void *bytes, size_t length);
/* Bytes that the peer makes it hold now, beside the 20 KB that every connection takes. */
size_t tls_held(const struct tls *tls);
/* Advances the handshake as far as the bytes allow. 1: done, 0: wants more bytes, -EPROTO with
 * words (wrong CA, expired, wrong name, no certificate, no common ALPN). Output may wait even after
 * failure: the alert that tells the peer. In TLS 1.3 a client is done before the server has looked
 * at its certificate: the refusal then comes out of tls_read(). */
int tls_handshake(struct tls *tls, struct err *err);
/* Plain bytes: > 0 how many, 0 none now, -ENOTCONN the peer closed in order, -EPROTO with words. */
int tls_read(struct tls *tls, void *bytes, size_t size, struct err *err);
/* Encrypts all or nothing. -ENOBUFS when more output waits than the limit. */
int tls_write(struct tls *tls, const void *bytes, size_t length);
/* Cipher bytes waiting to be sent; the caller sends and consumes from this buffer. */
struct buf *tls_output(struct tls *tls);
/* Queues close_notify. */
void tls_shutdown(struct tls *tls);

/* Server: the client speaks pantau-enrol/1, and showed no certificate. */
bool tls_enrols(const struct tls *tls);
/* Server: the client speaks pantau-renew/1. Whether its certificate has expired was not looked
 * at. */
bool tls_renews(const struct tls *tls);

/* Of the peer's verified certificate, once the handshake is done. */
int tls_peer_name(const struct tls *tls, char *ret_name, size_t size); /* subject CN */
int tls_peer_fingerprint(const struct tls *tls, uint8_t ret_print[TLS_FINGERPRINT_BYTES]);

#endif
