/* SPDX-License-Identifier: Apache-2.0 */
/* Paths, files of the page and what is said before any database is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/assets.h"
#include "web/board.h"
#include "web/routes.h"

static struct site site = {.state = "/nowhere/at/all"};

static struct response ask(const struct request *request)
{
	struct response response;

	response_init(&response);
	routes_answer(&site, request, &response);
	return response;
}

static int body_has(const struct response *response, const char *text)
{
	return memmem(buf_peek(&response->body), buf_length(&response->body), text, strlen(text)) !=
		NULL;
}

static void an_unknown_path_is_404_in_json(void **state)
{
	static const char *const paths[] = {"/api/v1", "/api/v1/desa/", "/API/V1/DESA", "//",
		"/../etc/passwd", "/app.js/", "/index.html", ""};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct response response = ask(&(struct request){.path = paths[i]});

		assert_int_equal(response.status, 404);
		assert_string_equal(response.type, "application/json");
		assert_true(body_has(&response, "{\"error\":"));
		response_done(&response);
	}
}

static void the_page_is_inside_the_program(void **state)
{
	static const char *const wanted[][2] = {{"/", "text/html; charset=utf-8"},
		{"/app.js", "text/javascript; charset=utf-8"},
		{"/app.css", "text/css; charset=utf-8"}, {"/icon.svg", "image/svg+xml"}};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct response response = ask(&(struct request){.path = wanted[i][0]});

		assert_int_equal(response.status, 200);
		assert_string_equal(response.type, wanted[i][1]);
		assert_true(response.fixed_length > 100);
		assert_non_null(response.etag);
		response_done(&response);
	}
}

static void a_known_tag_is_answered_without_a_body(void **state)
{
	const char *etag = assets_table[0].etag;
	const struct request request = {.path = assets_table[0].path, .if_none_match = etag};
	const struct request other = {
		.path = assets_table[0].path, .if_none_match = "\"something\""};
	struct response response = ask(&request);

	assert_int_equal(response.status, 304);
	assert_null(response.fixed);
	assert_string_equal(response.etag, etag);
	response_done(&response);
	response = ask(&other);
	assert_int_equal(response.status, 200);
	response_done(&response);
}

static void without_a_registry_the_words_name_no_path(void **state)
{
	static const char *const paths[] = {"/api/v1/desa", "/readyz"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct response response = ask(&(struct request){.path = paths[i]});

		assert_int_equal(response.status, 503);
		assert_true(body_has(&response, "pantau init"));
		assert_false(body_has(&response, "nowhere"));
		response_done(&response);
	}
}

static void parameters_are_checked_before_anything_is_opened(void **state)
{
	static const struct request requests[] = {
		{.path = "/api/v1/desa", .param_count = 1, .params = {{"month", "2026-01"}}},
		{.path = "/api/v1/sla"},
		{.path = "/api/v1/outages",
			.param_count = 2,
			.params = {{"month", "2026-01"}, {"by", "desa"}}},
		{.path = "/api/v1/events", .last_event_id = "x"},
		{.path = "/readyz", .param_count = 1, .params = {{"a", ""}}},
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct response response = ask(&requests[i]);

		assert_int_equal(response.status, 400);
		assert_true(body_has(&response, "\"parameter\":"));
		response_done(&response);
	}
}

static void a_desa_is_up_where_any_link_is(void **state)
{
	assert_int_equal(board_combine(LIVE_UP, LIVE_DOWN), LIVE_UP);
	assert_int_equal(board_combine(LIVE_SILENT, LIVE_UP), LIVE_UP);
	assert_int_equal(board_combine(LIVE_DOWN, LIVE_DOWN), LIVE_DOWN);
	assert_int_equal(board_combine(LIVE_EXCLUDED, LIVE_EXCLUDED), LIVE_EXCLUDED);
	assert_int_equal(board_combine(LIVE_DOWN, LIVE_SILENT), LIVE_UNKNOWN);
	assert_int_equal(board_combine(LIVE_DOWN, LIVE_EXCLUDED), LIVE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_path_is_404_in_json),
		cmocka_unit_test(the_page_is_inside_the_program),
		cmocka_unit_test(a_known_tag_is_answered_without_a_body),
		cmocka_unit_test(without_a_registry_the_words_name_no_path),
		cmocka_unit_test(parameters_are_checked_before_anything_is_opened),
		cmocka_unit_test(a_desa_is_up_where_any_link_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
