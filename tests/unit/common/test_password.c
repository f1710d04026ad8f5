/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/crypto.h"
#include "common/crypto_scrypt.h"
#include "common/password.h"

/* The expected key is that of another implementation, Python's hashlib.scrypt. */
static void scrypt_agrees_with_another_implementation(void **state)
{
	static const uint8_t salt[CRYPTO_SALT_BYTES] = {
		'N', 'a', 'C', 'l', 'N', 'a', 'C', 'l', 'N', 'a', 'C', 'l', 'N', 'a', 'C', 'l'};
	const struct crypto_secret secret = {"pleaseletmein", 13};
	const struct crypto_cost cost = {10, 8, 1};
	uint8_t key[CRYPTO_KEY_BYTES];
	char text[2 * CRYPTO_KEY_BYTES + 1];

	assert_int_equal(crypto_scrypt(&secret, &cost, salt, key), 0);
	hex_format(key, sizeof(key), text);
	assert_string_equal(
		text, "20e89ac8829e85464ccf7c26263ed61152870d09e6406edf0d00b8f1f639db4d");
}

static void a_cost_beyond_the_limits_is_refused(void **state)
{
	static const struct crypto_cost dear[] = {
		{0, 8, 1}, {18, 8, 1}, {10, 9, 1}, {10, 8, 5}, {10, 0, 1}, {10, 8, 0}, {64, 8, 1}};
	static const uint8_t salt[CRYPTO_SALT_BYTES];
	const struct crypto_secret secret = {"x", 1};
	uint8_t key[CRYPTO_KEY_BYTES];

	for (size_t i = 0; i < sizeof(dear) / sizeof(dear[0]); i++)
		assert_int_equal(crypto_scrypt(&secret, &dear[i], salt, key), -EINVAL);
}

static void a_kept_password_matches_itself_alone(void **state)
{
	char kept[PASSWORD_KEPT_BYTES], again[PASSWORD_KEPT_BYTES];

	assert_int_equal(password_keep("sebuah kata sandi", kept), 0);
	assert_int_equal(password_keep("sebuah kata sandi", again), 0);
	assert_string_not_equal(kept, again); /* by their salts */
	assert_null(strstr(kept, "sandi"));
	assert_int_equal(strncmp(kept, "scrypt$15$8$1$", 14), 0);
	assert_true(password_matches("sebuah kata sandi", kept));
	assert_false(password_matches("sebuah kata sandI", kept));
	assert_false(password_matches("", kept));
}

static void what_is_damaged_or_missing_matches_nothing(void **state)
{
	static const char *const damaged[] = {"", "scrypt", "scrypt$10$8$1$00$00", "plain$x",
		"scrypt$10$8$1$00000000000000000000000000000000$"
		"0000000000000000000000000000000000000000000000000000000000000000x",
		"scrypt$99$8$1$00000000000000000000000000000000$"
		"0000000000000000000000000000000000000000000000000000000000000000"};

	assert_false(password_matches("x", NULL));
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++)
		assert_false(password_matches("x", damaged[i]));
}

static void what_is_asked_of_a_password(void **state)
{
	char longest[PASSWORD_MAX + 2];
	struct err err = {0};

	memset(longest, 'a', sizeof(longest));
	longest[0] = 'b';
	longest[PASSWORD_MAX + 1] = '\0';
	assert_int_equal(password_check("budi", longest, &err), -EINVAL);
	longest[PASSWORD_MAX] = '\0';
	assert_int_equal(password_check("budi", longest, &err), 0);
	assert_int_equal(password_check("budi", "sebelas sih", &err), -EINVAL);
	assert_non_null(strstr(err.text, "12"));
	assert_int_equal(password_check("budi", "dua belas si", &err), 0);
	assert_int_equal(password_check("budi", "budi budi budi", &err), -EINVAL);
	assert_int_equal(password_check("budi", "xxxxxxxxxxxxxxxx", &err), -EINVAL);
	assert_int_equal(password_check("budi", "ada\ttab di sini", &err), -EINVAL);
	assert_int_equal(password_check("budi", "padi menguning \xf0\x9f\x8c\xbe", &err), 0);
}

static void a_made_password_is_good_and_never_the_same(void **state)
{
	char one[PASSWORD_MADE_BYTES], other[PASSWORD_MADE_BYTES];

	assert_int_equal(password_make(one), 0);
	assert_int_equal(password_make(other), 0);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), PASSWORD_MADE_BYTES - 1);
	assert_int_equal(strspn(one, "abcdefghijkmnpqrstuvwxyz23456789-"), strlen(one));
	assert_int_equal(password_check("admin", one, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scrypt_agrees_with_another_implementation),
		cmocka_unit_test(a_cost_beyond_the_limits_is_refused),
		cmocka_unit_test(a_kept_password_matches_itself_alone),
		cmocka_unit_test(what_is_damaged_or_missing_matches_nothing),
		cmocka_unit_test(what_is_asked_of_a_password),
		cmocka_unit_test(a_made_password_is_good_and_never_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
