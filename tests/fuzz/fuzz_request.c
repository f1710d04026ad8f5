/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certificate request, in PEM or within it: refused with words, or the point of a
 * key that is on the curve. And as the certificate that comes back: never for a key of ours. */
#include <openssl/evp.h>
#include <string.h>

#include "collector/signer/point.h"
#include "common/crypto_request.h"
#include "tests/fuzz/fuzz.h"

#define TEXT_MAX (SIGNER_PEM_MAX + 256)

static void check_request(const void *pem, size_t length)
{
	uint8_t point[SIGNER_POINT_BYTES] = {0};
	struct err err = {.text = ""};
	EVP_PKEY *key;

	if (signer_read_request(pem, length, point, &err) < 0) {
		FUZZ_CHECK(err.text[0] && !point[0]);
		return;
	}
	FUZZ_CHECK(point[0] == 4 && point_read(point, &key, &err) == 0);
	EVP_PKEY_free(key);
}

/* So that a search need not find its way through base64. */
static size_t put_armour(const uint8_t *der, size_t size, const char *what, char *ret_pem)
{
	size_t length = (size_t)sprintf(ret_pem, "-----BEGIN %s-----\n", what);

	for (size_t at = 0; at < size; at += 48) {
		size_t part = size - at < 48 ? size - at : 48;

		length += (size_t)EVP_EncodeBlock((uint8_t *)ret_pem + length, der + at, (int)part);
		ret_pem[length++] = '\n';
	}
	return length + (size_t)sprintf(ret_pem + length, "-----END %s-----\n", what);
}

static void check_answer(const char *pem)
{
	static const uint8_t pin[SHA256_BYTES];
	static struct buf key;
	struct request_answer answer = {.certificate = pem, .ca = pem, .pin = pin};
	struct err err = {.text = ""};

	if (!key.limit) {
		buf_init(&key, REQUEST_PEM_MAX);
		FUZZ_CHECK(request_make_key(&key, NULL) == 0 && buf_append(&key, "", 1) == 0);
	}
	answer.key = (const char *)buf_peek(&key);
	FUZZ_CHECK(request_check(&answer, &err) < 0 && err.text[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const kinds[] = {"CERTIFICATE REQUEST", "PUBLIC KEY", "CERTIFICATE"};
	static char pem[TEXT_MAX];

	check_request(bytes, size);
	if (size > TEXT_MAX / 2)
		return 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		check_request(pem, put_armour(bytes, size, kinds[i], pem));
		check_answer(pem);
	}
	memcpy(pem, bytes, size);
	pem[size] = '\0';
	check_answer(pem);
	return 0;
}
