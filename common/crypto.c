/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto.h"

#include <errno.h>
#include <openssl/sha.h>

int crypto_sha256(const void *bytes, size_t length, uint8_t ret_digest[SHA256_BYTES])
{
	return SHA256(bytes, length, ret_digest) ? 0 : -EIO;
}
