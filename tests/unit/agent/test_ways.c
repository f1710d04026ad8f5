/* SPDX-License-Identifier: Apache-2.0 */
/* By which way the uplink finds its collector, and when it gives one up. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/agent/uplink_world.h"

/* ---- where the collector is */

static void make_state(struct world *world, char folder[32], const char *text)
{
	char path[64];
	FILE *file;

	strcpy(folder, "/tmp/pantau-uplink-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/collectors", folder);
	world->state_folder = folder;
	if (!*text)
		return;
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
}

static void read_state(const char *folder, char *text, size_t size)
{
	char path[64];
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/collectors", folder);
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	fclose(file);
	unlink(path);
	rmdir(folder);
}

static void address_that_worked_is_kept(void **state)
{
	struct world *world = begin(3);
	char port[6], folder[32], text[128], wanted[64];

	make_state(world, folder, "");
	open_collector(world, port);
	open_uplink(world, "localhost", port, world->authority.ca);
	run_until_acked(world, 3);
	snprintf(wanted, sizeof(wanted), "localhost %s 127.0.0.1\n", port);
	end(world);
	read_state(folder, text, sizeof(text));
	assert_string_equal(text, wanted);
}

static void broken_resolver_does_not_silence_the_agent(void **state)
{
	struct world *world = begin(3);
	char port[6], folder[32], text[128];

	open_collector(world, port);
	snprintf(text, sizeof(text),
		"garbage\nother.invalid 7443 192.0.2.1\nno-such-name.invalid %s 127.0.0.1\n", port);
	make_state(world, folder, text);
	open_uplink(world, "no-such-name.invalid", port, world->authority.ca);
	run_until_acked(world, 3);
	end(world);
	read_state(folder, text, sizeof(text));
	assert_non_null(strstr(text, "other.invalid 7443 192.0.2.1\n")); /* nothing new to keep */
}

static void name_without_any_address_is_said(void **state)
{
	struct world *world = begin(3);

	open_uplink(world, "no-such-name.invalid", "7443", world->authority.ca);
	run_for(world, 6);
	assert_int_equal(uplink_figures(world->uplink).trouble, TROUBLE_NAME);
	assert_non_null(strstr(uplink_figures(world->uplink).words, "no-such-name.invalid"));
	end(world);
}

/* ---- an address that is dead */

/* Somebody whose queue is full: the kernel drops who else calls. */
static int open_swallower(const char *port, int ret_callers[4])
{
	struct sockaddr_in own = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(listen(listener, 0), 0);
	for (size_t i = 0; i < 4; i++) {
		ret_callers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(ret_callers[i], (struct sockaddr *)&own, sizeof(own));
	}
	return listener;
}

static void dead_address_costs_three_seconds_while_there_is_another(void **state)
{
	struct world *world = begin(3);
	char port[6], folder[32], text[128];
	int callers[4], listener;
	uint64_t began_us;

	world->collector.address = "127.0.0.2";
	open_collector(world, port);
	snprintf(text, sizeof(text), "localhost %s 127.0.0.2\n", port);
	make_state(world, folder, text);
	listener = open_swallower(port, callers); /* where the name leads */
	began_us = clock_boot_us();
	open_uplink(world, "localhost", port, world->authority.ca);
	run_until_acked(world, 3);
	assert_in_range(clock_boot_us() - began_us, S(2.5), S(5));
	for (size_t i = 0; i < 4; i++)
		close(callers[i]);
	close(listener);
	end(world);
	read_state(folder, text, sizeof(text));
}

static void second_collector_is_tried_when_the_first_is_off(void **state)
{
	struct world *world = begin(3);
	char port[6];

	world->first_host = "127.0.0.1"; /* its port 1 is nobody's */
	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3);
	assert_non_null(strstr(uplink_figures(world->uplink).collector, port));
	end(world);
}

static void agent_whose_certificate_is_refused_is_told_so(void **state)
{
	struct world *world = begin(3);
	struct authority other;
	char port[6];

	authority_init(&other);
	world->agents = &other;
	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_for(world, 0.5);
	assert_int_equal(uplink_figures(world->uplink).trouble, TROUBLE_CERTIFICATE);
	assert_int_equal(world->collector.entries, 0);
	end(world);
	authority_done(&other);
}

/* ---- deadlines: two worlds at once, for each takes ten seconds */

static void wait_for_trouble(struct world *one, struct world *other)
{
	uint64_t limit_us = clock_boot_us() + S(13);

	while (clock_boot_us() < limit_us &&
		(uplink_figures(one->uplink).trouble == TROUBLE_NONE ||
			uplink_figures(other->uplink).trouble == TROUBLE_NONE)) {
		uv_run(&one->loop, UV_RUN_NOWAIT);
		uv_run(&other->loop, UV_RUN_NOWAIT);
	}
}

static void collector_that_says_nothing_is_left_after_ten_seconds(void **state)
{
	struct world *deaf = begin(3), *mute = begin_beside(deaf);
	uint64_t began_us = clock_boot_us();
	char port[6];

	open_collector(deaf, port);
	deaf->collector.deaf = true;
	open_uplink(deaf, "127.0.0.1", port, deaf->authority.ca);
	open_collector(mute, port);
	mute->collector.mute = true;
	open_uplink(mute, "127.0.0.1", port, mute->authority.ca);
	wait_for_trouble(deaf, mute);
	assert_in_range(clock_boot_us() - began_us, S(9.5), S(12.5));
	assert_int_equal(uplink_figures(deaf->uplink).trouble, TROUBLE_SILENT);
	assert_non_null(strstr(uplink_figures(deaf->uplink).words, "handshake"));
	assert_int_equal(uplink_figures(mute->uplink).trouble, TROUBLE_SILENT);
	assert_non_null(strstr(uplink_figures(mute->uplink).words, "WELCOME"));
	/* Connections are made and nothing comes: the next one keeps its packets small. */
	assert_int_equal(uplink_figures(deaf->uplink).segment_bytes, 1220);
	end(mute);
	end(deaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_that_worked_is_kept),
		cmocka_unit_test(broken_resolver_does_not_silence_the_agent),
		cmocka_unit_test(name_without_any_address_is_said),
		cmocka_unit_test(dead_address_costs_three_seconds_while_there_is_another),
		cmocka_unit_test(second_collector_is_tried_when_the_first_is_off),
		cmocka_unit_test(agent_whose_certificate_is_refused_is_told_so),
		cmocka_unit_test(collector_that_says_nothing_is_left_after_ten_seconds),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
