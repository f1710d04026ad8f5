/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 signatures (RFC 8032) over bytes in memory, and their keys as PEM. Who verifies needs no
 * more than the 32 bytes of the public key.
 */
#ifndef PANTAU_COMMON_CRYPTO_SIGN_H
#define PANTAU_COMMON_CRYPTO_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define CRYPTO_PUBLIC_BYTES 32
#define CRYPTO_SIGNATURE_BYTES 64

struct crypto_key; /* a private key */

int crypto_key_make(struct crypto_key **ret_key, struct err *err);
/* PKCS #8 in PEM, without a password. -EINVAL: it is no Ed25519 key. */
int crypto_key_read(const void *pem, size_t length, struct crypto_key **ret_key, struct err *err);
/* Wipes it; NULL is accepted. */
void crypto_key_free(struct crypto_key *key);

/* Appends the private key as PEM; the caller wipes it: crypto_wipe(). */
int crypto_key_write(const struct crypto_key *key, struct buf *out, struct err *err);
/* Appends the public key as PEM (SubjectPublicKeyInfo). */
int crypto_key_write_public(const struct crypto_key *key, struct buf *out, struct err *err);
int crypto_key_public(
	const struct crypto_key *key, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err);
/* A public key out of PEM. -EINVAL: it is no Ed25519 key. */
int crypto_public_read(
	const void *pem, size_t length, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err);

int crypto_sign(const struct crypto_key *key, const void *bytes, size_t length,
	uint8_t ret_signature[CRYPTO_SIGNATURE_BYTES], struct err *err);

struct crypto_signed { /* borrowed */
	const void *bytes;
	size_t length;
	const uint8_t *signature; /* CRYPTO_SIGNATURE_BYTES */
	const uint8_t *public; /* CRYPTO_PUBLIC_BYTES */
};
bool crypto_verify(const struct crypto_signed *claim);

/* Nothing of it stays in memory. */
void crypto_wipe(struct buf *buf);

#endif
