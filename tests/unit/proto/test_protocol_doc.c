/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PROTOCOL.md against the code, so that it cannot rot: its worked examples are encoded and decoded
 * here, its table of limits is compared with limits.h. The document's path is the first argument.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/file.h"
#include "proto/codec.h"
#include "proto/frame.h"
#include "samples.h"

#define EXAMPLE_MAX 512

static const char *document; /* the whole text */

/* The bytes of the block that begins with "```hex NAME". */
static size_t read_example(const char *name, uint8_t ret_bytes[EXAMPLE_MAX])
{
	char fence[40];
	const char *at, *end;
	size_t count = 0;

	snprintf(fence, sizeof(fence), "\n```hex %s\n", name);
	at = strstr(document, fence);
	assert_non_null(at);
	at += strlen(fence);
	end = strstr(at, "```");
	assert_non_null(end);
	while (at < end) {
		char *after;

		if (*at == ' ' || *at == '\n') {
			at++;
			continue;
		}
		if (*at == '#') { /* a remark to the end of the line */
			at = strchr(at, '\n');
			continue;
		}
		assert_true(count < EXAMPLE_MAX);
		ret_bytes[count++] = (uint8_t)strtoul(at, &after, 16);
		assert_int_equal(after - at, 2);
		at = after;
	}
	return count;
}

/* The example's frame is what this message gives. */
static void expect_frame(const char *name, const struct message *message)
{
	uint8_t example[EXAMPLE_MAX];
	size_t length = read_example(name, example);
	struct buf frame;

	buf_init(&frame, FRAME_HEADER + FRAME_MAX);
	assert_int_equal(codec_message_encode(message, &frame), 0);
	assert_int_equal(length, buf_length(&frame));
	assert_memory_equal(example, buf_peek(&frame), length);
	buf_done(&frame);
}

static void hello_is_the_one_in_the_document(void **state)
{
	struct message message = {.kind = MESSAGE_HELLO};
	struct hello *hello = &message.hello;

	strcpy(hello->software, "example 1");
	memcpy(hello->boot, sample_boot, BOOT_BYTES);
	hello->sent_us = 125000000;
	strcpy(hello->wan, "wan");
	hello->run_count = 1;
	hello->runs[0] = (struct held_run){2, 0x0123456789abcdef, 1, 2};
	expect_frame("hello", &message);
}

static void make_example_slot(struct record *record)
{
	struct slot *slot = &record->slot;
	struct probe *probe = slot->probes;

	memset(record, 0, sizeof(*record));
	record->kind = RECORD_SLOT;
	memcpy(slot->boot, sample_boot, BOOT_BYTES);
	slot->start_us = 60000000;
	slot->length_ms = 60000;
	strcpy(slot->wan, "wan");
	slot->rounds_due = 1;
	slot->target_count = 1;
	slot->targets[0].class = CLASS_INTERNET;
	slot->targets[0].address.length = 4;
	memcpy(slot->targets[0].address.bytes, "\xc0\0\2\1", 4);
	slot->probe_count = 1;
	probe->offset_ms = 250;
	probe->kind = PROBE_ICMP;
	probe->outcome = OUTCOME_ANSWERED;
	probe->rtt_us = 23456;
	slot->facts.carrier = CARRIER_UP;
	slot->facts.gateway = NEIGHBOUR_RESOLVED;
	slot->facts.rx_bytes = 1000;
}

static void report_is_the_one_in_the_document(void **state)
{
	struct message message = {.kind = MESSAGE_REPORT};
	struct entry *entries = message.report.entries;
	struct record record;
	struct buf slot, anchor;

	buf_init(&slot, RECORD_MAX);
	buf_init(&anchor, RECORD_MAX);
	make_example_slot(&record);
	sample_encode(&record, &slot);
	sample_anchor(&record);
	record.anchor.mono_us = 120000000;
	sample_encode(&record, &anchor);
	message.report.entry_count = 2;
	entries[0] = (struct entry){
		.key = {2, 1}, .record = buf_peek(&slot), .record_length = buf_length(&slot)};
	entries[1] = (struct entry){
		.key = {2, 2}, .record = buf_peek(&anchor), .record_length = buf_length(&anchor)};
	expect_frame("report", &message);
	buf_done(&slot);
	buf_done(&anchor);
}

static void answers_are_the_ones_in_the_document(void **state)
{
	struct message message = {.kind = MESSAGE_WELCOME};

	message.welcome.durable_count = 1;
	message.welcome.durable[0] = (struct ack){2, 0};
	message.welcome.time = (struct time_answer){
		.present = true,
		.echo_us = 125000000,
		.received_utc_us = 1774972805000000,
		.sent_utc_us = 1774972805000400,
		.error_us = 2000,
	};
	expect_frame("welcome", &message);
	message.kind = MESSAGE_ACK;
	message.ack = (struct ack){2, 2};
	expect_frame("ack", &message);
}

/* "| `NAME` | 1,234 | ...": the number in the document's row. */
static unsigned long long documented(const char *name)
{
	char row[64];
	const char *at;
	unsigned long long value = 0;

	snprintf(row, sizeof(row), "\n| `%s` | ", name);
	at = strstr(document, row);
	if (!at)
		fail_msg("PROTOCOL.md has no row for %s", name);
	for (at += strlen(row); *at == ',' || (*at >= '0' && *at <= '9'); at++)
		if (*at != ',')
			value = value * 10 + (unsigned)(*at - '0');
	return value;
}

static void limits_are_the_ones_in_the_document(void **state)
{
#define LIMIT(name)         \
	{                   \
#name, name \
	}
	static const struct {
		const char *name;
		unsigned long long value;
	} limits[] = {
		LIMIT(PROTO_PORT),
		LIMIT(FRAME_MAX),
		LIMIT(RECORD_MAX),
		LIMIT(ENTRIES_MAX),
		LIMIT(RUNS_MAX),
		LIMIT(UNPACK_BUDGET),
		LIMIT(UNACKED_MAX_BYTES),
		LIMIT(SLOT_TARGETS_MAX),
		LIMIT(SLOT_PROBES_MAX),
		LIMIT(SLOT_EVENTS_MAX),
		LIMIT(SLOT_LENGTH_MIN_MS),
		LIMIT(SLOT_LENGTH_MAX_MS),
		LIMIT(SLOT_ROUNDS_MAX),
		LIMIT(SLOT_DNS_MAX),
		LIMIT(SLOT_STAMP_MAX),
		LIMIT(CLIENTS_MAX),
		LIMIT(SPEED_SERVER_MAX),
		LIMIT(SPEED_KBPS_MAX),
		LIMIT(SPEED_DURATION_MAX_MS),
		LIMIT(SPEED_BYTES_MAX),
		LIMIT(SPEED_RTT_MAX_US),
		LIMIT(HTTP_URL_MAX),
		LIMIT(HTTP_TIME_MAX_US),
		LIMIT(OBSERVATION_SOURCE_MAX),
		LIMIT(OBSERVATION_ITEMS_MAX),
		LIMIT(OBSERVATION_KEY_MAX),
		LIMIT(OBSERVATION_VALUE_MAX),
		LIMIT(CONFIGURATION_MAX),
		LIMIT(CONFIGURATION_TROUBLE_MAX),
		LIMIT(LEASE_SECONDS_MAX),
		LIMIT(COMEBACK_MAX_S),
		LIMIT(OFFSET_MAX_MS),
		LIMIT(RTT_MAX_US),
		LIMIT(WAN_NAME_MAX),
		LIMIT(SOFTWARE_MAX),
		LIMIT(BOOT_BYTES),
		LIMIT(UTC_MIN_US),
		LIMIT(UTC_MAX_US),
		LIMIT(MONO_MAX_US),
		LIMIT(ANCHOR_ERROR_MAX_US),
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (documented(limits[i].name) != limits[i].value)
			fail_msg("PROTOCOL.md: %s is %llu", limits[i].name, limits[i].value);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_is_the_one_in_the_document),
		cmocka_unit_test(report_is_the_one_in_the_document),
		cmocka_unit_test(answers_are_the_ones_in_the_document),
		cmocka_unit_test(limits_are_the_ones_in_the_document),
	};
	uint8_t *text;
	size_t length;
	struct err err;
	int failed;

	if (argc != 2 || file_read(argv[1], 1 << 20, &text, &length, &err) < 0) {
		fprintf(stderr, "usage: test_protocol_doc PROTOCOL.md\n");
		return 2;
	}
	document = (const char *)text;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(text);
	return failed;
}
