/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrypt (RFC 7914): a key from a password, dear on purpose in time and memory (128 * r * 2^log_n
 * bytes at a time). Who calls it for strangers bounds how many run at once.
 */
#ifndef PANTAU_COMMON_CRYPTO_SCRYPT_H
#define PANTAU_COMMON_CRYPTO_SCRYPT_H

#include <stddef.h>
#include <stdint.h>

#define CRYPTO_SALT_BYTES 16
#define CRYPTO_KEY_BYTES 32
#define CRYPTO_LOG_N_MAX 17
#define CRYPTO_R_MAX 8
#define CRYPTO_P_MAX 4
#define CRYPTO_MEMORY_MAX (160ULL << 20) /* the dearest cost of these takes 128 MiB */

struct crypto_secret { /* borrowed */
	const char *bytes;
	size_t length;
};

struct crypto_cost {
	unsigned log_n, r, p;
};

/* 0; -EINVAL: a cost beyond the limits; -ENOMEM. */
int crypto_scrypt(const struct crypto_secret *secret, const struct crypto_cost *cost,
	const uint8_t salt[CRYPTO_SALT_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES]);

/* Unpredictable bytes. 0 or -EIO. */
int crypto_random(void *ret_bytes, size_t length);
/* Nothing of them stays in memory. */
void crypto_forget(void *bytes, size_t length);

#endif
