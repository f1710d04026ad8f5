/* SPDX-License-Identifier: Apache-2.0 */
/* Real connections over loopback: what the server promises whatever it is asked to serve. */
#include <errno.h>
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

struct ticker { /* a stream that says what it is told to say */
	pthread_mutex_t lock;
	struct stream_wake wake;
	int pending; /* lines to say */
	bool end;
	atomic_int closed;
};

struct fixture {
	struct server *server;
	struct ticker ticker;
	struct http_client client;
	atomic_int answered;
};

static void ticker_begin(void *arg, struct stream_wake wake)
{
	struct ticker *ticker = arg;

	pthread_mutex_lock(&ticker->lock);
	ticker->wake = wake;
	pthread_mutex_unlock(&ticker->lock);
}

static ssize_t ticker_read(void *arg, char *room, size_t size)
{
	struct ticker *ticker = arg;
	ssize_t length = 0;

	pthread_mutex_lock(&ticker->lock);
	if (ticker->pending > 0) {
		ticker->pending--;
		length = snprintf(room, size, "tick\n");
	} else if (ticker->end) {
		length = -1;
	}
	pthread_mutex_unlock(&ticker->lock);
	return length;
}

static void ticker_close(void *arg)
{
	struct ticker *ticker = arg;

	pthread_mutex_lock(&ticker->lock);
	ticker->wake = (struct stream_wake){0};
	pthread_mutex_unlock(&ticker->lock);
	atomic_fetch_add(&ticker->closed, 1);
}

static void ticker_say(struct ticker *ticker, int lines, bool end)
{
	pthread_mutex_lock(&ticker->lock);
	ticker->pending += lines;
	ticker->end |= end;
	if (ticker->wake.wake)
		ticker->wake.wake(ticker->wake.arg);
	pthread_mutex_unlock(&ticker->lock);
}

static void answer(void *arg, const struct request *request, struct response *ret)
{
	struct fixture *fixture = arg;
	struct json json;

	if (strcmp(request->path, "/stream") == 0) {
		ret->type = "text/plain";
		ret->stream = (struct stream){.arg = &fixture->ticker,
			.begin = ticker_begin,
			.read = ticker_read,
			.close = ticker_close};
		return;
	}
	if (request->fault) {
		response_error(ret, 400, request->fault);
		return;
	}
	response_json(ret, &json);
	json_text(&json, "path", request->path);
	for (size_t i = 0; i < request->param_count; i++)
		json_text(&json, request->params[i].name, request->params[i].value);
	response_json_end(ret, &json);
}

static enum http_lane lane(void *arg, const struct request *request)
{
	return LANE_NONE;
}

static void answered(void *arg, unsigned status)
{
	struct fixture *fixture = arg;

	atomic_fetch_add(&fixture->answered, 1);
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
	pthread_mutex_init(&fixture->ticker.lock, NULL);
	*state = fixture;
	return server_start("127.0.0.1:0", &owner, &fixture->server, &err);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	server_stop(fixture->server);
	pthread_mutex_destroy(&fixture->ticker.lock);
	free(fixture);
	return 0;
}

static const char *ask(struct fixture *fixture, const char *method, const char *path)
{
	http_client_ask(&fixture->client, server_address(fixture->server), method, path);
	return fixture->client.text;
}

static void a_get_is_answered_with_guarding_headers(void **state)
{
	const char *text = ask(*state, "GET", "/a?name=Long%20Apari&x");

	assert_non_null(strstr(text, "HTTP/1.1 200 "));
	assert_non_null(strstr(text, "{\"path\":\"/a\",\"name\":\"Long Apari\",\"x\":\"\"}"));
	assert_non_null(strstr(text, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(text, "X-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(text, "Content-Security-Policy: default-src 'self';"));
	assert_non_null(strstr(text, "Cache-Control: no-store\r\n"));
}

static void a_head_has_the_headers_of_the_get_and_no_body(void **state)
{
	const char *text = ask(*state, "HEAD", "/a");

	assert_non_null(strstr(text, "HTTP/1.1 200 "));
	assert_non_null(strstr(text, "Content-Length: 14\r\n"));
	assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
}

static void a_path_with_a_zero_is_refused(void **state)
{
	assert_non_null(strstr(ask(*state, "GET", "/a%00b"), "HTTP/1.1 400 "));
}

static void a_long_url_is_refused(void **state)
{
	char path[HTTP_TARGET_MAX + 2];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[HTTP_TARGET_MAX] = '\0';
	assert_non_null(strstr(ask(*state, "GET", path), "HTTP/1.1 200 "));
	path[HTTP_TARGET_MAX] = 'a';
	path[HTTP_TARGET_MAX + 1] = '\0';
	assert_non_null(strstr(ask(*state, "GET", path), "HTTP/1.1 414 "));
}

static void too_many_headers_are_refused(void **state)
{
	struct fixture *fixture = *state;
	char line[1024];

	http_client_open(&fixture->client, server_address(fixture->server));
	http_client_send(&fixture->client, "GET /a HTTP/1.1\r\nHost: x\r\n");
	memset(line, 'h', sizeof(line));
	memcpy(line, "X-A: ", 5);
	memcpy(line + sizeof(line) - 3, "\r\n", 3);
	for (size_t i = 0; i < HTTP_MEMORY_MAX / sizeof(line); i++)
		http_client_send(&fixture->client, line);
	http_client_rest(&fixture->client);
	http_client_close(&fixture->client);
	assert_non_null(strstr(fixture->client.text, "HTTP/1.1 431 "));
}

static void a_zero_byte_or_a_crowd_of_parameters_is_refused(void **state)
{
	char path[512] = "/a?";

	assert_non_null(strstr(ask(*state, "GET", "/a?name=a%00b"), "HTTP/1.1 400 "));
	for (int i = 0; i <= HTTP_PARAMS_MAX; i++)
		strcat(path, "a=1&");
	assert_non_null(strstr(ask(*state, "GET", path), "HTTP/1.1 400 "));
}

static void a_stream_sends_what_it_has_when_it_has_it(void **state)
{
	struct fixture *fixture = *state;
	struct http_client *client = &fixture->client;

	http_client_open(client, server_address(fixture->server));
	http_client_send(client, "GET /stream HTTP/1.0\r\n\r\n");
	assert_true(http_client_until(client, "\r\n\r\n"));
	assert_non_null(strstr(client->text, "X-Accel-Buffering: no\r\n"));
	assert_null(strstr(client->text, "tick"));
	ticker_say(&fixture->ticker, 1, false);
	assert_true(http_client_until(client, "\r\n\r\ntick\n"));
	ticker_say(&fixture->ticker, 2, false);
	assert_true(http_client_until(client, "\r\n\r\ntick\ntick\ntick\n"));
	ticker_say(&fixture->ticker, 0, true);
	http_client_rest(client);
	http_client_close(client);
}

static void no_wake_is_lost(void **state)
{
	struct fixture *fixture = *state;
	struct http_client *client = &fixture->client;
	const int lines = 20000;
	int got = 0;

	http_client_open(client, server_address(fixture->server));
	http_client_send(client, "GET /stream HTTP/1.0\r\n\r\n");
	assert_true(http_client_until(client, "\r\n\r\n"));
	for (int i = 0; i < lines; i++)
		ticker_say(&fixture->ticker, 1, i == lines - 1);
	http_client_rest(client);
	http_client_close(client);
	for (const char *at = client->text; (at = strstr(at, "tick")); at++)
		got++;
	assert_int_equal(got, lines);
}

static void a_client_that_leaves_is_noticed_at_the_next_word(void **state)
{
	struct fixture *fixture = *state;
	struct http_client *client = &fixture->client;

	http_client_open(client, server_address(fixture->server));
	http_client_send(client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(http_client_until(client, "\r\n\r\n"));
	http_client_close(client);
	for (int i = 0; i < 500 && atomic_load(&fixture->ticker.closed) == 0; i++) {
		ticker_say(&fixture->ticker, 1, false);
		usleep(10000);
	}
	assert_int_equal(atomic_load(&fixture->ticker.closed), 1);
}

static void stopping_ends_streams_that_wait(void **state)
{
	struct fixture *fixture = *state;
	const struct server_owner owner = {.arg = fixture,
		.policy = "default-src 'self';",
		.lane = lane,
		.answer = answer,
		.answered = answered};
	struct server *server = NULL;

	assert_int_equal(server_start("127.0.0.1:0", &owner, &server, NULL), 0);
	http_client_open(&fixture->client, server_address(server));
	http_client_send(&fixture->client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(http_client_until(&fixture->client, "\r\n\r\n"));
	server_stop(server);
	assert_int_equal(atomic_load(&fixture->ticker.closed), 1);
	http_client_rest(&fixture->client);
	http_client_close(&fixture->client);
}

static void a_head_of_a_stream_ends_at_once(void **state)
{
	struct fixture *fixture = *state;
	const char *text = ask(fixture, "HEAD", "/stream");

	assert_non_null(strstr(text, "HTTP/1.1 200 "));
	assert_int_equal(atomic_load(&fixture->ticker.closed), 1);
}

static void an_address_that_is_none_is_refused_in_words(void **state)
{
	static const char *const bad[] = {
		"", "8080", "localhost:8080", "127.0.0.1:", "127.0.0.1:x", "[::1:8080", ":80"};
	const struct server_owner owner = {.answer = answer, .answered = answered};
	struct server *server = NULL;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(server_start(bad[i], &owner, &server, &err), -EINVAL);
		assert_non_null(strstr(err.text, "listen = "));
	}
	assert_null(server);
}

static void a_taken_port_is_refused_in_words(void **state)
{
	struct fixture *fixture = *state;
	const struct server_owner owner = {.answer = answer, .answered = answered};
	struct server *server = NULL;
	struct err err = {0};

	assert_int_equal(
		server_start(server_address(fixture->server), &owner, &server, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1:"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_get_is_answered_with_guarding_headers),
		CASE(a_head_has_the_headers_of_the_get_and_no_body),
		CASE(a_path_with_a_zero_is_refused),
		CASE(a_long_url_is_refused),
		CASE(too_many_headers_are_refused),
		CASE(a_zero_byte_or_a_crowd_of_parameters_is_refused),
		CASE(a_stream_sends_what_it_has_when_it_has_it),
		CASE(no_wake_is_lost),
		CASE(a_client_that_leaves_is_noticed_at_the_next_word),
		CASE(stopping_ends_streams_that_wait),
		CASE(a_head_of_a_stream_ends_at_once),
		CASE(an_address_that_is_none_is_refused_in_words),
		CASE(a_taken_port_is_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
