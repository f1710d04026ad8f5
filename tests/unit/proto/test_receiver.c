/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver_bench.h"

#include <errno.h>
#include <string.h>

#include "samples.h"

static void welcome_says_what_is_durable_and_the_time(void **state)
{
	struct bench *bench = *state;

	assert_false(receiver_greeted(bench->receiver));
	greet(bench);
	assert_true(receiver_greeted(bench->receiver));
	assert_int_equal(bench->hello.run_count, 2);
	assert_int_equal(bench->heard.welcome.durable_count, 2);
	assert_int_equal(bench->heard.welcome.durable[0].run, 6);
	assert_int_equal(bench->heard.welcome.durable[0].up_to, 0);
	assert_int_equal(bench->heard.welcome.durable[1].run, 7);
	assert_int_equal(bench->heard.welcome.durable[1].up_to, 4);
	assert_true(bench->heard.welcome.time.present);
	assert_true(bench->heard.welcome.time.echo_us == 42);
	assert_true(bench->heard.welcome.time.received_utc_us == 1774972800000000);
	assert_int_equal(bench->heard.welcome.time.error_us, 500);
	assert_int_equal(bench->heard.welcome.comeback_s, 33);
}

static void clock_that_is_not_trusted_gives_no_time(void **state)
{
	struct bench *bench = *state;

	bench->clock.trusted = false;
	greet(bench);
	assert_false(bench->heard.welcome.time.present);
	bench->said.kind = MESSAGE_PING;
	bench->said.ping.sent_us = 43;
	assert_int_equal(say(bench), 0);
	assert_int_equal(hear(bench), MESSAGE_PONG);
	assert_false(bench->heard.pong.present);
	bench->clock.trusted = true;
	assert_int_equal(say(bench), 0);
	assert_int_equal(hear(bench), MESSAGE_PONG);
	assert_true(bench->heard.pong.echo_us == 43);
}

static void sound_record_is_handed_over_with_its_run(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_slot(&record);
	assert_int_equal(say_record(bench, 7, 20, &record), 0);
	assert_int_equal(bench->entries, 1);
	assert_int_equal(bench->code, 0);
	assert_int_equal(bench->entry.key.run, 7);
	assert_int_equal(bench->entry.key.sequence, 20);
	assert_int_equal(bench->entry.last, 20);
	assert_true(bench->nonce == 70);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN); /* no ACK before it is durable */
}

static void gap_record_stands_for_its_range(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_dropped(&record, 20, 30);
	assert_int_equal(say_record(bench, 7, 20, &record), 0);
	assert_int_equal(bench->code, 0);
	assert_int_equal(bench->entry.last, 30);
	/* a range that ends before its own number, or holds fewer numbers than records */
	assert_int_equal(say_record(bench, 7, 31, &record), 0);
	assert_int_equal(bench->code, REJECT_INVALID);
	assert_int_equal(bench->entry.last, 31);
	assert_int_equal(say_record(bench, 7, 21, &record), 0);
	assert_int_equal(bench->code, REJECT_INVALID);
	assert_string_equal(
		bench->why, "dropped.last = 30, dropped.records = 11: with sequence 21");
}

static void unsound_record_is_handed_over_with_words(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_slot(&record);
	record.slot.length_ms = 90000;
	assert_int_equal(say_record(bench, 6, 3, &record), 0);
	assert_int_equal(bench->entries, 1);
	assert_int_equal(bench->code, REJECT_INVALID);
	assert_string_equal(bench->why, "slot.length_ms = 90000: must be 1000 to 60000");
	assert_int_equal(receiver_rejected(bench->receiver, (struct record_key){6, 3},
				 REJECT_INVALID, bench->why, &bench->out),
		0);
	assert_int_equal(hear(bench), MESSAGE_REJECT);
	assert_int_equal(bench->heard.reject.key.sequence, 3);
	assert_string_equal(bench->heard.reject.text, bench->why);
}

static void ack_is_said_once_and_only_upwards(void **state)
{
	struct bench *bench = *state;

	bench->durable = 8;
	greet(bench);
	assert_int_equal(receiver_committed(bench->receiver, 6, 8, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
	assert_int_equal(receiver_committed(bench->receiver, 6, 9, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_ACK);
	assert_int_equal(bench->heard.ack.run, 6);
	assert_int_equal(bench->heard.ack.up_to, 9);
	assert_int_equal(receiver_committed(bench->receiver, 6, 9, &bench->out), 0);
	assert_int_equal(receiver_committed(bench->receiver, 99, 1, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
}

static void what_was_found_since_hello_is_acknowledged(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(receiver_recheck(bench->receiver, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
	bench->durable = 8;
	greet(bench);
	assert_int_equal(receiver_recheck(bench->receiver, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
	bench->durable = 20;
	assert_int_equal(receiver_recheck(bench->receiver, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_ACK);
	assert_int_equal(bench->heard.ack.up_to, 20);
}

static void nothing_is_said_to_who_was_not_greeted(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(receiver_committed(bench->receiver, 6, 9, &bench->out), 0);
	assert_int_equal(
		receiver_rejected(bench->receiver, (struct record_key){6, 3}, 1, "x", &bench->out),
		0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
}

/* The session is refused with this code and these words, and stays refused. */
static void expect_refusal(struct bench *bench, int failed, int code, const char *words)
{
	assert_string_equal(bench->err.text, words);
	assert_int_equal(hear(bench), MESSAGE_REFUSE);
	assert_int_equal(bench->heard.refuse.code, code);
	assert_string_equal(bench->heard.refuse.text, words);
	assert_int_equal(say_hello(bench), -EPROTO);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
	assert_true(failed < 0);
}

static void first_message_must_be_hello(void **state)
{
	struct bench *bench = *state;

	bench->said.kind = MESSAGE_PING;
	expect_refusal(bench, say(bench), REFUSE_PROTOCOL, "the first message is not HELLO");
}

static void second_hello_is_refused(void **state)
{
	struct bench *bench = *state;

	greet(bench);
	expect_refusal(bench, say_hello(bench), REFUSE_PROTOCOL, "a second HELLO");
}

static void run_that_hello_did_not_name_is_refused(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_stop(&record);
	expect_refusal(bench, say_record(bench, 8, 1, &record), REFUSE_PROTOCOL,
		"entry of run 8, which HELLO did not name");
	assert_int_equal(bench->entries, 0);
}

static void number_zero_is_refused(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_stop(&record);
	expect_refusal(bench, say_record(bench, 7, 0, &record), REFUSE_PROTOCOL,
		"entry of run 7, sequence 0: both begin with 1");
}

static void run_named_twice_is_refused(void **state)
{
	struct bench *bench = *state;
	struct hello *hello = &bench->said.hello;

	bench->said.kind = MESSAGE_HELLO;
	hello->run_count = 2;
	hello->runs[0] = (struct held_run){7, 70, 5, 50};
	hello->runs[1] = (struct held_run){7, 71, 5, 50};
	expect_refusal(bench, say(bench), REFUSE_PROTOCOL, "hello.runs: run 7 stands there twice");
}

static void frame_over_the_limit_is_refused(void **state)
{
	struct bench *bench = *state;

	greet(bench);
	expect_refusal(bench, feed(bench, "\0\1\0\1", 4), REFUSE_PROTOCOL,
		"a frame of no length or over 65536 bytes");
}

static void garbage_is_refused(void **state)
{
	struct bench *bench = *state;

	greet(bench);
	expect_refusal(bench, feed(bench, "\0\0\0\2\xff\xff", 6), REFUSE_PROTOCOL,
		"message: not a FromAgent");
}

static void collector_in_trouble_says_come_back_later(void **state)
{
	struct bench *bench = *state;
	struct record record;

	greet(bench);
	sample_stop(&record);
	bench->refuse_entry = -ENOSPC;
	expect_refusal(bench, say_record(bench, 7, 9, &record), REFUSE_BUSY,
		"the record cannot be kept: No space left on device");
}

static void message_of_a_newer_agent_is_passed_over(void **state)
{
	struct bench *bench = *state;

	greet(bench);
	assert_int_equal(feed(bench, "\0\0\0\2\x7a\0", 6), 0);
	assert_true(receiver_greeted(bench->receiver));
}

static void frames_may_come_byte_by_byte(void **state)
{
	struct bench *bench = *state;
	struct record record;
	size_t i;

	greet(bench);
	sample_slot(&record);
	buf_clear(&bench->in);
	assert_int_equal(say_record(bench, 7, 20, &record), 0);
	for (i = 0; i < buf_length(&bench->in); i++)
		assert_int_equal(feed(bench, buf_peek(&bench->in) + i, 1), 0);
	assert_int_equal(bench->entries, 2);
	assert_memory_equal(
		bench->entry.record, buf_peek(&bench->record), bench->entry.record_length);
}

static void welcome_asks_what_the_owner_asks(void **state)
{
	struct bench *bench = *state;

	bench->configuration = (struct configuration){2, "report_s = 600\n", 15};
	greet(bench);
	assert_int_equal(bench->heard.welcome.configuration.version, 2);
	assert_int_equal(bench->heard.welcome.configuration.length, 15);
}

static void lease_is_answered_at_once(void **state)
{
	struct bench *bench = *state;

	greet(bench);
	bench->said.kind = MESSAGE_LEASE_REQUEST;
	bench->said.lease_request.number = 6;
	strcpy(bench->said.lease_request.wan, "wan2");
	assert_int_equal(say(bench), 0);
	assert_int_equal(hear(bench), MESSAGE_LEASE);
	assert_int_equal(bench->heard.lease.number, 6);
	assert_false(bench->heard.lease.granted);
	assert_int_equal(bench->heard.lease.seconds, 45);
	bench->grant = true;
	assert_int_equal(say(bench), 0);
	assert_int_equal(hear(bench), MESSAGE_LEASE);
	assert_true(bench->heard.lease.granted);
	bench->said.kind = MESSAGE_LEASE_RETURN;
	bench->said.lease_return.number = 6;
	assert_int_equal(say(bench), 0);
	assert_int_equal(bench->returned, 6);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN);
}

static void a_change_is_told_to_a_session_that_runs(void **state)
{
	struct bench *bench = *state;
	const struct configuration asked = {9, "[agent]\n", 8};

	assert_int_equal(receiver_configure(bench->receiver, &asked, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_UNKNOWN); /* nothing before WELCOME */
	greet(bench);
	assert_int_equal(receiver_configure(bench->receiver, &asked, &bench->out), 0);
	assert_int_equal(hear(bench), MESSAGE_CONFIGURATION);
	assert_int_equal(bench->heard.configuration.version, 9);
	assert_memory_equal(bench->heard.configuration.text, "[agent]\n", 8);
	bench->said.kind = MESSAGE_FOLLOWING;
	bench->said.following = (struct following){8, 9, "too much"};
	assert_int_equal(say(bench), 0);
	assert_int_equal(bench->following.version, 8);
	assert_int_equal(bench->following.refused, 9);
	assert_string_equal(bench->following.trouble, "too much");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(welcome_says_what_is_durable_and_the_time),
		CASE(clock_that_is_not_trusted_gives_no_time),
		CASE(sound_record_is_handed_over_with_its_run),
		CASE(gap_record_stands_for_its_range),
		CASE(unsound_record_is_handed_over_with_words),
		CASE(ack_is_said_once_and_only_upwards),
		CASE(what_was_found_since_hello_is_acknowledged),
		CASE(nothing_is_said_to_who_was_not_greeted),
		CASE(first_message_must_be_hello),
		CASE(second_hello_is_refused),
		CASE(run_that_hello_did_not_name_is_refused),
		CASE(number_zero_is_refused),
		CASE(run_named_twice_is_refused),
		CASE(frame_over_the_limit_is_refused),
		CASE(garbage_is_refused),
		CASE(collector_in_trouble_says_come_back_later),
		CASE(message_of_a_newer_agent_is_passed_over),
		CASE(frames_may_come_byte_by_byte),
		CASE(welcome_asks_what_the_owner_asks),
		CASE(lease_is_answered_at_once),
		CASE(a_change_is_told_to_a_session_that_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
