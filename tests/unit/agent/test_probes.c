/* SPDX-License-Identifier: Apache-2.0 */
/* Real questions to this machine itself; what cannot be asked here is said, not passed over. */
#include "tests/unit/agent/fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/probes/icmp_socket.h"
#include "agent/probes/probe.h"
#include "agent/probes/probers.h"
#include "common/clock.h"

#define ASKED_MAX 100

struct world {
	uv_loop_t loop;
	struct probers *probers;
	unsigned count;
	struct answer answers[ASKED_MAX];
};

static int set_up(void **state)
{
	static struct world world;
	struct err err;

	memset(&world, 0, sizeof(world));
	assert_int_equal(uv_loop_init(&world.loop), 0);
	if (probers_open(&world.loop, &world.probers, &err) < 0)
		fail_msg("%s", err.text);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	probers_close(world->probers);
	uv_run(&world->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&world->loop), 0);
	return 0;
}

static void on_done(void *arg, const struct answer *answer)
{
	struct world *world = arg;

	world->answers[world->count++] = *answer;
}

static enum refusal ask(struct world *world, enum probe_kind kind, const char *to, uint16_t port)
{
	struct probe_request request = {
		.target = {.class = CLASS_INTERNET, .port = port}, .done = on_done, .arg = world};

	assert_int_equal(address_parse(to, &request.target.address), 0);
	return probers_ask(world->probers, kind, &request);
}

static void wait_for(struct world *world, unsigned count)
{
	uint64_t limit_us = clock_boot_us() + S(10);

	while (world->count < count && clock_boot_us() < limit_us)
		uv_run(&world->loop, UV_RUN_ONCE);
	assert_int_equal(world->count, count);
}

static void echo_comes_back_from(struct world *world, const char *address)
{
	uint64_t before_us = clock_boot_us();

	assert_int_equal(ask(world, PROBE_ICMP, address, 0), REFUSAL_NONE);
	assert_int_equal(world->count, 0); /* never from within */
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_ANSWERED);
	assert_in_range(world->answers[0].rtt_us, 1, 500000);
	assert_in_range(world->answers[0].sent_us, before_us, clock_boot_us());
}

static void icmp_echo_comes_back_over_ipv4(void **state)
{
	echo_comes_back_from(*state, "127.0.0.1");
}

static void icmp_echo_comes_back_over_ipv6(void **state)
{
	echo_comes_back_from(*state, "::1");
}

static void many_echoes_at_a_time_are_told_apart(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < ASKED_MAX; i++)
		assert_int_equal(
			ask(world, PROBE_ICMP, i % 2 ? "127.0.0.1" : "127.0.0.2", 0), REFUSAL_NONE);
	wait_for(world, ASKED_MAX);
	for (unsigned i = 0; i < ASKED_MAX; i++)
		assert_int_equal(world->answers[i].outcome, OUTCOME_ANSWERED);
}

static void more_echoes_than_it_can_follow_are_refused(void **state)
{
	struct world *world = *state;
	unsigned refused = 0, asked = 0;

	while (!refused && asked < 1000) {
		enum refusal refusal = ask(world, PROBE_ICMP, "127.0.0.1", 0);

		refused += refusal != REFUSAL_NONE;
		asked += refusal == REFUSAL_NONE;
		if (world->count > ASKED_MAX / 2)
			world->count = 0;
	}
	assert_int_equal(refused, 1);
	assert_true(asked >= 100);
	probers_close(world->probers); /* what was asked is forgotten */
	world->probers = NULL;
}

/* Raw sockets would see every answer that comes to this machine. */
static void answers_to_others_wake_nobody(void **state)
{
	const struct icmp_way home = {.to = {4, {127, 0, 0, 1}}};
	const struct icmp_echo echo = {.sequence = 7, .cookie = 77};
	struct icmp_socket own, other;
	struct pollfd polls[2];

	assert_int_equal(icmp_socket_open(&own, AF_INET), 0);
	assert_int_equal(icmp_socket_open(&other, AF_INET), 0);
	assert_int_equal(icmp_socket_send(&other, &home, &echo), 0);
	polls[0] = (struct pollfd){.fd = other.fd, .events = POLLIN};
	polls[1] = (struct pollfd){.fd = own.fd, .events = POLLIN};
	assert_int_equal(poll(&polls[0], 1, 3000), 1);
	assert_true(polls[0].revents & POLLIN);
	assert_int_equal(poll(&polls[1], 1, 50), 0);
	icmp_socket_close(&own);
	icmp_socket_close(&other);
}

static void echo_without_an_answer_is_lost_after_three_seconds(void **state)
{
	struct world *world = *state;
	uint64_t before_us = clock_boot_us();
	/* A group on the loopback that nobody is in: sent, and never answered. */
	struct probe_request request = {
		.target = {.class = CLASS_INTERNET, .address = {4, {239, 255, 7, 77}}},
		.interface = if_nametoindex("lo"),
		.done = on_done,
		.arg = world,
	};

	assert_int_equal(probers_ask(world->probers, PROBE_ICMP, &request), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_LOST);
	assert_in_range(clock_boot_us() - before_us, 3000000, 3500000);
}

static int listen_on(const char *address, uint16_t *ret_port)
{
	struct address parsed;
	union socket_address own;
	socklen_t length;
	int fd;

	assert_int_equal(address_parse(address, &parsed), 0);
	length = socket_address_of(&parsed, 0, 0, &own);
	fd = socket(own.any.sa_family, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, &own.any, length), 0);
	assert_int_equal(getsockname(fd, &own.any, &length), 0);
	*ret_port = ntohs(own.any.sa_family == AF_INET ? own.v4.sin_port : own.v6.sin6_port);
	return fd;
}

static void open_port_answers_on(struct world *world, const char *address)
{
	uint16_t port;
	int fd = listen_on(address, &port);

	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(ask(world, PROBE_TCP, address, port), REFUSAL_NONE);
	assert_int_equal(world->count, 0);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_ANSWERED);
	assert_in_range(world->answers[0].rtt_us, 1, 500000);
	close(fd);
}

static void tcp_connection_to_an_open_port_answers(void **state)
{
	open_port_answers_on(*state, "127.0.0.1");
}

static void tcp_connection_over_ipv6_answers(void **state)
{
	open_port_answers_on(*state, "::1");
}

static void tcp_reset_of_a_port_known_to_be_open_is_no_answer(void **state)
{
	struct world *world = *state;
	uint16_t port;
	int fd = listen_on("127.0.0.1", &port); /* bound, not listening: refused */

	assert_int_equal(ask(world, PROBE_TCP, "127.0.0.1", port), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_LOST);
	close(fd);
}

static void tcp_connection_without_an_answer_is_lost_after_three_seconds(void **state)
{
	struct world *world = *state;
	uint64_t before_us;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	uint16_t port;
	int fd = listen_on("127.0.0.1", &port), fillers[3];

	/* A full backlog drops connection requests without a word. */
	assert_int_equal(listen(fd, 0), 0);
	to.sin_port = htons(port);
	for (unsigned i = 0; i < 3; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fillers[i], (struct sockaddr *)&to, sizeof(to));
	}
	usleep(100000);
	before_us = clock_boot_us();
	assert_int_equal(ask(world, PROBE_TCP, "127.0.0.1", port), REFUSAL_NONE);
	wait_for(world, 1);
	assert_int_equal(world->answers[0].outcome, OUTCOME_LOST);
	assert_in_range(clock_boot_us() - before_us, 2900000, 3500000);
	for (unsigned i = 0; i < 3; i++)
		close(fillers[i]);
	close(fd);
}

static void errors_of_sending_say_what_lacks(void **state)
{
	assert_int_equal(probe_refusal(ENETDOWN), REFUSAL_CARRIER);
	assert_int_equal(probe_refusal(ENODEV), REFUSAL_CARRIER);
	assert_int_equal(probe_refusal(EADDRNOTAVAIL), REFUSAL_ADDRESS);
	assert_int_equal(probe_refusal(ENETUNREACH), REFUSAL_ROUTE);
	assert_int_equal(probe_refusal(EHOSTUNREACH), REFUSAL_ROUTE);
	assert_int_equal(probe_refusal(EPERM), REFUSAL_OTHER);
}

static void interface_that_is_not_there_refuses(void **state)
{
	struct world *world = *state;
	struct probe_request request = {.target = target_v4(CLASS_INTERNET, 1, 0),
		.interface = 0x7ffffff0,
		.done = on_done,
		.arg = world};

	assert_int_equal(probers_ask(world->probers, PROBE_ICMP, &request), REFUSAL_CARRIER);
	request.target.port = 80;
	assert_int_equal(probers_ask(world->probers, PROBE_TCP, &request), REFUSAL_CARRIER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(icmp_echo_comes_back_over_ipv4, set_up, tear_down),
		cmocka_unit_test_setup_teardown(icmp_echo_comes_back_over_ipv6, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			many_echoes_at_a_time_are_told_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			more_echoes_than_it_can_follow_are_refused, set_up, tear_down),
		cmocka_unit_test(answers_to_others_wake_nobody),
		cmocka_unit_test_setup_teardown(
			echo_without_an_answer_is_lost_after_three_seconds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			tcp_connection_to_an_open_port_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			tcp_connection_over_ipv6_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			tcp_reset_of_a_port_known_to_be_open_is_no_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			tcp_connection_without_an_answer_is_lost_after_three_seconds, set_up,
			tear_down),
		cmocka_unit_test(errors_of_sending_say_what_lacks),
		cmocka_unit_test_setup_teardown(
			interface_that_is_not_there_refuses, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
