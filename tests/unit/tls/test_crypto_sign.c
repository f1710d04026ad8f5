/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/crypto.h"
#include "common/crypto_sign.h"

/* RFC 8032 section 7.1, test 2: a message of one byte. */
static void signature_of_the_standard_is_verified(void **state)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES], signature[CRYPTO_SIGNATURE_BYTES], message = 0x72;
	const struct crypto_signed claim = {&message, 1, signature, public};

	assert_int_equal(
		hex_parse("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
			public, sizeof(public)),
		0);
	assert_int_equal(
		hex_parse("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
			  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
			signature, sizeof(signature)),
		0);
	assert_true(crypto_verify(&claim));
	signature[63] ^= 0x80;
	assert_false(crypto_verify(&claim));
	signature[63] ^= 0x80;
	message = 0x73;
	assert_false(crypto_verify(&claim));
}

static void key_is_kept_as_pem(void **state)
{
	uint8_t signature[CRYPTO_SIGNATURE_BYTES], public[CRYPTO_PUBLIC_BYTES], again[32];
	const struct crypto_signed claim = {"month", 5, signature, public};
	struct crypto_key *key, *read;
	struct buf private_pem, public_pem;

	buf_init(&private_pem, 65536);
	buf_init(&public_pem, 65536);
	assert_int_equal(crypto_key_make(&key, NULL), 0);
	assert_int_equal(crypto_key_write(key, &private_pem, NULL), 0);
	assert_int_equal(crypto_key_write_public(key, &public_pem, NULL), 0);
	assert_int_equal(
		crypto_key_read(buf_peek(&private_pem), buf_length(&private_pem), &read, NULL), 0);
	assert_int_equal(
		crypto_public_read(buf_peek(&public_pem), buf_length(&public_pem), public, NULL),
		0);
	assert_int_equal(crypto_key_public(key, again, NULL), 0);
	assert_memory_equal(public, again, sizeof(public));
	assert_int_equal(crypto_sign(read, "month", 5, signature, NULL), 0);
	assert_true(crypto_verify(&claim));
	assert_int_equal(
		crypto_key_read(buf_peek(&public_pem), buf_length(&public_pem), &read, NULL),
		-EINVAL);
	assert_int_equal(crypto_public_read("x", 1, public, NULL), -EINVAL);
	crypto_wipe(&private_pem);
	buf_done(&public_pem);
	crypto_key_free(key);
	crypto_key_free(read);
}

static void hexadecimal_is_strict(void **state)
{
	uint8_t bytes[2];
	char text[5];

	assert_int_equal(hex_parse("0fa5", bytes, 2), 0);
	hex_format(bytes, 2, text);
	assert_string_equal(text, "0fa5");
	assert_int_equal(hex_parse("0FA5", bytes, 2), -EINVAL);
	assert_int_equal(hex_parse("0fa", bytes, 2), -EINVAL);
	assert_int_equal(hex_parse("0fa5c", bytes, 2), -EINVAL);
	assert_int_equal(hex_parse("0fag", bytes, 2), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature_of_the_standard_is_verified),
		cmocka_unit_test(key_is_kept_as_pem),
		cmocka_unit_test(hexadecimal_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
