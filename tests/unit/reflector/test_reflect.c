/* SPDX-License-Identifier: Apache-2.0 */
/* What is answered, to whom, and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "collector/reflector/reflect.h"

static const uint8_t master[STAMP_MASTER_BYTES] = "32 bytes that nobody else knows";

struct world {
	struct reflector *reflector;
	uint64_t now_us;
	uint8_t answer[STAMP_PACKET_BYTES];
};

static int set_up(void **state)
{
	static struct world world;

	world = (struct world){.now_us = 1000000000};
	assert_int_equal(reflector_new(master, 99, &world.reflector, NULL), 0);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	reflector_free(((struct world *)*state)->reflector);
	return 0;
}

static enum reflect_verdict offer(
	struct world *world, const uint8_t *bytes, size_t length, uint16_t port)
{
	const struct reflect_question question = {.bytes = bytes,
		.length = length,
		.source = {{192, 0, 2, 1}, port},
		.received = stamp_time(5000),
		.ttl = 57};
	const struct reflect_clock clock = {
		.sent = stamp_time(9000), .error = 0x8001, .mono_us = world->now_us};

	return reflector_answer(world->reflector, &question, &clock, world->answer);
}

static enum reflect_verdict ask(
	struct world *world, uint32_t sequence, uint16_t identifier, uint16_t port)
{
	const struct stamp_question question = {
		.sequence = sequence, .sent = 77 + sequence, .error = 1, .identifier = identifier};
	uint8_t key[STAMP_KEY_BYTES], packet[STAMP_PACKET_BYTES];

	assert_int_equal(stamp_key(master, identifier, key), 0);
	assert_int_equal(stamp_question_write(&question, key, packet), 0);
	return offer(world, packet, sizeof(packet), port);
}

static struct stamp_answer read_answer(const struct world *world, uint16_t identifier)
{
	uint8_t key[STAMP_KEY_BYTES];
	struct stamp_answer answer;

	assert_int_equal(stamp_key(master, identifier, key), 0);
	assert_int_equal(stamp_answer_read(world->answer, sizeof(world->answer), key, &answer), 0);
	return answer;
}

static void answer_repeats_the_question_and_says_when(void **state)
{
	struct world *world = *state;
	struct stamp_answer answer;

	assert_int_equal(ask(world, 41, 7, 1000), REFLECT_ANSWERED);
	answer = read_answer(world, 7);
	assert_int_equal(answer.sequence, 0);
	assert_int_equal(answer.question.sequence, 41);
	assert_int_equal(answer.question.sent, 77 + 41);
	assert_int_equal(answer.ttl, 57);
	assert_int_equal(answer.identifier, 7);
	/* ntp's fraction rounds down, so 1 ns may be missing */
	assert_in_range(stamp_between_ns(answer.received, answer.sent), 3999, 4001);
}

static void each_session_is_counted_by_itself(void **state)
{
	struct world *world = *state;

	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(ask(world, 10 * i, 7, 1000), REFLECT_ANSWERED);
		assert_int_equal(read_answer(world, 7).sequence, i);
	}
	assert_int_equal(ask(world, 60, 7, 1001), REFLECT_ANSWERED);
	assert_int_equal(read_answer(world, 7).sequence, 0);
	assert_int_equal(ask(world, 60, 8, 1000), REFLECT_ANSWERED);
	assert_int_equal(read_answer(world, 8).sequence, 0);
	assert_int_equal(ask(world, 70, 7, 1000), REFLECT_ANSWERED);
	assert_int_equal(read_answer(world, 7).sequence, 5);
	assert_int_equal(reflector_sessions(world->reflector), 3);
}

static void without_the_key_nobody_is_answered(void **state)
{
	const struct stamp_question question = {.sequence = 1, .identifier = 7};
	uint8_t key[STAMP_KEY_BYTES], packet[2 * STAMP_PACKET_BYTES] = {0};
	struct world *world = *state;

	assert_int_equal(offer(world, packet, STAMP_PACKET_BYTES, 1), REFLECT_FORGED);
	assert_int_equal(stamp_key(master, 8, key), 0); /* another agent's */
	assert_int_equal(stamp_question_write(&question, key, packet), 0);
	assert_int_equal(offer(world, packet, STAMP_PACKET_BYTES, 1), REFLECT_FORGED);
	assert_int_equal(stamp_key(master, 7, key), 0);
	assert_int_equal(stamp_question_write(&question, key, packet), 0);
	assert_int_equal(offer(world, packet, STAMP_PACKET_BYTES - 1, 1), REFLECT_MALFORMED);
	assert_int_equal(offer(world, packet, STAMP_PACKET_BYTES + 1, 1), REFLECT_MALFORMED);
	assert_int_equal(offer(world, packet, 0, 1), REFLECT_MALFORMED);
	assert_int_equal(offer(world, packet, STAMP_PACKET_BYTES, 1), REFLECT_ANSWERED);
	assert_int_equal(reflector_counts(world->reflector)[REFLECT_FORGED], 2);
	assert_int_equal(reflector_counts(world->reflector)[REFLECT_MALFORMED], 3);
}

static void answers_are_not_answered(void **state)
{
	uint8_t answer[STAMP_PACKET_BYTES];
	struct world *world = *state;

	assert_int_equal(ask(world, 1, 7, 1000), REFLECT_ANSWERED);
	memcpy(answer, world->answer, sizeof(answer));
	assert_int_equal(offer(world, answer, sizeof(answer), 8620), REFLECT_MALFORMED);
}

static void packet_that_comes_twice_is_answered_once(void **state)
{
	struct world *world = *state;

	assert_int_equal(ask(world, 1, 7, 1000), REFLECT_ANSWERED);
	assert_int_equal(ask(world, 1, 7, 1000), REFLECT_DOUBLED);
	assert_int_equal(ask(world, 2, 7, 1000), REFLECT_ANSWERED);
	assert_int_equal(read_answer(world, 7).sequence, 1);
}

static void who_asks_too_often_waits(void **state)
{
	struct world *world = *state;
	unsigned answered = 0;

	for (uint32_t i = 0; i < 1000; i++)
		answered += ask(world, i, 7, (uint16_t)(i + 1)) == REFLECT_ANSWERED;
	assert_int_equal(answered, REFLECT_BURST); /* from however many ports */
	assert_int_equal(ask(world, 1, 8, 1), REFLECT_ANSWERED); /* others do not suffer */
	answered = 0;
	for (uint32_t i = 0; i < 1000; i++) {
		world->now_us += 10000;
		answered += ask(world, 2000 + i, 7, 1) == REFLECT_ANSWERED;
	}
	assert_in_range(answered, 10 * REFLECT_RATE_S - 1, 10 * REFLECT_RATE_S + 1);
}

static void table_never_holds_more_than_it_may(void **state)
{
	struct world *world = *state;

	for (uint32_t i = 0; i < 3 * REFLECT_SESSIONS_MAX; i++) {
		world->now_us += 1000;
		assert_int_equal(
			ask(world, i, (uint16_t)i, (uint16_t)(1 + i / 65536)), REFLECT_ANSWERED);
	}
	assert_in_range(reflector_sessions(world->reflector), REFLECT_SESSIONS_MAX * 9 / 10,
		REFLECT_SESSIONS_MAX);
	world->now_us += 1000000;
	assert_int_equal(ask(world, 1, 7, 60000), REFLECT_ANSWERED);
	assert_int_equal(ask(world, 2, 7, 60000), REFLECT_ANSWERED);
	assert_int_equal(read_answer(world, 7).sequence, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(answer_repeats_the_question_and_says_when),
		TEST(each_session_is_counted_by_itself),
		TEST(without_the_key_nobody_is_answered),
		TEST(answers_are_not_answered),
		TEST(packet_that_comes_twice_is_answered_once),
		TEST(who_asks_too_often_waits),
		TEST(table_never_holds_more_than_it_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
