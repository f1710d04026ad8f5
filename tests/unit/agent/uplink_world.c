/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/uplink_world.h"

#include <stdlib.h>
#include <string.h>

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

void hang_up(struct collector *collector)
{
	if (collector->tls && !uv_is_closing((uv_handle_t *)&collector->peer))
		uv_close((uv_handle_t *)&collector->peer, on_peer_closed);
}

static void on_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *part)
{
	struct collector *collector = stream->data;

	if (length < 0) {
		hang_up(collector);
	} else if (length > 0 && !collector->deaf) {
		tls_feed(collector->tls, part->base, (size_t)length);
		if (!collector->shaken)
			collector->shaken = tls_handshake(collector->tls, NULL) > 0;
		if (collector->shaken && !collector->mute)
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
	if (collector->full)
		hang_up(collector);
}

void open_collector(struct world *world, char ret_port[6])
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
	uv_ip4_addr(collector->address ? collector->address : "127.0.0.1", 0, &own);
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

void open_uplink(struct world *world, const char *host, const char *port, const char *ca)
{
	const struct authority *agents = world->agents ? world->agents : &world->authority;
	const struct tls_settings tls = {.role = TLS_CLIENT,
		.ca_file = ca,
		.certificate_file = agents->agent_certificate,
		.key_file = agents->agent_key,
		.server_name = "pantau-collector"};
	struct settings_collector collectors[2] = {{.port = "1"}};
	size_t last = world->first_host ? 1 : 0;
	struct sender_source source = spool_source(world->spool);
	const struct uplink_events events = {.arg = world,
		.wan_of = on_wan_of,
		.time = on_time,
		.changed = on_changed,
		.finished = on_finished};
	struct uplink_settings settings = {.loop = &world->loop,
		.collectors = collectors,
		.collector_count = last + 1,
		.software = "test",
		.boot = boot_id,
		.state_folder = world->state_folder,
		.report_ms = world->report_ms,
		.slot_ms = 1000};

	if (world->first_host)
		snprintf(collectors[0].host, sizeof(collectors[0].host), "%s", world->first_host);
	snprintf(collectors[last].host, sizeof(collectors[last].host), "%s", host);
	snprintf(collectors[last].port, sizeof(collectors[last].port), "%s", port);
	assert_int_equal(tls_context_new(&tls, &world->tls, NULL), 0);
	settings.tls = world->tls;
	assert_int_equal(uplink_new(&settings, &source, &events, &world->uplink), 0);
}

struct world *begin(uint32_t slots)
{
	struct world *world = calloc(1, sizeof(*world));

	authority_init(&world->authority);
	assert_int_equal(uv_loop_init(&world->loop), 0);
	world->spool = open_spool();
	assert_int_equal(spool_begin(world->spool, 1, 99, boot_id), 0);
	add_slots(world->spool, 1, slots);
	return world;
}

/* Nobody gets far enough to read from the spool that they share. */
struct world *begin_beside(const struct world *other)
{
	struct world *world = calloc(1, sizeof(*world));

	authority_init(&world->authority);
	assert_int_equal(uv_loop_init(&world->loop), 0);
	world->spool = other->spool;
	world->shares_spool = true;
	return world;
}

void end(struct world *world)
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
	if (!world->shares_spool)
		spool_close(world->spool);
	authority_done(&world->authority);
	free(world);
}

void run_until_acked(struct world *world, uint64_t count)
{
	uint64_t limit_us = clock_boot_us() + S(10);

	while (uplink_figures(world->uplink).acked < count && clock_boot_us() < limit_us)
		uv_run(&world->loop, UV_RUN_ONCE);
	assert_int_equal(uplink_figures(world->uplink).acked, count);
}

void run_for(struct world *world, double seconds)
{
	uint64_t limit_us = clock_boot_us() + S(seconds);

	while (clock_boot_us() < limit_us && !world->finished)
		uv_run(&world->loop, UV_RUN_NOWAIT);
}
