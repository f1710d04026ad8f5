/* SPDX-License-Identifier: Apache-2.0 */
#include "sender_bench.h"

#include <errno.h>
#include <string.h>

#include "samples.h"

static void hello_names_what_is_held(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_string_equal(bench->heard.hello.software, "test");
	assert_string_equal(bench->heard.hello.wan, "wan");
	assert_memory_equal(bench->heard.hello.boot, sample_boot, BOOT_BYTES);
	assert_true(bench->heard.hello.sent_us == NOW);
	assert_int_equal(bench->heard.hello.run_count, 1);
	assert_int_equal(bench->heard.hello.runs[0].run, 3);
	assert_int_equal(bench->heard.hello.runs[0].first, 1);
	assert_int_equal(bench->heard.hello.runs[0].last, 10);
	assert_true(bench->heard.hello.runs[0].nonce == 99);
	assert_int_equal(bench->heard.hello.configuration, 7);
	assert_int_equal(bench->heard.hello.configuration_refused, 8);
	assert_string_equal(bench->heard.hello.configuration_trouble, "not?allowed");
	assert_false(sender_welcomed(bench->sender));
}

static void nothing_is_sent_before_welcome(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_false(hear(bench));
	assert_int_equal(sender_ping(bench->sender, NOW, &bench->out), -ENOTCONN);
}

static void what_is_durable_is_skipped(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(sender_comeback_s(bench->sender), 0);
	assert_int_equal(say_welcome(bench, 4), 0);
	assert_int_equal(sender_comeback_s(bench->sender), 7);
	assert_int_equal(bench->acked_up_to, 4);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_int_equal(hear_records(bench, 5), 6);
	assert_int_equal(sender_unacked(bench->sender), 6);
	assert_int_equal(say_ack(bench, 3, 10), 0);
	assert_int_equal(sender_unacked(bench->sender), 0);
	assert_int_equal(bench->acked_up_to, 10);
	assert_int_equal(bench->acked_calls, 2);
}

static void window_holds_and_opens(void **state)
{
	struct bench *bench = *state;
	size_t first, second;

	bench->size = 1000;
	bench->last = 1000;
	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	first = hear_records(bench, 1);
	assert_true(first * bench->size <= UNACKED_MAX_BYTES);
	assert_true(first * bench->size >= UNACKED_MAX_BYTES - RECORD_MAX - bench->size);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_false(hear(bench));
	assert_int_equal(say_ack(bench, 3, 20), 0);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	second = hear_records(bench, (uint32_t)first + 1);
	assert_int_equal(second, 20);
}

static void everything_arrives_once_whatever_room_there_is(void **state)
{
	struct bench *bench = *state;
	uint32_t next = 1;
	int rounds;

	bench->size = 5000;
	bench->last = 100;
	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	buf_done(&bench->out);
	buf_init(&bench->out, 12000); /* smaller than a batch at first: it must wait */
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_false(hear(bench));
	bench->out.limit = 48000;
	for (rounds = 0; rounds < 100 && next <= 100; rounds++) {
		assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
		next += (uint32_t)hear_records(bench, next);
		assert_int_equal(say_ack(bench, 3, next - 1), 0);
	}
	assert_int_equal(next, 101);
	assert_int_equal(bench->acked_up_to, 100);
}

static void rejected_record_is_passed(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	/* 5 is rejected while 1 to 4 are still open: passed once they are safe */
	assert_int_equal(say_reject(bench, 5), 0);
	assert_int_equal(bench->rejected, 1);
	assert_int_equal(bench->acked_up_to, 0);
	assert_int_equal(say_ack(bench, 3, 4), 0);
	assert_int_equal(bench->acked_up_to, 5);
	assert_int_equal(sender_unacked(bench->sender), 5);
	/* the next in line: passed at once; and again: no news */
	assert_int_equal(say_reject(bench, 6), 0);
	assert_int_equal(say_reject(bench, 6), 0);
	assert_int_equal(bench->acked_up_to, 6);
	assert_int_equal(bench->rejected, 2);
	/* one that was never sent */
	assert_int_equal(say_reject(bench, 77), 0);
	assert_int_equal(bench->rejected, 2);
}

static void ack_beyond_what_is_held_is_taken_up_to_there(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 15), 0);
	assert_int_equal(bench->acked_up_to, 10);
	bench->last = 12; /* made later, under numbers that the collector spoke of */
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_int_equal(hear_records(bench, 11), 2);
	assert_int_equal(say_ack(bench, 3, UINT32_MAX), 0);
	assert_int_equal(bench->acked_up_to, 12);
}

static void ack_of_a_run_that_was_not_named_ends_the_session(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(say_ack(bench, 4, 1), -EPROTO);
	assert_string_equal(bench->err.text, "acknowledges run 4, which is not held here");
	assert_int_equal(bench->acked_up_to, 0);
	assert_int_equal(say_ack(bench, 3, 1), -EPROTO);
}

static void ack_may_run_over_a_gap_that_came_after_hello(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 10), 0);
	bench->last = 11;
	bench->gap_last = 20; /* record 11 says that 11 to 20 were dropped */
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_int_equal(hear_records(bench, 11), 1);
	assert_int_equal(say_ack(bench, 3, 20), 0);
	assert_int_equal(bench->acked_up_to, 20);
}

static void lower_ack_is_no_news(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 5), 0);
	assert_int_equal(say_ack(bench, 3, 2), 0);
	assert_int_equal(bench->acked_up_to, 5);
}

static void new_session_begins_anew(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 2), 0);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	buf_clear(&bench->out);
	begin(bench);
	assert_int_equal(sender_unacked(bench->sender), 0);
	assert_int_equal(say_welcome(bench, 6), 0);
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_int_equal(hear_records(bench, 7), 4);
}

static void run_that_hello_did_not_name_asks_for_a_new_session(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	bench->run = 4;
	assert_int_equal(sender_pump(bench->sender, &bench->out), -ESTALE);
}

static void only_the_answer_to_the_last_question_gives_time(void **state)
{
	struct bench *bench = *state;
	struct message message = {.kind = MESSAGE_WELCOME};

	message.welcome.time = (struct time_answer){true, NOW, UTC_MIN_US, UTC_MIN_US + 5, 7};
	begin(bench);
	assert_int_equal(say(bench, &message), 0);
	assert_int_equal(bench->times, 1);
	assert_int_equal(bench->time.error_us, 7);
	assert_int_equal(sender_ping(bench->sender, NOW + 10, &bench->out), 0);
	assert_true(hear(bench));
	assert_int_equal(bench->heard.kind, MESSAGE_PING);
	message.kind = MESSAGE_PONG;
	message.pong = (struct time_answer){true, NOW, UTC_MIN_US, UTC_MIN_US, 0};
	assert_int_equal(say(bench, &message), 0); /* of an older question */
	assert_int_equal(bench->times, 1);
	message.pong.echo_us = NOW + 10;
	assert_int_equal(say(bench, &message), 0);
	assert_int_equal(bench->times, 2);
	assert_int_equal(say(bench, &message), 0); /* twice */
	assert_int_equal(bench->times, 2);
}

static void refusal_is_told_and_ends_the_session(void **state)
{
	struct bench *bench = *state;
	struct message message = {.kind = MESSAGE_REFUSE};

	message.refuse.code = REFUSE_REVOKED;
	strcpy(message.refuse.text, "gone");
	begin(bench);
	assert_int_equal(say(bench, &message), -EPROTO);
	assert_int_equal(bench->refused, REFUSE_REVOKED);
	assert_string_equal(bench->err.text, "refused by the collector (3): gone");
	assert_int_equal(sender_pump(bench->sender, &bench->out), 0);
	assert_false(hear(bench));
}

static void messages_out_of_turn_end_the_session(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(say_ack(bench, 3, 1), -EPROTO);
	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(say_welcome(bench, 0), -EPROTO);
	begin(bench);
	assert_int_equal(
		sender_feed(bench->sender, "\xff\xff\xff\xff", 4, NOW, &bench->err), -EPROTO);
	begin(bench);
	assert_int_equal(
		sender_feed(bench->sender, "\0\0\0\2\xff\xff", 6, NOW, &bench->err), -EPROTO);
}

static void message_of_a_newer_collector_is_passed_over(void **state)
{
	struct bench *bench = *state;

	begin(bench);
	assert_int_equal(sender_feed(bench->sender, "\0\0\0\2\x7a\0", 6, NOW, &bench->err), 0);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(sender_feed(bench->sender, "\0\0\0\2\x7a\0", 6, NOW, &bench->err), 0);
	assert_true(sender_welcomed(bench->sender));
}

static void what_is_asked_of_the_agent_is_told_once_a_welcome(void **state)
{
	struct bench *bench = *state;
	struct message message = {.kind = MESSAGE_WELCOME};

	begin(bench);
	message.welcome.configuration = (struct configuration){9, "round_s = 30\n", 13};
	assert_int_equal(say(bench, &message), 0);
	assert_int_equal(bench->configured, 1);
	assert_int_equal(bench->version, 9);
	assert_string_equal(bench->text, "round_s = 30\n");
	begin(bench);
	assert_int_equal(say_welcome(bench, 0), 0);
	assert_int_equal(bench->configured, 2);
	assert_int_equal(bench->version, 0);
}

static void a_change_is_heard_and_answered(void **state)
{
	struct bench *bench = *state;
	const struct sender_following following = {7, 6, "not\nallowed"};
	struct message message = {.kind = MESSAGE_CONFIGURATION, .configuration = {7, "[dns]", 5}};

	begin(bench);
	assert_int_equal(sender_following(bench->sender, &following, &bench->out), -ENOTCONN);
	assert_int_equal(say_welcome(bench, 10), 0);
	assert_int_equal(bench->configured, 1);
	assert_int_equal(say(bench, &message), 0);
	assert_int_equal(bench->configured, 2);
	assert_int_equal(bench->version, 7);
	assert_string_equal(bench->text, "[dns]");
	assert_int_equal(sender_following(bench->sender, &following, &bench->out), 0);
	assert_true(hear(bench));
	assert_int_equal(bench->heard.kind, MESSAGE_FOLLOWING);
	assert_int_equal(bench->heard.following.version, 7);
	assert_int_equal(bench->heard.following.refused, 6);
	assert_string_equal(bench->heard.following.trouble, "not?allowed");
}

static void a_lease_is_asked_for_and_told(void **state)
{
	struct bench *bench = *state;
	struct message message = {.kind = MESSAGE_LEASE, .lease = {4, true, 60}};

	begin(bench);
	assert_int_equal(sender_lease_request(bench->sender, 4, "wan", &bench->out), -ENOTCONN);
	assert_int_equal(sender_lease_return(bench->sender, 4, &bench->out), -ENOTCONN);
	assert_int_equal(say_welcome(bench, 10), 0);
	assert_int_equal(sender_lease_request(bench->sender, 4, "wan", &bench->out), 0);
	assert_true(hear(bench));
	assert_int_equal(bench->heard.kind, MESSAGE_LEASE_REQUEST);
	assert_int_equal(bench->heard.lease_request.number, 4);
	assert_string_equal(bench->heard.lease_request.wan, "wan");
	assert_int_equal(say(bench, &message), 0);
	assert_int_equal(bench->leases, 1);
	assert_true(bench->lease.granted);
	assert_int_equal(bench->lease.seconds, 60);
	assert_int_equal(sender_lease_return(bench->sender, 4, &bench->out), 0);
	assert_true(hear(bench));
	assert_int_equal(bench->heard.kind, MESSAGE_LEASE_RETURN);
	assert_int_equal(bench->heard.lease_return.number, 4);
	begin(bench);
	assert_int_equal(say(bench, &message), -EPROTO); /* before WELCOME */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(hello_names_what_is_held),
		CASE(nothing_is_sent_before_welcome),
		CASE(what_is_durable_is_skipped),
		CASE(window_holds_and_opens),
		CASE(everything_arrives_once_whatever_room_there_is),
		CASE(rejected_record_is_passed),
		CASE(ack_beyond_what_is_held_is_taken_up_to_there),
		CASE(ack_of_a_run_that_was_not_named_ends_the_session),
		CASE(ack_may_run_over_a_gap_that_came_after_hello),
		CASE(lower_ack_is_no_news),
		CASE(new_session_begins_anew),
		CASE(run_that_hello_did_not_name_asks_for_a_new_session),
		CASE(only_the_answer_to_the_last_question_gives_time),
		CASE(refusal_is_told_and_ends_the_session),
		CASE(messages_out_of_turn_end_the_session),
		CASE(message_of_a_newer_collector_is_passed_over),
		CASE(what_is_asked_of_the_agent_is_told_once_a_welcome),
		CASE(a_change_is_heard_and_answered),
		CASE(a_lease_is_asked_for_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
