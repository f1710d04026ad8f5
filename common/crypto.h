/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, for those who keep things by their content or share a key. */
#ifndef PANTAU_COMMON_CRYPTO_H
#define PANTAU_COMMON_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

/* 0, or -EIO when the library has no SHA-256 to offer. */
int crypto_sha256(const void *bytes, size_t length, uint8_t ret_digest[SHA256_BYTES]);

/* HMAC (RFC 2104) with SHA-256. 0 or -EIO. In a file of its own: the agent needs no more. */
int crypto_hmac(const uint8_t *key, size_t key_length, const void *bytes, size_t length,
	uint8_t ret_digest[SHA256_BYTES]);
/* In a time that does not depend on where they differ. */
bool crypto_same(const void *a, const void *b, size_t length);

/* Bytes as lower-case hexadecimal and its 0: 2 * length + 1 bytes. */
void hex_format(const uint8_t *bytes, size_t length, char *ret_text);
/* The text is exactly 2 * length lower-case digits. 0 or -EINVAL. */
int hex_parse(const char *text, uint8_t *ret_bytes, size_t length);

#endif
