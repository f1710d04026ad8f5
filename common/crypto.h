/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, for those who keep things by their content. */
#ifndef PANTAU_COMMON_CRYPTO_H
#define PANTAU_COMMON_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

/* 0, or -EIO when the library has no SHA-256 to offer. */
int crypto_sha256(const void *bytes, size_t length, uint8_t ret_digest[SHA256_BYTES]);

#endif
