/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's STAMP prober against the reflector's door, and against those that only pretend. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/net/address.h"
#include "agent/probes/probers.h"
#include "collector/reflector/door.h"
#include "common/clock.h"

static const uint8_t master[STAMP_MASTER_BYTES] = "a master key";

struct world {
	uv_loop_t loop;
	struct probers *probers;
	struct reflector *reflector;
	struct door *door;
	struct probe_secret secret;
	unsigned count;
	struct answer answers[16];
};

static int set_up(void **state)
{
	static struct world world;
	struct err err;

	memset(&world, 0, sizeof(world));
	assert_int_equal(uv_loop_init(&world.loop), 0);
	assert_int_equal(probers_open(&world.loop, &world.probers, &err), 0);
	assert_int_equal(reflector_new(master, 1, &world.reflector, &err), 0);
	world.secret.identifier = 321;
	assert_int_equal(stamp_key(master, 321, world.secret.key), 0);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	probers_close(world->probers);
	door_close(world->door);
	uv_run(&world->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&world->loop), 0);
	reflector_free(world->reflector);
	return 0;
}

static uint16_t open_door(struct world *world, const char *text)
{
	struct err err;

	if (door_open(&world->loop, text, world->reflector, &world->door, &err) < 0)
		fail_msg("%s", err.text);
	return (uint16_t)atoi(strrchr(door_text(world->door), ':') + 1);
}

static void on_done(void *arg, const struct answer *answer)
{
	struct world *world = arg;

	world->answers[world->count++] = *answer;
}

static enum refusal ask(struct world *world, const char *to, uint16_t port)
{
	struct probe_request request = {.target = {.class = CLASS_INTERNET, .port = port},
		.secret = &world->secret,
		.done = on_done,
		.arg = world};

	assert_int_equal(address_parse(to, &request.target.address), 0);
	return probers_ask(world->probers, PROBE_STAMP, &request);
}

static void wait_for(struct world *world, unsigned count)
{
	uint64_t limit_us = clock_boot_us() + 10000000;

	while (world->count < count && clock_boot_us() < limit_us)
		uv_run(&world->loop, UV_RUN_ONCE);
	assert_int_equal(world->count, count);
}

static void reflector_answers(struct world *world, const char *listen, const char *to)
{
	uint16_t port = open_door(world, listen);

	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(ask(world, to, port), REFUSAL_NONE);
		assert_int_equal(world->count, i); /* never from within */
		wait_for(world, i + 1);
		assert_int_equal(world->answers[i].outcome, OUTCOME_ANSWERED);
		assert_in_range(world->answers[i].rtt_us, 0, 500000);
		assert_int_equal(world->answers[i].stamp.sent, 1);
		assert_int_equal(world->answers[i].stamp.lost_out, 0);
		assert_int_equal(world->answers[i].stamp.lost_back, 0);
	}
}

static void reflector_answers_over_ipv4(void **state)
{
	reflector_answers(*state, "127.0.0.1:0", "127.0.0.1");
}

static void reflector_answers_over_ipv6(void **state)
{
	reflector_answers(*state, "[::1]:0", "::1");
}

/* A wildcard's answer must come from the address that was asked. */
static void answer_comes_from_the_address_that_was_asked(void **state)
{
	reflector_answers(*state, "0.0.0.0:0", "127.0.0.77");
}

static void wrong_key_is_no_question(void **state)
{
	struct world *world = *state;
	uint16_t port = open_door(world, "127.0.0.1:0");

	world->secret.key[0] ^= 1;
	assert_int_equal(ask(world, "127.0.0.1", port), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_LOST);
	assert_int_equal(world->answers[0].stamp.sent, 0); /* nothing is known of it */
	assert_int_equal(reflector_counts(world->reflector)[REFLECT_FORGED], 1);
}

/* Answers whatever comes with what it says, unsigned. */
static void on_pretended(uv_poll_t *poll, int status, int events)
{
	uint8_t bytes[STAMP_PACKET_BYTES];
	union socket_address from;
	socklen_t length = sizeof(from);
	int fd = *(int *)poll->data;

	if (recvfrom(fd, bytes, sizeof(bytes), MSG_DONTWAIT, &from.any, &length) < 0)
		return;
	memcpy(bytes + 48, bytes, 4); /* the question's number and time, where they belong */
	memcpy(bytes + 64, bytes + 16, 8);
	sendto(fd, bytes, sizeof(bytes), 0, &from.any, length);
	sendto(fd, "short", 5, 0, &from.any, length);
}

static void forged_answers_are_none_and_are_counted(void **state)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t length = sizeof(own);
	struct world *world = *state;
	uv_poll_t poll;

	assert_int_equal(bind(fd, (struct sockaddr *)&own, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	uv_poll_init(&world->loop, &poll, fd);
	poll.data = &fd;
	uv_poll_start(&poll, UV_READABLE, on_pretended);
	assert_int_equal(ask(world, "127.0.0.1", ntohs(own.sin_port)), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_LOST);
	assert_int_equal(world->answers[0].stamp.sent, 1);
	assert_int_equal(world->answers[0].stamp.forged, 2);
	uv_close((uv_handle_t *)&poll, NULL);
	uv_run(&world->loop, UV_RUN_NOWAIT);
	close(fd);
}

static void without_a_secret_nobody_is_asked(void **state)
{
	const struct probe_request request = {
		.target = {.port = 8620, .address = {4, {127, 0, 0, 1}}},
		.done = on_done,
		.arg = *state};

	assert_int_equal(probers_ask(((struct world *)*state)->probers, PROBE_STAMP, &request),
		REFUSAL_OTHER);
}

static void what_is_forgotten_is_not_told(void **state)
{
	struct world *world = *state;
	uint16_t port = open_door(world, "127.0.0.1:0");

	assert_int_equal(ask(world, "127.0.0.1", port), REFUSAL_NONE);
	probers_forget(world->probers, world);
	for (unsigned i = 0; i < 20; i++)
		uv_run(&world->loop, UV_RUN_NOWAIT);
	assert_int_equal(world->count, 0);
	assert_int_equal(ask(world, "127.0.0.1", port), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_ANSWERED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(reflector_answers_over_ipv4),
		TEST(reflector_answers_over_ipv6),
		TEST(answer_comes_from_the_address_that_was_asked),
		TEST(wrong_key_is_no_question),
		TEST(forged_answers_are_none_and_are_counted),
		TEST(without_a_secret_nobody_is_asked),
		TEST(what_is_forgotten_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
