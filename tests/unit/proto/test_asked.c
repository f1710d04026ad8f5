/* SPDX-License-Identifier: Apache-2.0 */
/* What the two ends ask of one another beside records: a configuration, leave for a speed test. */
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
	struct buf frame; /* what `back` borrows from */
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

static int there_and_back(struct bench *bench, bool from_agent)
{
	const uint8_t *payload;
	size_t length;

	buf_clear(&bench->frame);
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), 0);
	payload = buf_peek(&bench->frame) + FRAME_HEADER;
	length = buf_length(&bench->frame) - FRAME_HEADER;
	return from_agent ? codec_from_agent_decode(payload, length, &bench->back, &bench->err)
			  : codec_from_collector_decode(payload, length, &bench->back, &bench->err);
}

static void hello_says_what_is_followed_and_what_was_refused(void **state)
{
	struct bench *bench = *state;
	struct hello *hello = &bench->message.hello;

	bench->message.kind = MESSAGE_HELLO;
	hello->configuration = 7;
	hello->configuration_refused = UINT32_MAX;
	memset(hello->configuration_trouble, 't', CONFIGURATION_TROUBLE_MAX);
	assert_int_equal(there_and_back(bench, true), 0);
	assert_int_equal(bench->back.hello.configuration, 7);
	assert_true(bench->back.hello.configuration_refused == UINT32_MAX);
	assert_string_equal(bench->back.hello.configuration_trouble, hello->configuration_trouble);
	strcpy(hello->configuration_trouble, "a\nb");
	assert_int_equal(there_and_back(bench, true), -EPROTO);
	assert_string_equal(bench->err.text,
		"hello.configuration_trouble = \"a?b\": must be "
		"printable ASCII, at most 160 bytes");
}

static void welcome_carries_a_configuration_or_none(void **state)
{
	static const char text[] = "[agent]\n\tround_s = 30\n";
	struct bench *bench = *state;
	struct configuration *asked = &bench->message.welcome.configuration;
	const struct configuration *back = &bench->back.welcome.configuration;

	bench->message.kind = MESSAGE_WELCOME;
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(back->version, 0);
	assert_null(back->text);
	*asked = (struct configuration){3, text, sizeof(text) - 1};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(back->version, 3);
	assert_int_equal(back->length, sizeof(text) - 1);
	assert_memory_equal(back->text, text, sizeof(text) - 1);
	/* it lies in the frame, so it lives as long */
	assert_in_range((uintptr_t)back->text, (uintptr_t)buf_peek(&bench->frame),
		(uintptr_t)buf_peek(&bench->frame) + buf_length(&bench->frame));
	*asked = (struct configuration){4, "", 0};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(back->version, 4);
	assert_non_null(back->text);
	assert_int_equal(back->length, 0);
}

static void configuration_with_a_nul_cannot_be_read(void **state)
{
	static const char text[] = "[agent]\n?user = root\n";
	struct bench *bench = *state;
	struct configuration *asked = &bench->message.welcome.configuration;
	uint8_t *bytes, *at;
	size_t length;

	bench->message.kind = MESSAGE_WELCOME;
	*asked = (struct configuration){3, text, sizeof(text) - 1};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_non_null(bench->back.welcome.configuration.text);
	bytes = (uint8_t *)(uintptr_t)buf_peek(&bench->frame) + FRAME_HEADER;
	length = buf_length(&bench->frame) - FRAME_HEADER;
	at = memchr(bytes, '?', length);
	assert_non_null(at);
	*at = '\0';
	assert_int_equal(codec_from_collector_decode(bytes, length, &bench->back, &bench->err), 0);
	assert_int_equal(bench->back.welcome.configuration.version, 3);
	assert_null(bench->back.welcome.configuration.text);
}

static void longest_configuration_fits_beside_the_most_runs(void **state)
{
	struct bench *bench = *state;
	struct configuration *asked = &bench->message.welcome.configuration;
	char text[CONFIGURATION_MAX + 1];

	memset(text, 'x', sizeof(text));
	bench->message.kind = MESSAGE_WELCOME;
	bench->message.welcome.durable_count = RUNS_MAX;
	memset(bench->message.welcome.durable, 0xff, sizeof(bench->message.welcome.durable));
	*asked = (struct configuration){1, text, CONFIGURATION_MAX};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(bench->back.welcome.configuration.length, CONFIGURATION_MAX);
	asked->length++;
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
}

/* Of a collector with other limits: the session goes on, and the agent can say that it refuses. */
static void a_text_that_cannot_be_followed_has_its_version_alone(void **state)
{
	struct bench *bench = *state;
	const struct configuration *back = &bench->back.welcome.configuration;
	/* FromCollector.welcome.configuration { version 9, text of 4,097 bytes } */
	uint8_t large[4200] = "\x0a\x89\x20\x1a\x86\x20\x08\x09\x12\x81\x20";

	memset(large + 11, 'x', 4097);
	assert_int_equal(
		codec_from_collector_decode(large, 11 + 4097, &bench->back, &bench->err), 0);
	assert_int_equal(back->version, 9);
	assert_null(back->text);
	assert_int_equal(back->length, 0);
	bench->message.kind = MESSAGE_WELCOME;
	bench->message.welcome.configuration = (struct configuration){5,
		"a\x1b"
		"b",
		3};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(back->version, 5);
	assert_null(back->text);
}

static void a_change_travels_both_ways(void **state)
{
	struct bench *bench = *state;

	bench->message.kind = MESSAGE_CONFIGURATION;
	bench->message.configuration = (struct configuration){12, "[dns]\n", 6};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(bench->back.kind, MESSAGE_CONFIGURATION);
	assert_int_equal(bench->back.configuration.version, 12);
	assert_memory_equal(bench->back.configuration.text, "[dns]\n", 6);
	bench->message.configuration.length = CONFIGURATION_MAX + 1;
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
	bench->message.configuration = (struct configuration){0, "", 0};
	assert_int_equal(codec_message_encode(&bench->message, &bench->frame), -EINVAL);
	bench->message.kind = MESSAGE_FOLLOWING;
	bench->message.following = (struct following){11, 12, "no"};
	assert_int_equal(there_and_back(bench, true), 0);
	assert_int_equal(bench->back.kind, MESSAGE_FOLLOWING);
	assert_int_equal(bench->back.following.version, 11);
	assert_int_equal(bench->back.following.refused, 12);
	assert_string_equal(bench->back.following.trouble, "no");
}

static void a_lease_is_asked_for_given_and_returned(void **state)
{
	struct bench *bench = *state;

	bench->message.kind = MESSAGE_LEASE_REQUEST;
	bench->message.lease_request.number = UINT32_MAX;
	strcpy(bench->message.lease_request.wan, "wan-of-16-bytes_");
	assert_int_equal(there_and_back(bench, true), 0);
	assert_int_equal(bench->back.kind, MESSAGE_LEASE_REQUEST);
	assert_true(bench->back.lease_request.number == UINT32_MAX);
	assert_string_equal(bench->back.lease_request.wan, "wan-of-16-bytes_");
	bench->message.kind = MESSAGE_LEASE;
	bench->message.lease = (struct lease){5, true, 90};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_int_equal(bench->back.kind, MESSAGE_LEASE);
	assert_int_equal(bench->back.lease.number, 5);
	assert_true(bench->back.lease.granted);
	assert_int_equal(bench->back.lease.seconds, 90);
	bench->message.lease = (struct lease){5, false, UINT32_MAX};
	assert_int_equal(there_and_back(bench, false), 0);
	assert_false(bench->back.lease.granted);
	assert_int_equal(bench->back.lease.seconds, LEASE_SECONDS_MAX);
	bench->message.kind = MESSAGE_LEASE_RETURN;
	bench->message.lease_return.number = 5;
	assert_int_equal(there_and_back(bench, true), 0);
	assert_int_equal(bench->back.kind, MESSAGE_LEASE_RETURN);
	assert_int_equal(bench->back.lease_return.number, 5);
}

static void a_lease_for_no_wan_or_without_a_number_breaks_the_protocol(void **state)
{
	struct bench *bench = *state;

	bench->message.kind = MESSAGE_LEASE_REQUEST;
	bench->message.lease_request.number = 1;
	assert_int_equal(there_and_back(bench, true), -EPROTO);
	assert_string_equal(bench->err.text,
		"lease_request.wan = \"\": must be 1 to 16 of a-z, 0-9, '_', '.', '-'");
	strcpy(bench->message.lease_request.wan, "wan");
	bench->message.lease_request.number = 0;
	assert_int_equal(there_and_back(bench, true), -EPROTO);
	assert_string_equal(bench->err.text, "lease_request.number = 0: must be 1 to 4294967295");
}

static void a_configuration_without_a_version_says_nothing(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(codec_from_collector_decode("\x3a\0", 2, &bench->back, &bench->err), 0);
	assert_int_equal(bench->back.kind, MESSAGE_UNKNOWN);
	assert_int_equal(
		codec_from_collector_decode("\x3a\x02\x08\x01", 4, &bench->back, &bench->err), 0);
	assert_int_equal(bench->back.kind, MESSAGE_CONFIGURATION);
	assert_int_equal(bench->back.configuration.version, 1);
}

/* A report, then a lease's return: of a oneof the last one counts. */
static void a_report_may_be_followed_by_another_message(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(
		codec_from_agent_decode("\x12\x00\x2a\x02\x08\x03", 6, &bench->back, &bench->err),
		0);
	assert_int_equal(bench->back.kind, MESSAGE_LEASE_RETURN);
	assert_int_equal(bench->back.lease_return.number, 3);
	assert_int_equal(
		codec_from_agent_decode("\x2a\x02\x08\x03\x12\x00", 6, &bench->back, &bench->err),
		0);
	assert_int_equal(bench->back.kind, MESSAGE_REPORT);
	assert_int_equal(bench->back.report.entry_count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(hello_says_what_is_followed_and_what_was_refused),
		CASE(welcome_carries_a_configuration_or_none),
		CASE(configuration_with_a_nul_cannot_be_read),
		CASE(longest_configuration_fits_beside_the_most_runs),
		CASE(a_text_that_cannot_be_followed_has_its_version_alone),
		CASE(a_change_travels_both_ways),
		CASE(a_lease_is_asked_for_given_and_returned),
		CASE(a_lease_for_no_wan_or_without_a_number_breaks_the_protocol),
		CASE(a_configuration_without_a_version_says_nothing),
		CASE(a_report_may_be_followed_by_another_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
