/* SPDX-License-Identifier: Apache-2.0 */
/* The speed to an endpoint of the project (docs/SPEED.md), both ways, or of one file, downwards. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/probe/answer.h"
#include "agent/probe/count.h"
#include "agent/probe/flow.h"
#include "agent/probe/sample.h"
#include "common/clock.h"

#define ENDPOINT "/speed/v1"
#define URL_BYTES 1536
#define WAY_US 12000000 /* one direction: at 600 ms of round trip slow start alone takes 4 s */
#define BYTES_MIN (32 * 1024) /* less says nothing */
#define US_PER_MS 1000
#define HELD_UP_US 200000 /* beyond what a queue explains */

struct test {
	const struct sample_request *request;
	struct fetch_url url;
	char base[URL_BYTES]; /* of the endpoint; "" one file */
	struct reach reach;
	uint64_t other_rx_bytes, other_tx_bytes;
};

/* ---- which server */

static void trim(char *path)
{
	size_t length = strlen(path);

	if (length && path[length - 1] == '/')
		path[length - 1] = '\0';
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* http://host and http://host/any/speed/v1 are endpoints, everything else is a file. */
static void find_base(struct test *test)
{
	struct fetch_url *url = &test->url;
	bool six = strchr(url->host, ':');

	trim(url->path);
	if (*url->path && !ends_with(url->path, ENDPOINT))
		return;
	snprintf(test->base, sizeof(test->base), "%s://%s%s%s:%u%s", url->tls ? "https" : "http",
		six ? "[" : "", url->host, six ? "]" : "", url->port,
		*url->path ? url->path : ENDPOINT);
}

/* ---- one direction */

static bool draw_nonce(uint64_t *ret_nonce)
{
	if (getrandom(ret_nonce, sizeof(*ret_nonce), 0) != sizeof(*ret_nonce))
		return false;
	*ret_nonce &= SPEED_NONCE_MAX;
	return true;
}

static uint64_t left_us(const struct test *test)
{
	uint64_t now_us = clock_boot_us(), end_us = test->request->way.end_us;

	return now_us < end_us ? end_us - now_us : 1;
}

static void tell_number(const char *way, const char *key, uint64_t value)
{
	char name[32];

	snprintf(name, sizeof(name), "%s.%s", way, key);
	answer_number(name, value);
}

/* The receiver had fewer bytes, or took much longer for them: a box on the way acknowledges what it
 * still holds, as they do before satellites. */
static bool was_held_up(const struct flow_result *flow, const struct count *count)
{
	uint64_t under_way_us = 2 * (uint64_t)flow->rtt_us + HELD_UP_US;

	return count->duration_us &&
		(count->bytes + count->bytes / 8 + BYTES_MIN * 2 < flow->in_order_bytes ||
			count->duration_us >
				flow->duration_us + flow->duration_us / 4 + under_way_us);
}

/* Then what the receiver has counted is the speed of the link. */
static void correct(struct flow_result *flow, const struct count *count)
{
	if (!was_held_up(flow, count))
		return;
	flow->figure.kbps = (uint32_t)(count->bytes * 8 * US_PER_MS / count->duration_us);
	flow->figure.agreed = false;
	flow->bytes = count->bytes;
	flow->duration_us = count->duration_us;
}

static void ask_count(struct test *test, const char *way, uint64_t nonce, struct flow_result *flow)
{
	char url[URL_BYTES + 64];
	struct count_request request = {
		.url = url,
		.ca = test->request->ca,
		.way = &test->request->way,
		.reach = &test->reach,
		.wanted_bytes = *way == 'u' ? flow->in_order_bytes : 0,
	};
	struct count count;

	snprintf(url, sizeof(url), "%s/count?nonce=%016" PRIx64, test->base, nonce);
	if (count_ask(&request, &count) < 0)
		return;
	tell_number(way, "counted_bytes", count.bytes);
	if (*way == 'u') {
		correct(flow, &count);
		return;
	}
	if (count.rtt_us)
		flow->rtt_us = count.rtt_us;
	flow->retransmissions = count.retransmissions;
}

static void tell_flow(const char *way, const struct flow_result *flow)
{
	tell_number(way, "kbps", flow->figure.kbps);
	tell_number(way, "bytes", flow->bytes);
	tell_number(way, "duration_ms",
		flow->duration_us < US_PER_MS ? 1 : flow->duration_us / US_PER_MS);
	tell_number(way, "rtt_us", flow->rtt_us);
	tell_number(way, "retransmissions", flow->retransmissions);
	tell_number(way, "converged", flow->figure.agreed);
	tell_number(way, "keyed", flow->keyed);
}

/* NULL: the stream was what it should be; or why it is no measurement. */
static const char *fault_of(const struct flow_result *flow)
{
	if (flow->forged)
		return "impostor";
	if (flow->status >= 300)
		return "refused";
	switch (flow->end) {
	case FETCH_DONE:
	case FETCH_STOPPED: break;
	case FETCH_TIMEOUT: break; /* cut by its deadline; a figure or none */
	case FETCH_TLS: return "connect";
	case FETCH_STRANGER: return "impostor";
	case FETCH_BROKEN: return "interrupted";
	case FETCH_FAILED: return "other";
	}
	if (flow->measured && flow->bytes >= BYTES_MIN)
		return NULL;
	return flow->end == FETCH_DONE ? "other" : "timeout";
}

static const char *run_flow(
	struct test *test, const char *way, const char *url, uint64_t nonce, uint64_t bytes_max)
{
	struct flow_result flow = {0};
	uint64_t limit_us = left_us(test);
	const struct flow_request request = {
		.url = url,
		.ca = test->request->ca,
		.reach = &test->reach,
		.interface = test->request->way.interface,
		.nonce = nonce,
		.bytes_max = bytes_max,
		.limit_us = limit_us < WAY_US ? limit_us : WAY_US,
		.up = *way == 'u',
	};
	const char *fault;

	if (flow_run(&request, &flow) < 0)
		return "other";
	fault = fault_of(&flow);
	if (fault && *flow.words)
		answer_text("detail", flow.words);
	if (fault && !flow.measured)
		return fault;
	if (*test->base && flow.measured)
		ask_count(test, way, nonce, &flow);
	if (!fault)
		tell_flow(way, &flow);
	if (!fault && *test->base)
		tell_number(way, "nonce", nonce);
	test->other_rx_bytes += flow.other_rx_bytes;
	test->other_tx_bytes += flow.other_tx_bytes;
	return fault;
}

/* ---- the test */

static const char *test_down(struct test *test)
{
	uint64_t bytes_max = test->request->down_bytes, nonce;
	char url[URL_BYTES + 96];

	if (!draw_nonce(&nonce))
		return "other";
	if (!*test->base)
		return run_flow(test, "down", test->request->url, nonce, bytes_max);
	snprintf(url, sizeof(url), "%s/down?nonce=%016" PRIx64 "&bytes=%" PRIu64, test->base, nonce,
		bytes_max);
	return run_flow(test, "down", url, nonce, bytes_max);
}

/* A server that takes nothing is no fault of the link. */
static const char *test_up(struct test *test)
{
	char url[URL_BYTES + 96];
	const char *fault;
	struct err err;
	uint64_t nonce;

	if (!draw_nonce(&nonce))
		return "other";
	if (test->reach.fd < 0 &&
		reach_again(&test->request->way, &test->reach, &err) != REACH_DONE)
		return "connect";
	snprintf(url, sizeof(url), "%s/up?nonce=%016" PRIx64, test->base, nonce);
	fault = run_flow(test, "up", url, nonce, test->request->up_bytes);
	return fault && strcmp(fault, "refused") == 0 && test->request->down_bytes ? NULL : fault;
}

static const char *run_test(struct test *test)
{
	static const char *const ends[] = {
		[REACH_NAME] = "name", [REACH_CONNECT] = "connect", [REACH_TIMEOUT] = "connect"};
	struct err err = {0};
	enum reach_end end = reach_host(
		&test->request->way, test->url.host, test->url.port, &test->reach, &err);
	const char *fault = NULL;

	answer_server(&test->reach.address, test->reach.port);
	if (end != REACH_DONE) {
		answer_text("detail", err.text);
		return ends[end];
	}
	if (test->request->down_bytes)
		fault = test_down(test);
	if (!fault && *test->base && test->request->up_bytes)
		fault = test_up(test);
	return fault;
}

int sample_speed(const struct sample_request *request, struct err *err)
{
	struct test *test = calloc(1, sizeof(*test));
	const char *fault;

	if (!test)
		return err_errno(err, -ENOMEM, "speed test");
	test->request = request;
	test->reach.fd = -1;
	if (fetch_split(request->url, &test->url, err) < 0) {
		free(test);
		return -EINVAL;
	}
	find_base(test);
	fault = run_test(test);
	answer_number("other_rx_bytes", test->other_rx_bytes);
	answer_number("other_tx_bytes", test->other_tx_bytes);
	if (fault)
		answer_text("reason", fault);
	answer_text("outcome", fault ? "failed" : "done");
	if (test->reach.fd >= 0)
		close(test->reach.fd);
	free(test);
	return 0;
}
