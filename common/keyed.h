/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The content of a speed test: bytes that follow from a nonce, so that either end knows what must
 * come, and a cache that answers with yesterday's shows. It is no cipher: who knows the program can
 * make the bytes; what proves who answered is TLS.
 *
 *   eight bytes at 8 * i, low byte first: mix(nonce + (i + 1) * 0x9e3779b97f4a7c15)
 *   mix(z): z ^= z >> 30, z *= 0xbf58476d1ce4e5b9, z ^= z >> 27, z *= 0x94d049bb133111eb,
 *           z ^= z >> 31                                             (SplitMix64)
 */
#ifndef PANTAU_COMMON_KEYED_H
#define PANTAU_COMMON_KEYED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYED_NONCE_DIGITS 16 /* of the nonce as it stands in a URL: lower-case hexadecimal */

/* The bytes at `offset`. */
void keyed_fill(uint64_t nonce, uint64_t offset, void *ret_bytes, size_t length);
bool keyed_check(uint64_t nonce, uint64_t offset, const void *bytes, size_t length);

/* 0 or -EINVAL. */
int keyed_nonce_parse(const char *text, uint64_t *ret_nonce);

#endif
