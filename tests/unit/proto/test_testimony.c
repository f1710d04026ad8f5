/* SPDX-License-Identifier: Apache-2.0 */
/* What travels beside the rounds: resolvers, STAMP, devices, pages, observations. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "samples.h"

/* What a collector says to a sample with one thing changed, and its words. */
#define EXPECT(sample, change, code, words)                \
	do {                                               \
		struct record *bad = malloc(sizeof(*bad)); \
		sample(bad);                               \
		bad->change;                               \
		expect(bad, code, words);                  \
		free(bad);                                 \
	} while (0)
#define SLOT(change, code, words) EXPECT(sample_slot, slot.change, code, words)
#define HTTP(change, code, words) EXPECT(sample_http, http.change, code, words)
#define OBSERVATION(change, code, words) EXPECT(sample_observation, observation.change, code, words)

static void expect(const struct record *record, int code, const char *words)
{
	struct record *back = malloc(sizeof(*back));
	struct err err = {.text = ""};
	struct buf bytes;

	buf_init(&bytes, 1 << 16);
	assert_int_equal(codec_record_encode(record, &bytes), 0);
	assert_int_equal(
		codec_record_decode(buf_peek(&bytes), buf_length(&bytes), back, &err), code);
	assert_string_equal(err.text, words);
	if (code == 0)
		assert_memory_equal(back, record, sizeof(*back));
	buf_done(&bytes);
	free(back);
}

static void question_and_outcome_agree(void **state)
{
	SLOT(dns[0].question = 0, REJECT_UNSUPPORTED,
		"slot.dns[0]: question = 0: not known here (1 to 2 are)");
	SLOT(dns[0].outcome = DNS_OUTCOME_COUNT, REJECT_UNSUPPORTED,
		"slot.dns[0]: outcome = 10: not known here (1 to 9 are)");
	SLOT(dns[1].outcome = DNS_ANSWERED, REJECT_INVALID,
		"slot.dns[1]: outcome = 1: not of question 2");
	SLOT(dns[0].outcome = DNS_HIJACKED, REJECT_INVALID,
		"slot.dns[0]: outcome = 6: not of question 1");
	SLOT(dns[0].outcome = DNS_TIMEOUT, REJECT_INVALID,
		"slot.dns[0]: rtt_us of a question without an answer = 31000: must be 0 to 0");
	SLOT(dns[1].outcome = DNS_UNSENT, REJECT_INVALID,
		"slot.dns[1]: rtt_us of a question without an answer = 32000: must be 0 to 0");
	for (uint8_t outcome = DNS_NXDOMAIN; outcome < DNS_OUTCOME_COUNT; outcome++) {
		bool silent = outcome == DNS_TIMEOUT || outcome == DNS_UNSENT;

		SLOT(dns[1].outcome = outcome; bad->slot.dns[1].rtt_us = silent ? 0 : 1, 0, "");
	}
}

static void questions_have_their_limits(void **state)
{
	SLOT(dns[1].rtt_us = RTT_MAX_US + 1, REJECT_INVALID,
		"slot.dns[1]: rtt_us = 3000001: must be 0 to 3000000");
	SLOT(dns[0].offset_ms = OFFSET_MAX_MS + 1, REJECT_INVALID,
		"slot.dns[0]: offset_ms = 120001: must be 0 to 120000");
	SLOT(dns[0].resolver.length = 0, REJECT_INVALID,
		"slot.dns[0]: resolver has 0 bytes: must be 4 or 16");
	SLOT(facts.clients_plus_one = CLIENTS_MAX + 2, REJECT_INVALID,
		"slot.facts.clients_plus_one = 65537: must be 0 to 65536");
	SLOT(dns_count = 0; memset(bad->slot.dns, 0, sizeof(bad->slot.dns)), 0, "");
}

static void more_questions_than_there_is_room_for_are_not_written(void **state)
{
	struct record *record = malloc(sizeof(*record));
	struct buf bytes;

	buf_init(&bytes, 1 << 16);
	sample_slot(record);
	record->slot.dns_count = SLOT_DNS_MAX + 1;
	assert_int_equal(codec_record_encode(record, &bytes), -EINVAL);
	sample_observation(record);
	record->observation.item_count = OBSERVATION_ITEMS_MAX + 1;
	assert_int_equal(codec_record_encode(record, &bytes), -EINVAL);
	assert_int_equal(buf_length(&bytes), 0);
	buf_done(&bytes);
	free(record);
}

static void test_packets_add_up(void **state)
{
	SLOT(stamp.sent = SLOT_STAMP_MAX + 1, REJECT_INVALID,
		"slot.stamp.sent = 6001: must be 1 to 6000");
	SLOT(stamp.lost_out = 7, REJECT_INVALID, "slot.stamp.lost_out = 7: must be 0 to 6");
	SLOT(stamp.lost_out = 5, REJECT_INVALID, "slot.stamp.lost_back = 2: must be 0 to 1");
	SLOT(stamp = (struct stamp){0}, 0, "");
}

static void pages_have_their_limits(void **state)
{
	HTTP(wan[0] = 'W', REJECT_INVALID,
		"http.wan = \"Wan\": must be 1 to 16 of a-z, 0-9, '_', '.', '-'");
	HTTP(url[3] = '\n', REJECT_INVALID,
		"http.url = \"htt?s://desa.example/\": must be printable ASCII, at most 128 bytes");
	HTTP(start_us = MONO_MAX_US + 1, REJECT_INVALID,
		"http.start_us = 3162240000000001: must be 0 to 3162240000000000");
	HTTP(address.length = 3, REJECT_INVALID,
		"http.address has 3 bytes: must be 4 or 16, or none");
	HTTP(name_us = HTTP_TIME_MAX_US + 1, REJECT_INVALID,
		"http.name_us = 120000001: must be 0 to 120000000");
	HTTP(total_us = UINT32_MAX, REJECT_INVALID,
		"http.total_us = 4294967295: must be 0 to 120000000");
}

static void who_answered_has_a_status(void **state)
{
	HTTP(outcome = HTTP_OUTCOME_COUNT, REJECT_UNSUPPORTED,
		"http.outcome = 11: not known here (1 to 10 are)");
	HTTP(status = 0, REJECT_INVALID, "http.status = 0: must be 100 to 599");
	HTTP(status = 600, REJECT_INVALID, "http.status = 600: must be 100 to 599");
	HTTP(outcome = HTTP_TIMEOUT;
		bad->http.status = 99, REJECT_INVALID, "http.status = 99: must be 100 to 599");
	HTTP(outcome = HTTP_TIMEOUT; bad->http.status = 0, 0, "");
	HTTP(outcome = HTTP_NAME; bad->http.status = 0;
		memset(&bad->http.address, 0, sizeof(bad->http.address)), 0, "");
}

static void observations_have_their_limits(void **state)
{
	OBSERVATION(mono_us = MONO_MAX_US + 1, REJECT_INVALID,
		"observation.mono_us = 3162240000000001: must be 0 to 3162240000000000");
	OBSERVATION(source[0] = 0, REJECT_INVALID,
		"observation.source = \"\": must be 1 to 32 of a-z, 0-9, '_', '.', '-'");
	OBSERVATION(items[1].key[0] = ' ', REJECT_INVALID,
		"observation.items[1]: key = \" perator\": must be 1 to 32 of a-z, 0-9, '_', '.', "
		"'-'");
	OBSERVATION(items[0].value[0] = 0x1b, REJECT_INVALID,
		"observation.items[0]: value = \"?97\": must be printable ASCII, at most 96 bytes");
	OBSERVATION(
		item_count = 1;
		memset(&bad->observation.items[1], 0, sizeof(bad->observation.items[1])), 0, "");
}

/* As an agent of before these fields would encode it: nothing of them is there. */
static void a_slot_of_an_older_agent_says_nothing_of_them(void **state)
{
	static const char bytes[] = "\x0a\x21\x0a\x10"
				    "0123456789abcdef"
				    "\x10\x05\x18\xe0\xd4\x03\x22\x03wan\x42\x02\x08\x01";
	struct record *back = malloc(sizeof(*back));
	struct err err = {.text = ""};

	memset(back, 0xff, sizeof(*back));
	assert_int_equal(codec_record_decode(bytes, sizeof(bytes) - 1, back, &err), 0);
	assert_int_equal(back->slot.dns_count, 0);
	assert_int_equal(back->slot.stamp.sent, 0);
	assert_int_equal(back->slot.facts.clients_plus_one, 0);
	assert_int_equal(back->slot.facts.carrier, CARRIER_UP);
	free(back);
}

static void a_record_is_not_much_larger_than_its_slot(void **state)
{
	assert_true(sizeof(struct record) <= 12 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(question_and_outcome_agree),
		cmocka_unit_test(questions_have_their_limits),
		cmocka_unit_test(more_questions_than_there_is_room_for_are_not_written),
		cmocka_unit_test(test_packets_add_up),
		cmocka_unit_test(pages_have_their_limits),
		cmocka_unit_test(who_answered_has_a_status),
		cmocka_unit_test(observations_have_their_limits),
		cmocka_unit_test(a_slot_of_an_older_agent_says_nothing_of_them),
		cmocka_unit_test(a_record_is_not_much_larger_than_its_slot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
