/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file with a key or a password: what is taken can be written and read again. */
#include <string.h>

#include "collector/closing/keys.h"
#include "collector/export/secret.h"
#include "collector/reflector/master.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

static void check_private(const uint8_t *bytes, size_t size)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES], again[CRYPTO_PUBLIC_BYTES];
	struct crypto_key *key, *back;
	struct buf pem;

	if (crypto_key_read(bytes, size, &key, NULL) < 0)
		return;
	buf_init(&pem, CLOSING_KEY_MAX);
	FUZZ_CHECK(crypto_key_public(key, public, NULL) == 0);
	FUZZ_CHECK(crypto_key_write(key, &pem, NULL) == 0);
	FUZZ_CHECK(crypto_key_read(buf_peek(&pem), buf_length(&pem), &back, NULL) == 0);
	FUZZ_CHECK(crypto_key_public(back, again, NULL) == 0);
	FUZZ_CHECK(memcmp(public, again, sizeof(again)) == 0);
	crypto_key_free(back);
	crypto_key_free(key);
	buf_done(&pem);
}

/* Two doors to the same: a file of PEM is read as the bytes are. */
static void check_public(const struct place *place, const uint8_t *bytes, size_t size)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES], again[CRYPTO_PUBLIC_BYTES];
	struct err err = {.text = ""};
	int r = closing_public_read(place->path, again, &err);

	FUZZ_CHECK(r == 0 || err.text[0]);
	if (crypto_public_read(bytes, size, public, NULL) == 0 && size <= CLOSING_KEY_MAX)
		FUZZ_CHECK(r == 0 && memcmp(public, again, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t master[STAMP_MASTER_BYTES];
	struct err err = {.text = ""};
	struct place place;
	char *secret;

	place_make(&place);
	place_put(&place, "stamp.key", bytes, size);
	check_private(bytes, size);
	check_public(&place, bytes, size);
	FUZZ_CHECK(master_read(place.folder, master, &err) == 0 || err.text[0]);
	if (secret_read(place.path, &secret, &err) == 0) {
		FUZZ_CHECK(strlen(secret) <= size && !strpbrk(secret, "\r\n"));
		FUZZ_CHECK(memcmp(secret, bytes, strlen(secret)) == 0);
		free(secret);
	}
	place_drop(&place);
	return 0;
}
