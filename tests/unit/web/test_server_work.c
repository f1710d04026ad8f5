/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of changes, and answers that wait in a lane: real connections over loopback. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "web/server.h"
#include "http_client.h"

struct fixture {
	struct server *server;
	struct http_client client;
	pthread_mutex_t slow; /* held: /slow waits */
	atomic_int lane_asked, running; /* of /slow */
};

static void answer(void *arg, const struct request *request, struct response *ret)
{
	struct fixture *fixture = arg;
	struct json json;
	char text[64];

	if (strncmp(request->path, "/slow", 5) == 0) {
		atomic_fetch_add(&fixture->running, 1);
		pthread_mutex_lock(&fixture->slow);
		pthread_mutex_unlock(&fixture->slow);
		atomic_fetch_sub(&fixture->running, 1);
	}
	snprintf(
		text, sizeof(text), "%.*s", (int)request->body_length, (const char *)request->body);
	response_json(ret, &json);
	json_text(&json, "path", request->path);
	json_text(&json, "body", text);
	for (size_t i = 0; i < request->param_count; i++)
		json_text(&json, request->params[i].name, request->params[i].value);
	response_json_end(ret, &json);
}

static enum http_lane lane(void *arg, const struct request *request)
{
	struct fixture *fixture = arg;

	if (strncmp(request->path, "/slow", 5) != 0)
		return LANE_NONE;
	atomic_fetch_add(&fixture->lane_asked, 1);
	return strcmp(request->path, "/slow/open") == 0 ? LANE_OPEN : LANE_PASSWORD;
}

static void answered(void *arg, unsigned status)
{
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct server_owner owner = {.arg = fixture,
		.policy = "default-src 'self';",
		.lane = lane,
		.answer = answer,
		.answered = answered};
	struct err err = {0};

	if (!fixture)
		return -1;
	pthread_mutex_init(&fixture->slow, NULL);
	*state = fixture;
	return server_start("127.0.0.1:0", &owner, &fixture->server, &err);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	server_stop(fixture->server);
	pthread_mutex_destroy(&fixture->slow);
	free(fixture);
	return 0;
}

static const char *ask(struct fixture *fixture, const char *method, const char *path)
{
	http_client_ask(&fixture->client, server_address(fixture->server), method, path);
	return fixture->client.text;
}

static void a_body_arrives_whole(void **state)
{
	struct fixture *fixture = *state;

	http_client_open(&fixture->client, server_address(fixture->server));
	http_client_send(&fixture->client,
		"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello");
	http_client_send(&fixture->client, " world");
	http_client_until(&fixture->client, "\"body\":\"hello world\"}");
	/* and the connection goes on */
	http_client_send(&fixture->client,
		"DELETE /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n"
		"\r\nhi");
	http_client_rest(&fixture->client);
	http_client_close(&fixture->client);
	assert_non_null(strstr(fixture->client.text, "\"body\":\"hi\"}"));
}

static void a_body_that_is_too_long_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char text[160], kilo[1025];

	snprintf(text, sizeof(text), "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n",
		HTTP_UPLOAD_MAX + 1);
	http_client_open(&fixture->client, server_address(fixture->server));
	http_client_send(&fixture->client, text);
	http_client_rest(&fixture->client);
	http_client_close(&fixture->client);
	assert_non_null(strstr(fixture->client.text, "HTTP/1.1 413 "));
	/* one that does not say how long it is */
	memset(kilo, 'k', sizeof(kilo) - 1);
	kilo[sizeof(kilo) - 1] = '\0';
	http_client_open(&fixture->client, server_address(fixture->server));
	http_client_send(&fixture->client,
		"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
		"Connection: close\r\n\r\n");
	for (int i = 0; i <= HTTP_UPLOAD_MAX / 1024; i++) {
		http_client_send(&fixture->client, "400\r\n");
		http_client_send(&fixture->client, kilo);
		http_client_send(&fixture->client, "\r\n");
	}
	http_client_send(&fixture->client, "0\r\n\r\n");
	http_client_rest(&fixture->client);
	http_client_close(&fixture->client);
	assert_non_null(strstr(fixture->client.text, "HTTP/1.1 413 "));
}

static void an_answer_of_a_lane_comes_too(void **state)
{
	const char *text = ask(*state, "GET", "/slow?a=1");

	assert_non_null(strstr(text, "HTTP/1.1 200 "));
	assert_non_null(strstr(text, "\"a\":\"1\"}"));
}

/* `count` fill the lane of this path; the next one is sent away, and other paths are answered. */
static void fill_lane(struct fixture *fixture, const char *path, int threads, size_t count)
{
	struct http_client *clients = calloc(count, sizeof(*clients));
	int asked = atomic_load(&fixture->lane_asked) + (int)count;
	char request[96];

	assert_non_null(clients);
	snprintf(request, sizeof(request),
		"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
	pthread_mutex_lock(&fixture->slow);
	for (size_t i = 0; i < count; i++) {
		http_client_open(&clients[i], server_address(fixture->server));
		http_client_send(&clients[i], request);
	}
	while (atomic_load(&fixture->lane_asked) < asked)
		usleep(1000);
	assert_non_null(strstr(ask(fixture, "GET", path), "HTTP/1.1 503 "));
	assert_non_null(strstr(fixture->client.text, "Retry-After: 5\r\n"));
	assert_non_null(strstr(fixture->client.text, "\"code\":\"busy\""));
	assert_non_null(strstr(ask(fixture, "GET", "/a"), "HTTP/1.1 200 "));
	assert_true(atomic_load(&fixture->running) <= threads);
	pthread_mutex_unlock(&fixture->slow);
	for (size_t i = 0; i < count; i++) {
		http_client_rest(&clients[i]);
		http_client_close(&clients[i]);
		assert_non_null(strstr(clients[i].text, "HTTP/1.1 200 "));
	}
	free(clients);
	assert_non_null(
		strstr(ask(fixture, "GET", path), "HTTP/1.1 200 ")); /* there is room again */
}

static void a_full_lane_says_when_to_come_again(void **state)
{
	fill_lane(*state, "/slow", LANE_PASSWORD_THREADS,
		LANE_PASSWORD_THREADS + LANE_PASSWORD_WAITING);
}

static void the_public_s_lane_says_it_too(void **state)
{
	fill_lane(*state, "/slow/open", LANE_OPEN_THREADS, LANE_OPEN_THREADS + LANE_OPEN_WAITING);
}

static void *stop(void *server)
{
	server_stop(server);
	return NULL;
}

static void who_waits_when_the_server_stops_hears_of_it(void **state)
{
	struct fixture *fixture = *state;
	struct http_client *clients = calloc(LANE_PASSWORD_THREADS + 1, sizeof(*clients));
	size_t count = LANE_PASSWORD_THREADS + 1;
	pthread_t stopper;

	assert_non_null(clients);
	pthread_mutex_lock(&fixture->slow);
	for (size_t i = 0; i < count; i++) {
		http_client_open(&clients[i], server_address(fixture->server));
		http_client_send(
			&clients[i], "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	}
	while (atomic_load(&fixture->lane_asked) < (int)count ||
		atomic_load(&fixture->running) < LANE_PASSWORD_THREADS)
		usleep(1000);
	assert_int_equal(pthread_create(&stopper, NULL, stop, fixture->server), 0);
	usleep(50000); /* it waits for what runs */
	pthread_mutex_unlock(&fixture->slow);
	pthread_join(stopper, NULL);
	fixture->server = NULL;
	for (size_t i = 0; i < count; i++) {
		http_client_rest(&clients[i]);
		http_client_close(&clients[i]);
	}
	free(clients);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_body_arrives_whole),
		CASE(a_body_that_is_too_long_is_refused),
		CASE(an_answer_of_a_lane_comes_too),
		CASE(a_full_lane_says_when_to_come_again),
		CASE(the_public_s_lane_says_it_too),
		CASE(who_waits_when_the_server_stops_hears_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
