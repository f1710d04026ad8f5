/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-256-GCM over bytes that fit in memory, and a key that two sides agree on over X25519 (HKDF,
 * SHA-256). Who calls it never uses a nonce twice with one key.
 */
#ifndef PANTAU_COMMON_CRYPTO_SEAL_H
#define PANTAU_COMMON_CRYPTO_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "common/crypto_scrypt.h"
#include "common/err.h"

#define CRYPTO_TAG_BYTES 16
#define CRYPTO_NONCE_BYTES 12
#define CRYPTO_POINT_BYTES 32

struct crypto_sealing {
	uint8_t key[CRYPTO_KEY_BYTES];
	uint8_t nonce[CRYPTO_NONCE_BYTES];
	const void *beside; /* authenticated, not hidden; borrowed */
	size_t beside_length;
};

/* Writes length + CRYPTO_TAG_BYTES. 0, -ENOMEM or -EIO. */
int crypto_seal(
	const struct crypto_sealing *how, const uint8_t *plain, size_t length, uint8_t *ret_sealed);
/* `length` is that of the sealed bytes. -EBADMSG: they are not what was sealed so; ret_plain may
 * have been written to and must not be believed. */
int crypto_unseal(
	const struct crypto_sealing *how, const uint8_t *sealed, size_t length, uint8_t *ret_plain);

struct crypto_pem { /* borrowed */
	const char *text;
	size_t length;
};

/* A fresh key for the holder of the private half of this public X25519 key, and the point that he
 * makes it again from. -EINVAL: the text is no such key. */
int crypto_agree(const struct crypto_pem *public, uint8_t ret_point[CRYPTO_POINT_BYTES],
	uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err);
/* The same key. `secret` opens the PEM if it is encrypted, and may be NULL. */
int crypto_agree_again(const struct crypto_pem *private, const struct crypto_secret *secret,
	const uint8_t point[CRYPTO_POINT_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES],
	struct err *err);

#endif
