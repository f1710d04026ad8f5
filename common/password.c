/* SPDX-License-Identifier: Apache-2.0 */
#include "common/password.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "common/crypto_scrypt.h"

/* 32 MiB and about 0.1 s: what a guesser's graphics card cannot do a million times at once. */
static const struct crypto_cost cost_now = {.log_n = 15, .r = 8, .p = 1};

struct kept {
	struct crypto_cost cost;
	uint8_t salt[CRYPTO_SALT_BYTES], key[CRYPTO_KEY_BYTES];
};

int password_check(const char *account, const char *password, struct err *err)
{
	size_t length = strlen(password);

	if (length < PASSWORD_MIN)
		return err_set(err, -EINVAL, "the password is too short: %d characters at least",
			PASSWORD_MIN);
	if (length > PASSWORD_MAX)
		return err_set(
			err, -EINVAL, "the password is too long: %d bytes at most", PASSWORD_MAX);
	for (const char *c = password; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(err, -EINVAL, "the password holds a control character");
	}
	if (account[0] && strstr(password, account))
		return err_set(err, -EINVAL, "the password holds the account's name");
	if (strspn(password, (char[]){password[0], '\0'}) == length)
		return err_set(err, -EINVAL, "the password is one character, repeated");
	return 0;
}

static struct crypto_secret secret_of(const char *password)
{
	return (struct crypto_secret){password, strnlen(password, PASSWORD_MAX + 1)};
}

int password_keep(const char *password, char ret_kept[PASSWORD_KEPT_BYTES])
{
	const struct crypto_secret secret = secret_of(password);
	char salt[2 * CRYPTO_SALT_BYTES + 1], key[2 * CRYPTO_KEY_BYTES + 1];
	struct kept kept = {.cost = cost_now};
	int r = crypto_random(kept.salt, sizeof(kept.salt));

	if (r == 0)
		r = crypto_scrypt(&secret, &kept.cost, kept.salt, kept.key);
	if (r < 0)
		return r;
	hex_format(kept.salt, sizeof(kept.salt), salt);
	hex_format(kept.key, sizeof(kept.key), key);
	snprintf(ret_kept, PASSWORD_KEPT_BYTES, "scrypt$%u$%u$%u$%s$%s", kept.cost.log_n,
		kept.cost.r, kept.cost.p, salt, key);
	return 0;
}

static int read_kept(const char *text, struct kept *ret_kept)
{
	char salt[2 * CRYPTO_SALT_BYTES + 1] = "", key[2 * CRYPTO_KEY_BYTES + 1] = "";
	struct kept kept;
	int end = 0;

	if (sscanf(text, "scrypt$%3u$%3u$%3u$%32[0-9a-f]$%64[0-9a-f]%n", &kept.cost.log_n,
		    &kept.cost.r, &kept.cost.p, salt, key, &end) != 5 ||
		text[end] || hex_parse(salt, kept.salt, sizeof(kept.salt)) < 0 ||
		hex_parse(key, kept.key, sizeof(kept.key)) < 0)
		return -EINVAL;
	*ret_kept = kept;
	return 0;
}

bool password_matches(const char *password, const char *kept_text)
{
	const struct crypto_secret secret = secret_of(password);
	struct kept kept = {.cost = cost_now};
	uint8_t key[CRYPTO_KEY_BYTES];
	bool known = kept_text && read_kept(kept_text, &kept) == 0;

	if (crypto_scrypt(&secret, &kept.cost, kept.salt, key) < 0)
		return false;
	return known && secret.length <= PASSWORD_MAX && crypto_same(key, kept.key, sizeof(key));
}

int password_make(char ret_password[PASSWORD_MADE_BYTES])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* 32 of them */
	uint8_t random[PASSWORD_MADE_BYTES];
	int r = crypto_random(random, sizeof(random));

	if (r < 0)
		return r;
	for (size_t i = 0; i < PASSWORD_MADE_BYTES - 1; i++)
		ret_password[i] = i % 5 == 4 ? '-' : letters[random[i] & 31];
	ret_password[PASSWORD_MADE_BYTES - 1] = '\0';
	return 0;
}
