/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "proto/frame.h"
#include "samples.h"

struct bench {
	struct message message, back;
	struct buf frame;
	struct err err;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	buf_init(&bench->frame, 1 << 20);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	buf_done(&bench->frame);
	free(bench);
	return 0;
}

static bool from_agent(enum message_kind kind)
{
	return kind == MESSAGE_HELLO || kind == MESSAGE_REPORT || kind == MESSAGE_PING;
}

static int decode(struct bench *bench, bool agent, const void *bytes, size_t length)
{
	return agent ? codec_from_agent_decode(bytes, length, &bench->back, &bench->err)
		     : codec_from_collector_decode(bytes, length, &bench->back, &bench->err);
}

static int there_and_back(struct bench *bench)
{
	const uint8_t *frame;
	size_t length;

	buf_clear(&bench->frame);
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), 0);
	frame = buf_peek(&bench->frame);
	length = (size_t)frame[0] << 24 | (size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3];
	assert_int_equal(length + FRAME_HEADER, buf_length(&bench->frame));
	return decode(bench, from_agent(bench->message.kind), frame + FRAME_HEADER, length);
}

static void make_hello(struct message *message, size_t runs)
{
	struct hello *hello = &message->hello;
	size_t i;

	memset(message, 0, sizeof(*message));
	message->kind = MESSAGE_HELLO;
	strcpy(hello->software, "pantau-agent 0.1.0");
	memcpy(hello->boot, sample_boot, BOOT_BYTES);
	hello->sent_us = 3600000000;
	strcpy(hello->wan, "wan");
	hello->run_count = runs;
	for (i = 0; i < runs; i++)
		hello->runs[i] = (struct held_run){
			.run = (uint32_t)i + 1,
			.nonce = 0xfedcba9876543210 + i,
			.first = 10,
			.last = i % 2 ? 9 : UINT32_MAX,
		};
}

static void assert_same_hello(const struct hello *a, const struct hello *b)
{
	size_t i;

	assert_string_equal(a->software, b->software);
	assert_memory_equal(a->boot, b->boot, BOOT_BYTES);
	assert_true(a->sent_us == b->sent_us);
	assert_string_equal(a->wan, b->wan);
	assert_int_equal(a->run_count, b->run_count);
	for (i = 0; i < a->run_count; i++) {
		assert_int_equal(a->runs[i].run, b->runs[i].run);
		assert_true(a->runs[i].nonce == b->runs[i].nonce);
		assert_int_equal(a->runs[i].first, b->runs[i].first);
		assert_int_equal(a->runs[i].last, b->runs[i].last);
	}
}

static void hello_comes_back_as_it_was(void **state)
{
	struct bench *bench = *state;
	size_t runs[] = {0, 1, RUNS_MAX};
	size_t i;

	for (i = 0; i < 3; i++) {
		make_hello(&bench->message, runs[i]);
		assert_int_equal(there_and_back(bench), 0);
		assert_int_equal(bench->back.kind, MESSAGE_HELLO);
		assert_same_hello(&bench->back.hello, &bench->message.hello);
	}
}

static void hello_out_of_range_breaks_the_protocol(void **state)
{
	struct bench *bench = *state;

	make_hello(&bench->message, 2);
	bench->message.hello.runs[1].run = 0;
	assert_int_equal(there_and_back(bench), -EPROTO);
	assert_string_equal(bench->err.text, "hello.runs[1]: run = 0: must be 1 to 4294967295");
	assert_int_equal(bench->err.code, -EPROTO);
	make_hello(&bench->message, 1);
	bench->message.hello.runs[0].first = 0;
	assert_int_equal(there_and_back(bench), -EPROTO);
	make_hello(&bench->message, 1);
	bench->message.hello.runs[0].last = 8; /* first is 10: 9 says "none yet", 8 says nothing */
	assert_int_equal(there_and_back(bench), -EPROTO);
	make_hello(&bench->message, 1);
	strcpy(bench->message.hello.wan, "eth 0");
	assert_int_equal(there_and_back(bench), -EPROTO);
	make_hello(&bench->message, 1);
	strcpy(bench->message.hello.software, "a\nb");
	assert_int_equal(there_and_back(bench), -EPROTO);
	make_hello(&bench->message, RUNS_MAX);
	bench->message.hello.run_count = RUNS_MAX + 1;
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
}

static void report_points_into_the_frame(void **state)
{
	struct bench *bench = *state;
	static uint8_t record[RECORD_MAX];
	struct report *report = &bench->message.report;
	size_t i;

	bench->message.kind = MESSAGE_REPORT;
	memset(record, 'r', sizeof(record));
	report->entry_count = 3;
	for (i = 0; i < 3; i++)
		report->entries[i] = (struct entry){
			.key = {.run = 1 + i, .sequence = UINT32_MAX - i},
			.record = record,
			.record_length = i * 100,
		};
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.kind, MESSAGE_REPORT);
	assert_int_equal(bench->back.report.entry_count, 3);
	for (i = 0; i < 3; i++) {
		const struct entry *entry = &bench->back.report.entries[i];

		assert_int_equal(entry->key.run, 1 + i);
		assert_int_equal(entry->key.sequence, UINT32_MAX - i);
		assert_int_equal(entry->record_length, i * 100);
		assert_memory_equal(entry->record, record, i * 100);
		assert_true(entry->record >= buf_peek(&bench->frame));
		assert_true(entry->record + entry->record_length <=
			buf_peek(&bench->frame) + buf_length(&bench->frame));
	}
}

static void report_of_too_many_is_refused(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[5 + 2 * (ENTRIES_MAX + 1)] = {0x12};
	size_t i, length = 2 * (ENTRIES_MAX + 1);

	bytes[1] = (uint8_t)(0x80 | (length & 0x7f));
	bytes[2] = (uint8_t)(length >> 7);
	for (i = 0; i <= ENTRIES_MAX; i++)
		bytes[3 + 2 * i] = 0x0a;
	assert_int_equal(decode(bench, true, bytes, 3 + length), -EPROTO);
	assert_string_equal(bench->err.text, "report.entries: more than 256");
	bench->message.kind = MESSAGE_REPORT;
	bench->message.report.entry_count = ENTRIES_MAX + 1;
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
}

static void report_over_a_frame_is_not_written(void **state)
{
	struct bench *bench = *state;
	static uint8_t record[RECORD_MAX];
	size_t i;

	bench->message.kind = MESSAGE_REPORT;
	bench->message.report.entry_count = 4;
	for (i = 0; i < 4; i++)
		bench->message.report.entries[i] = (struct entry){
			.key = {1, 1}, .record = record, .record_length = RECORD_MAX};
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EMSGSIZE);
	assert_int_equal(buf_length(&bench->frame), 0);
}

static void unknown_fields_in_a_report_are_passed_over(void **state)
{
	struct bench *bench = *state;
	/* a number; report { bytes; entry { 4 and 8 bytes, run 1, sequence 2, record "r" } } */
	static const uint8_t bytes[] = "\x78\x2a\x12\x1a\x4a\x01x\x0a\x15\x4d"
				       "1234\x51"
				       "12345678\x08\x01\x10\x02\x1a\x01r";

	assert_int_equal(decode(bench, true, bytes, sizeof(bytes) - 1), 0);
	assert_int_equal(bench->back.kind, MESSAGE_REPORT);
	assert_int_equal(bench->back.report.entry_count, 1);
	assert_int_equal(bench->back.report.entries[0].key.run, 1);
	assert_int_equal(bench->back.report.entries[0].key.sequence, 2);
	assert_int_equal(bench->back.report.entries[0].record_length, 1);
}

static void broken_report_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} broken[] = {
		{"\x12\x05\x0a", 3}, /* cut short */
		{"\x12\x02\x0a\x05", 4}, /* an entry longer than its report */
		{"\x12\x03\x0a\x01\x08", 5}, /* an entry that ends in a tag */
		{"\x12\x04\x0a\x02\x0a\x00", 6}, /* run as bytes */
		{"\x12\x04\x0a\x02\x18\x01", 6}, /* record as a number */
		{"\x12\x02\x08\x01", 4}, /* entries as a number */
		{"\x12\x03\x0a\x01\x0b", 5}, /* a group */
		{"\x12\x02\x02\x00", 4}, /* field number 0 */
		{"\x12\x08\x0a\x06\x08\xff\xff\xff\xff\x1f", 10}, /* run over 32 bits */
		{"\x12\x0d\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 15},
	};
	struct bench *bench = *state;
	size_t i;

	bench->back.kind = MESSAGE_PONG;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(decode(bench, true, broken[i].bytes, broken[i].length), -EPROTO);
	assert_int_equal(bench->back.kind, MESSAGE_PONG);
}

static void the_last_message_of_a_oneof_counts(void **state)
{
	struct bench *bench = *state;

	/* report { entry run 1 }, then ping { 5 }: a ping */
	assert_int_equal(decode(bench, true, "\x12\x04\x0a\x02\x08\x01\x1a\x02\x08\x05", 10), 0);
	assert_int_equal(bench->back.kind, MESSAGE_PING);
	assert_int_equal(bench->back.ping.sent_us, 5);
	/* the other way round: a report of what followed */
	assert_int_equal(decode(bench, true, "\x1a\x02\x08\x05\x12\x04\x0a\x02\x08\x01", 10), 0);
	assert_int_equal(bench->back.kind, MESSAGE_REPORT);
	assert_int_equal(bench->back.report.entry_count, 1);
}

static void welcome_comes_back_as_it_was(void **state)
{
	struct bench *bench = *state;
	struct welcome *welcome = &bench->message.welcome;
	const struct time_answer *back = &bench->back.welcome.time;

	bench->message.kind = MESSAGE_WELCOME;
	welcome->durable_count = RUNS_MAX;
	for (size_t i = 0; i < RUNS_MAX; i++)
		welcome->durable[i] = (struct ack){(uint32_t)i, UINT32_MAX};
	welcome->comeback_s = COMEBACK_MAX_S;
	welcome->time.present = true;
	welcome->time.echo_us = MONO_MAX_US;
	welcome->time.received_utc_us = UTC_MIN_US;
	welcome->time.sent_utc_us = UTC_MAX_US;
	welcome->time.error_us = UINT32_MAX;
	assert_int_equal(there_and_back(bench), 0);
	assert_memory_equal(&bench->back, &bench->message, offsetof(struct message, welcome.time));
	assert_true(back->present && back->echo_us == MONO_MAX_US && back->error_us == UINT32_MAX);
	assert_true(back->received_utc_us == UTC_MIN_US && back->sent_utc_us == UTC_MAX_US);
	assert_int_equal(bench->back.welcome.comeback_s, COMEBACK_MAX_S);
	welcome->comeback_s = UINT32_MAX; /* a collector that knows no bound */
	welcome->time = (struct time_answer){.present = false};
	assert_int_equal(there_and_back(bench), 0);
	assert_true(!back->present && bench->back.welcome.comeback_s == COMEBACK_MAX_S);
}

static void time_out_of_all_range_is_no_time(void **state)
{
	struct bench *bench = *state;
	struct time_answer *time = &bench->message.pong;

	bench->message.kind = MESSAGE_PONG;
	*time = (struct time_answer){true, 1, 42, 43, 0};
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.kind, MESSAGE_PONG);
	assert_false(bench->back.pong.present);
	*time = (struct time_answer){true, 1, UTC_MIN_US + 1, UTC_MIN_US, 0};
	assert_int_equal(there_and_back(bench), 0);
	assert_false(bench->back.pong.present);
	*time = (struct time_answer){true, 1, UTC_MIN_US, UTC_MIN_US, 0};
	assert_int_equal(there_and_back(bench), 0);
	assert_true(bench->back.pong.present);
}

static void small_messages_come_back_as_they_were(void **state)
{
	struct bench *bench = *state;

	bench->message.kind = MESSAGE_PING;
	bench->message.ping.sent_us = 0;
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.kind, MESSAGE_PING);
	bench->message.kind = MESSAGE_ACK;
	bench->message.ack = (struct ack){3, 4};
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.kind, MESSAGE_ACK);
	assert_int_equal(bench->back.ack.run, 3);
	assert_int_equal(bench->back.ack.up_to, 4);
	bench->message.kind = MESSAGE_REJECT;
	bench->message.reject.key = (struct record_key){5, 6};
	bench->message.reject.code = 77;
	strcpy(bench->message.reject.text, "why");
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.reject.key.sequence, 6);
	assert_int_equal(bench->back.reject.code, 77);
	assert_string_equal(bench->back.reject.text, "why");
	bench->message.kind = MESSAGE_REFUSE;
	bench->message.refuse.code = REFUSE_BUSY;
	strcpy(bench->message.refuse.text, "later\x1b");
	assert_int_equal(there_and_back(bench), 0);
	assert_int_equal(bench->back.refuse.code, REFUSE_BUSY);
	assert_string_equal(bench->back.refuse.text, "later?");
}

static void message_of_a_newer_peer_is_unknown(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(decode(bench, true, "\x3a\x00", 2), 0);
	assert_int_equal(bench->back.kind, MESSAGE_UNKNOWN);
	bench->back.kind = MESSAGE_PONG;
	assert_int_equal(decode(bench, false, "\x42\x00", 2), 0);
	assert_int_equal(bench->back.kind, MESSAGE_UNKNOWN);
	bench->message.kind = MESSAGE_UNKNOWN;
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
}

static void garbage_is_refused_with_words(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(decode(bench, true, "\xff\xff\xff", 3), -EPROTO);
	assert_string_equal(bench->err.text, "message: not a FromAgent");
	assert_int_equal(decode(bench, false, "\xff\xff\xff", 3), -EPROTO);
	assert_string_equal(bench->err.text, "message: not a FromCollector");
}

/* A HELLO of nothing but empty runs: as costly to read as a frame can be. */
static void hostile_frame_meets_the_budget(void **state)
{
	struct bench *bench = *state;
	uint8_t *bytes = calloc(1, FRAME_MAX);
	size_t at, inner = FRAME_MAX - 4;

	bytes[0] = 0x0a;
	bytes[1] = (uint8_t)(0x80 | (inner & 0x7f));
	bytes[2] = (uint8_t)(0x80 | (inner >> 7 & 0x7f));
	bytes[3] = (uint8_t)(inner >> 14);
	for (at = 4; at < FRAME_MAX; at += 2)
		bytes[at] = 0x2a;
	assert_int_equal(decode(bench, true, bytes, FRAME_MAX), -EPROTO);
	assert_string_equal(bench->err.text, "message: takes more than 524288 bytes to read");
	free(bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(hello_comes_back_as_it_was),
		CASE(hello_out_of_range_breaks_the_protocol),
		CASE(report_points_into_the_frame),
		CASE(report_of_too_many_is_refused),
		CASE(report_over_a_frame_is_not_written),
		CASE(unknown_fields_in_a_report_are_passed_over),
		CASE(broken_report_is_refused),
		CASE(the_last_message_of_a_oneof_counts),
		CASE(welcome_comes_back_as_it_was),
		CASE(time_out_of_all_range_is_no_time),
		CASE(small_messages_come_back_as_they_were),
		CASE(message_of_a_newer_peer_is_unknown),
		CASE(garbage_is_refused_with_words),
		CASE(hostile_frame_meets_the_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
