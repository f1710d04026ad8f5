/* SPDX-License-Identifier: Apache-2.0 */
/* The uplink against a small collector in the same loop: real TCP, real TLS, the real receiver. */
#include "tests/unit/agent/spool_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent/uplink.h"
#include "common/clock.h"
#include "proto/receiver.h"
#include "tests/unit/tls/authority.h"

struct collector { /* one agent at a time */
	uv_loop_t *loop;
	uv_tcp_t listener, peer;
	struct tls_context *context;
	struct tls *tls;
	struct receiver *receiver;
	struct buf out;
	bool shaken;
	unsigned accepted, entries;
	uint32_t last; /* sequence received last: everything up to it is "on disk" */
	char wan[WAN_NAME_MAX + 1];
};

struct world {
	struct authority authority;
	uv_loop_t loop;
	struct collector collector;
	struct spool *spool;
	struct tls_context *tls;
	struct uplink *uplink;
	unsigned times, changes, finished;
};

/* ---- the collector */

static uint32_t on_durable(void *arg, const struct held_run *held)
{
	const struct collector *collector = arg;

	return collector->last >= held->first ? collector->last : held->first - 1;
}

static int on_entry(void *arg, const struct entry *entry, const struct held_run *held, int code,
	const char *why)
{
	struct collector *collector = arg;

	assert_int_equal(code, 0);
	assert_int_equal(entry->key.sequence, collector->last + 1);
	collector->last = entry->key.sequence;
	collector->entries++;
	return 0;
}

static void on_hello(void *arg, const struct hello *hello)
{
	struct collector *collector = arg;

	memcpy(collector->wan, hello->wan, sizeof(collector->wan));
}

static void answer(struct collector *collector)
{
	struct buf *cipher = tls_output(collector->tls);
	uv_buf_t part;

	if (buf_length(&collector->out))
		assert_int_equal(tls_write(collector->tls, buf_peek(&collector->out),
					 buf_length(&collector->out)),
			0);
	buf_clear(&collector->out);
	part = uv_buf_init((char *)buf_peek(cipher), (unsigned)buf_length(cipher));
	if (part.len)
		assert_int_equal(uv_try_write((uv_stream_t *)&collector->peer, &part, 1), part.len);
	buf_clear(cipher);
}

static void listen_to(struct collector *collector)
{
	const struct receiver_clock clock = {true, clock_utc_us(), 1000};
	uint8_t bytes[4096];
	struct receiver_input input = {.bytes = bytes, .clock = &clock};
	struct err err;
	int length;

	while ((length = tls_read(collector->tls, bytes, sizeof(bytes), &err)) > 0) {
		input.length = (size_t)length;
		if (receiver_feed(collector->receiver, &input, &collector->out, &err) < 0)
			fail_msg("%s", err.text);
	}
	receiver_committed(collector->receiver, 1, collector->last, &collector->out);
}

static void on_peer_closed(uv_handle_t *handle)
{
	struct collector *collector = handle->data;

	tls_free(collector->tls);
	receiver_free(collector->receiver);
	collector->tls = NULL;
	collector->receiver = NULL;
}

static void hang_up(struct collector *collector)
{
	if (collector->tls && !uv_is_closing((uv_handle_t *)&collector->peer))
		uv_close((uv_handle_t *)&collector->peer, on_peer_closed);
}

static void on_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *part)
{
	struct collector *collector = stream->data;

	if (length < 0) {
		hang_up(collector);
	} else if (length > 0) {
		tls_feed(collector->tls, part->base, (size_t)length);
		if (!collector->shaken)
			collector->shaken = tls_handshake(collector->tls, NULL) > 0;
		if (collector->shaken)
			listen_to(collector);
		answer(collector);
	}
	free(part->base);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_part)
{
	*ret_part = uv_buf_init(malloc(4096), 4096);
}

static void on_agent(uv_stream_t *listener, int status)
{
	struct collector *collector = listener->data;
	const struct receiver_owner owner = {
		.arg = collector, .durable = on_durable, .entry = on_entry, .hello = on_hello};

	uv_tcp_init(collector->loop, &collector->peer);
	collector->peer.data = collector;
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&collector->peer), 0);
	assert_int_equal(tls_new(collector->context, &collector->tls), 0);
	assert_int_equal(receiver_new(&owner, &collector->receiver), 0);
	collector->shaken = false;
	collector->accepted++;
	uv_read_start((uv_stream_t *)&collector->peer, on_alloc, on_bytes);
}

/* Listens on a port of the kernel's choice. */
static void open_collector(struct world *world, char ret_port[6])
{
	struct collector *collector = &world->collector;
	const struct tls_settings settings = {.role = TLS_SERVER,
		.ca_file = world->authority.ca,
		.certificate_file = world->authority.server_certificate,
		.key_file = world->authority.server_key};
	struct sockaddr_in own;
	int length = sizeof(own);

	collector->loop = &world->loop;
	buf_init(&collector->out, 1 << 20);
	assert_int_equal(tls_context_new(&settings, &collector->context, NULL), 0);
	uv_tcp_init(&world->loop, &collector->listener);
	collector->listener.data = collector;
	uv_ip4_addr("127.0.0.1", 0, &own);
	assert_int_equal(uv_tcp_bind(&collector->listener, (struct sockaddr *)&own, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&collector->listener, 5, on_agent), 0);
	uv_tcp_getsockname(&collector->listener, (struct sockaddr *)&own, &length);
	snprintf(ret_port, 6, "%u", ntohs(own.sin_port));
}

/* ---- the agent's side */

static const char *on_wan_of(void *arg, const struct sockaddr *own)
{
	return own->sa_family == AF_INET ? "wan" : "";
}

static void on_time(void *arg, const struct time_answer *answered, uint64_t now_us, bool first)
{
	struct world *world = arg;

	assert_true(answered->present);
	assert_true(first); /* one a session: no test lasts long enough for a ping */
	world->times++;
}

static void on_changed(void *arg)
{
	((struct world *)arg)->changes++;
}

static void on_finished(void *arg)
{
	((struct world *)arg)->finished++;
}

static void open_uplink(struct world *world, const char *host, const char *port, const char *ca)
{
	const struct tls_settings tls = {.role = TLS_CLIENT,
		.ca_file = ca,
		.certificate_file = world->authority.agent_certificate,
		.key_file = world->authority.agent_key,
		.server_name = "pantau-collector"};
	struct settings_collector collector;
	struct sender_source source = spool_source(world->spool);
	const struct uplink_events events = {.arg = world,
		.wan_of = on_wan_of,
		.time = on_time,
		.changed = on_changed,
		.finished = on_finished};
	struct uplink_settings settings = {.loop = &world->loop,
		.collectors = &collector,
		.collector_count = 1,
		.software = "test",
		.boot = boot_id};

	snprintf(collector.host, sizeof(collector.host), "%s", host);
	snprintf(collector.port, sizeof(collector.port), "%s", port);
	assert_int_equal(tls_context_new(&tls, &world->tls, NULL), 0);
	settings.tls = world->tls;
	assert_int_equal(uplink_new(&settings, &source, &events, &world->uplink), 0);
}

static struct world *begin(uint32_t slots)
{
	struct world *world = calloc(1, sizeof(*world));

	authority_init(&world->authority);
	assert_int_equal(uv_loop_init(&world->loop), 0);
	world->spool = open_spool();
	assert_int_equal(spool_begin(world->spool, 1, 99, boot_id), 0);
	add_slots(world->spool, 1, slots);
	return world;
}

static void end(struct world *world)
{
	uplink_close(world->uplink);
	if (world->collector.loop) {
		hang_up(&world->collector);
		uv_close((uv_handle_t *)&world->collector.listener, NULL);
	}
	uv_run(&world->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&world->loop), 0);
	tls_context_free(world->tls);
	tls_context_free(world->collector.context);
	buf_done(&world->collector.out);
	spool_close(world->spool);
	authority_done(&world->authority);
	free(world);
}

/* Turns the loop until the uplink has had so many acknowledged, for at most ten seconds. */
static void run_until_acked(struct world *world, uint64_t count)
{
	uint64_t limit_us = clock_boot_us() + S(10);

	while (uplink_figures(world->uplink).acked < count && clock_boot_us() < limit_us)
		uv_run(&world->loop, UV_RUN_ONCE);
	assert_int_equal(uplink_figures(world->uplink).acked, count);
}

static void run_for(struct world *world, double seconds)
{
	uint64_t limit_us = clock_boot_us() + S(seconds);

	while (clock_boot_us() < limit_us && !world->finished)
		uv_run(&world->loop, UV_RUN_NOWAIT);
}

/* ---- cases */

static void spool_is_delivered_and_what_comes_later_too(void **state)
{
	struct world *world = begin(1000);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "localhost", port, world->authority.ca);
	run_until_acked(world, 1000);
	assert_int_equal(spool_figures(world->spool).waiting, 0);
	assert_string_equal(world->collector.wan, "wan");
	assert_int_equal(world->times, 1);
	add_slots(world->spool, 1001, 1003);
	uplink_wake(world->uplink, false);
	run_until_acked(world, 1003);
	assert_int_equal(world->collector.accepted, 1);
	assert_true(uplink_figures(world->uplink).open);
	end(world);
}

static void connection_that_broke_is_made_again_and_nothing_is_sent_twice(void **state)
{
	struct world *world = begin(3);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3);
	hang_up(&world->collector);
	add_slots(world->spool, 4, 5);
	run_until_acked(world, 5);
	assert_int_equal(world->collector.accepted, 2);
	assert_int_equal(world->collector.entries, 5);
	end(world);
}

static void collector_of_another_ca_is_not_spoken_to(void **state)
{
	struct world *world = begin(3);
	struct authority other;
	char port[6];

	authority_init(&other);
	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, other.ca);
	run_for(world, 0.5);
	assert_false(uplink_figures(world->uplink).open);
	assert_non_null(strstr(uplink_figures(world->uplink).words, "CA"));
	assert_int_equal(uplink_figures(world->uplink).trouble, TROUBLE_CERTIFICATE);
	assert_int_equal(world->collector.entries, 0);
	end(world);
	authority_done(&other);
}

static void finishing_delivers_what_is_left_and_says_so(void **state)
{
	struct world *world = begin(3);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3);
	add_slots(world->spool, 4, 4);
	uplink_finish(world->uplink, 2000);
	run_for(world, 1.5);
	assert_int_equal(world->finished, 1);
	assert_int_equal(world->collector.last, 4);
	end(world);
}

static void finishing_without_a_collector_ends_in_time(void **state)
{
	struct world *world = begin(3);
	uint64_t began_us = clock_boot_us();

	open_uplink(world, "127.0.0.1", "9", world->authority.ca);
	uplink_finish(world->uplink, 500);
	run_for(world, 5);
	assert_int_equal(world->finished, 1);
	assert_true(clock_boot_us() - began_us < S(1.5));
	assert_int_equal(spool_figures(world->spool).waiting, 3);
	end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spool_is_delivered_and_what_comes_later_too),
		cmocka_unit_test(connection_that_broke_is_made_again_and_nothing_is_sent_twice),
		cmocka_unit_test(collector_of_another_ca_is_not_spoken_to),
		cmocka_unit_test(finishing_delivers_what_is_left_and_says_so),
		cmocka_unit_test(finishing_without_a_collector_ends_in_time),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
