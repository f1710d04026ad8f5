/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a STAMP packet: unsigned, nobody believes them; signed, they come out as they
 * went in, and a reflector answers them with as many bytes, or not at all. */
#include <errno.h>
#include <string.h>

#include "collector/reflector/reflect.h"
#include "common/crypto.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t master[STAMP_MASTER_BYTES];

static void sign(uint8_t packet[STAMP_PACKET_BYTES], uint8_t key[STAMP_KEY_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	uint16_t identifier;

	FUZZ_CHECK(stamp_identifier(packet, STAMP_PACKET_BYTES, &identifier) == 0);
	FUZZ_CHECK(stamp_key(master, identifier, key) == 0);
	FUZZ_CHECK(crypto_hmac(key, STAMP_KEY_BYTES, packet, STAMP_SIGNED_BYTES, digest) == 0);
	memcpy(packet + STAMP_SIGNED_BYTES, digest, STAMP_PACKET_BYTES - STAMP_SIGNED_BYTES);
}

static void check_signed(const uint8_t *bytes)
{
	uint8_t packet[STAMP_PACKET_BYTES], again[STAMP_PACKET_BYTES], key[STAMP_KEY_BYTES];
	struct stamp_question question;
	struct stamp_answer answer;

	memcpy(packet, bytes, sizeof(packet));
	sign(packet, key);
	FUZZ_CHECK(stamp_question_read(packet, sizeof(packet), key, &question) == 0);
	FUZZ_CHECK(stamp_question_write(&question, key, again) == 0);
	FUZZ_CHECK(memcmp(packet, again, 4) == 0 && memcmp(packet + 16, again + 16, 12) == 0);
	FUZZ_CHECK(stamp_answer_read(packet, sizeof(packet), key, &answer) == 0);
	FUZZ_CHECK(stamp_answer_write(&answer, key, again) == 0);
	FUZZ_CHECK(memcmp(packet + 48, again + 48, 4) == 0 && packet[80] == again[80]);
}

static enum reflect_verdict offer(
	struct reflector *reflector, const uint8_t *bytes, size_t size, uint8_t *answer)
{
	const struct reflect_question question = {
		.bytes = bytes, .length = size, .source = {.port = 7}, .received = 1};
	const struct reflect_clock clock = {.sent = 2, .error = 1, .mono_us = 1};

	return reflector_answer(reflector, &question, &clock, answer);
}

static void check_reflector(const uint8_t *bytes, size_t size)
{
	uint8_t packet[STAMP_PACKET_BYTES], answer[STAMP_PACKET_BYTES], key[STAMP_KEY_BYTES];
	enum reflect_verdict verdict;
	struct reflector *reflector;

	FUZZ_CHECK(reflector_new(master, 1, &reflector, NULL) == 0);
	verdict = offer(reflector, bytes, size, answer);
	FUZZ_CHECK(verdict == REFLECT_MALFORMED ||
		(verdict == REFLECT_FORGED && size == STAMP_PACKET_BYTES));
	if (size >= STAMP_PACKET_BYTES) {
		memcpy(packet, bytes, sizeof(packet));
		sign(packet, key);
		verdict = offer(reflector, packet, sizeof(packet), answer);
		if (verdict == REFLECT_ANSWERED) /* its answer is not answered */
			FUZZ_CHECK(offer(reflector, answer, sizeof(answer), packet) ==
				REFLECT_MALFORMED);
	}
	reflector_free(reflector);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t key[STAMP_KEY_BYTES] = {0};
	struct stamp_question question;
	struct stamp_answer answer;

	FUZZ_CHECK(stamp_question_read(bytes, size, key, &question) < 0);
	FUZZ_CHECK(stamp_answer_read(bytes, size, key, &answer) < 0);
	check_reflector(bytes, size);
	if (size >= STAMP_PACKET_BYTES)
		check_signed(bytes);
	return 0;
}
