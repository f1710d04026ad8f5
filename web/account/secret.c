/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/secret.h"

#include <string.h>
#include <strings.h>

#include "common/crypto.h"
#include "common/crypto_scrypt.h"

#define SECRET_LENGTH (SECRET_BYTES - 1)
#define DIGITS "0123456789abcdef"

static const char csrf_purpose[] = "pantau change";

int secret_make(char ret_secret[SECRET_BYTES])
{
	uint8_t bytes[SECRET_LENGTH / 2];
	int r = crypto_random(bytes, sizeof(bytes));

	if (r == 0)
		hex_format(bytes, sizeof(bytes), ret_secret);
	return r;
}

int secret_hash(const char *secret, char ret_hash[REGISTRY_HEX_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	int r = crypto_sha256(secret, strlen(secret), digest);

	if (r == 0)
		hex_format(digest, sizeof(digest), ret_hash);
	return r;
}

int secret_csrf(const char *secret, char ret_csrf[SECRET_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	int r = crypto_hmac((const uint8_t *)secret, strlen(secret), csrf_purpose,
		sizeof(csrf_purpose) - 1, digest);

	if (r == 0)
		hex_format(digest, sizeof(digest), ret_csrf);
	return r;
}

bool secret_same(const char *a, const char *b)
{
	size_t length = strlen(a);

	return strlen(b) == length && crypto_same(a, b, length);
}

/* The text up to any of `ends` is a secret. */
static bool take(const char *text, const char *ends, char ret_secret[SECRET_BYTES])
{
	if (strspn(text, DIGITS) != SECRET_LENGTH)
		return false;
	if (text[SECRET_LENGTH] && !strchr(ends, text[SECRET_LENGTH]))
		return false;
	memcpy(ret_secret, text, SECRET_LENGTH);
	ret_secret[SECRET_LENGTH] = '\0';
	return true;
}

bool secret_in_cookie(const char *header, const char *name, char ret_secret[SECRET_BYTES])
{
	size_t length = strlen(name);

	while (header && *header) {
		header += strspn(header, " ;");
		if (strncmp(header, name, length) == 0 && header[length] == '=')
			return take(header + length + 1, "; ", ret_secret);
		header = strchr(header, ';');
	}
	return false;
}

bool secret_in_bearer(const char *header, char ret_secret[SECRET_BYTES])
{
	static const char scheme[] = "Bearer ";

	return strncasecmp(header, scheme, sizeof(scheme) - 1) == 0 &&
		take(header + sizeof(scheme) - 1, "", ret_secret);
}
