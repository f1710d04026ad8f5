/* SPDX-License-Identifier: Apache-2.0 */
#include "common/crypto.h"

#include <errno.h>
#include <openssl/sha.h>
#include <string.h>

int crypto_sha256(const void *bytes, size_t length, uint8_t ret_digest[SHA256_BYTES])
{
	return SHA256(bytes, length, ret_digest) ? 0 : -EIO;
}

static const char digits[] = "0123456789abcdef";

void hex_format(const uint8_t *bytes, size_t length, char *ret_text)
{
	for (size_t i = 0; i < length; i++) {
		ret_text[2 * i] = digits[bytes[i] >> 4];
		ret_text[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_text[2 * length] = '\0';
}

int hex_parse(const char *text, uint8_t *ret_bytes, size_t length)
{
	if (strlen(text) != 2 * length || strspn(text, digits) != 2 * length)
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		ret_bytes[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 |
			(strchr(digits, text[2 * i + 1]) - digits));
	return 0;
}
