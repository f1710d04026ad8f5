/* SPDX-License-Identifier: Apache-2.0 */
/* STAMP packets: where each field lies, and whose signature counts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/crypto.h"
#include "proto/stamp_packet.h"

static const uint8_t key[STAMP_KEY_BYTES] = "sixteen bytes ..";
static const struct stamp_question question = {
	.sequence = 0x01020304, .sent = 0x1112131415161718, .error = 0x8b01, .identifier = 0xabcd};

/* RFC 4231, test case 2. */
static void hmac_is_that_of_the_standard(void **state)
{
	const char text[] = "what do ya want for nothing?";
	uint8_t digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	assert_int_equal(crypto_hmac((const uint8_t *)"Jefe", 4, text, strlen(text), digest), 0);
	hex_format(digest, sizeof(digest), hex);
	assert_string_equal(
		hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void question_has_its_fields_in_their_places(void **state)
{
	uint8_t packet[STAMP_PACKET_BYTES], digest[SHA256_BYTES],
		wanted[STAMP_PACKET_BYTES] = {1, 2, 3, 4, [16] = 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
			0x17, 0x18, 0x8b, 0x01, 0xab, 0xcd};

	assert_int_equal(stamp_question_write(&question, key, packet), 0);
	assert_memory_equal(packet, wanted, 96);
	assert_int_equal(crypto_hmac(key, sizeof(key), packet, 96, digest), 0);
	assert_memory_equal(packet + 96, digest, 16);
}

static void answer_has_its_fields_in_their_places(void **state)
{
	const struct stamp_answer answer = {.sequence = 0x21222324,
		.sent = 0x3132333435363738,
		.received = 0x4142434445464748,
		.error = 0x0b01,
		.identifier = 0xabcd,
		.ttl = 61,
		.question = question};
	uint8_t packet[STAMP_PACKET_BYTES],
		wanted[STAMP_PACKET_BYTES] = {0x21, 0x22, 0x23, 0x24, [16] = 0x31, 0x32, 0x33, 0x34,
			0x35, 0x36, 0x37, 0x38, 0x0b, 0x01, 0xab, 0xcd, [32] = 0x41, 0x42, 0x43,
			0x44, 0x45, 0x46, 0x47, 0x48, [48] = 1, 2, 3, 4, [64] = 0x11, 0x12, 0x13,
			0x14, 0x15, 0x16, 0x17, 0x18, 0x8b, 0x01, [80] = 61};
	struct stamp_answer again;

	assert_int_equal(stamp_answer_write(&answer, key, packet), 0);
	assert_memory_equal(packet, wanted, 96);
	assert_int_equal(stamp_answer_read(packet, sizeof(packet), key, &again), 0);
	assert_memory_equal(&again, &answer, sizeof(again));
}

static void question_comes_back_as_it_was(void **state)
{
	uint8_t packet[STAMP_PACKET_BYTES];
	struct stamp_question again;
	uint16_t identifier;

	stamp_question_write(&question, key, packet);
	assert_int_equal(stamp_identifier(packet, sizeof(packet), &identifier), 0);
	assert_int_equal(identifier, 0xabcd);
	assert_int_equal(stamp_question_read(packet, sizeof(packet), key, &again), 0);
	/* field by field: what lies between them is nobody's */
	assert_int_equal(again.sequence, question.sequence);
	assert_true(again.sent == question.sent);
	assert_int_equal(again.error, question.error);
	assert_int_equal(again.identifier, question.identifier);
}

static void any_changed_bit_and_any_other_key_is_seen(void **state)
{
	uint8_t packet[STAMP_PACKET_BYTES], other[STAMP_KEY_BYTES];
	struct stamp_question untouched = {.sequence = 7};

	stamp_question_write(&question, key, packet);
	for (size_t i = 0; i < sizeof(packet) * 8; i++) {
		packet[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(
			stamp_question_read(packet, sizeof(packet), key, &untouched), -EACCES);
		packet[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	memcpy(other, key, sizeof(other));
	other[15] ^= 1;
	assert_int_equal(stamp_question_read(packet, sizeof(packet), other, &untouched), -EACCES);
	assert_int_equal(
		stamp_question_read(packet, sizeof(packet) - 1, key, &untouched), -EBADMSG);
	assert_int_equal(untouched.sequence, 7);
}

static void each_identifier_has_a_key_of_its_own(void **state)
{
	const uint8_t master[STAMP_MASTER_BYTES] = {1, 2, 3};
	const uint8_t text[] = "pantau-stamp\x12\x34";
	uint8_t digest[SHA256_BYTES], one[STAMP_KEY_BYTES], two[STAMP_KEY_BYTES];

	assert_int_equal(stamp_key(master, 0x1234, one), 0);
	assert_int_equal(stamp_key(master, 0x1235, two), 0);
	assert_int_equal(crypto_hmac(master, sizeof(master), text, 14, digest), 0);
	assert_memory_equal(one, digest, sizeof(one));
	assert_memory_not_equal(one, two, sizeof(one));
}

static void time_is_that_of_ntp(void **state)
{
	uint64_t epoch = stamp_time(0), half = stamp_time(1500000000);

	assert_true(epoch == 2208988800ULL << 32);
	assert_true(half == (2208988801ULL << 32 | 0x80000000));
	assert_true(stamp_time(-500000000) == (2208988799ULL << 32 | 0x80000000));
	assert_int_equal(stamp_between_ns(epoch, half), 1500000000);
	assert_int_equal(stamp_between_ns(half, epoch), -1500000000);
}

static void error_estimate_is_never_too_small(void **state)
{
	assert_int_equal(stamp_error(0, 0), 0x0001); /* a multiplier of 0 is forbidden */
	assert_int_equal(stamp_error(1, 0), 0x8001);
	for (uint64_t us = 1; us < 1000000000; us *= 7) {
		uint16_t error = stamp_error(1, us);
		double s = (error & 0xff) * (double)(1ULL << (error >> 8 & 0x3f)) / 4294967296.0;

		assert_true(s >= us / 1e6 * 0.999 && s <= us / 1e6 * 2.001);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_is_that_of_the_standard),
		cmocka_unit_test(question_has_its_fields_in_their_places),
		cmocka_unit_test(answer_has_its_fields_in_their_places),
		cmocka_unit_test(question_comes_back_as_it_was),
		cmocka_unit_test(any_changed_bit_and_any_other_key_is_seen),
		cmocka_unit_test(each_identifier_has_a_key_of_its_own),
		cmocka_unit_test(time_is_that_of_ntp),
		cmocka_unit_test(error_estimate_is_never_too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
