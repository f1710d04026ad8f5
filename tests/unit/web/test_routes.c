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
static const struct principal administrator = {.role = USER_ADMIN, .name = "admin"};

static struct response ask(const struct request *request)
{
	struct response response;

	response_init(&response);
	routes_answer(&site, request, &response);
	return response;
}

static int set_up(void **state)
{
	const struct accounts_options options = {.trusted_proxy = "127.0.0.1", .limits = {60, 600}};

	return accounts_new(site.state, &options, &site.accounts, NULL);
}

static int tear_down(void **state)
{
	accounts_free(site.accounts);
	return 0;
}

static int body_has(const struct response *response, const char *text)
{
	return memmem(buf_peek(&response->body), buf_length(&response->body), text, strlen(text)) !=
		NULL;
}

static void an_unknown_path_is_404_in_json(void **state)
{
	static const char *const paths[] = {"/api/v1", "/api/v1/desa/", "/API/V1/DESA", "//",
		"/../etc/passwd", "/app.js/", "/index.html", "", "/sambungan/", "/sambungan/1/2"};

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
	static const char *const wanted[][2] = {{"/masuk", "text/html; charset=utf-8"},
		{"/sambungan/12", "text/html; charset=utf-8"},
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

static void every_view_has_an_address_of_its_own(void **state)
{
	static const char *const views[] = {"/masuk", "/dinding", "/peta", "/laporan",
		"/sambungan/7", "/penyedia/Telkom%20Akses", "/pengguna"};
	static const char *const none[] = {
		"/dinding/", "/dindin", "/sambungan/", "/sambungan/7/8", "/sambungan", "/masuk2"};

	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct response response = ask(&(struct request){.path = views[i]});

		assert_int_equal(response.status, 200);
		assert_string_equal(response.type, "text/html; charset=utf-8");
		response_done(&response);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct response response = ask(&(struct request){.path = none[i]});

		assert_int_equal(response.status, 404);
		response_done(&response);
	}
}

static void what_is_named_by_its_content_is_kept_for_good(void **state)
{
	size_t kept = 0;

	for (const struct asset *asset = assets_table; asset->path; asset++) {
		bool first = strcmp(asset->path, "/") == 0;
		struct response response = ask(
			&(struct request){.path = first ? "/dinding" : asset->path});
		bool part = strncmp(asset->path, "/part-", 6) == 0;

		assert_int_equal(strstr(response.cache, "immutable") != NULL, part);
		kept += part;
		response_done(&response);
	}
	assert_true(kept > 0);
}

static void a_known_tag_is_answered_without_a_body(void **state)
{
	const char *etag = assets_table[0].etag;
	const struct request request = {.path = "/masuk", .if_none_match = etag};
	const struct request other = {.path = "/masuk", .if_none_match = "\"something\""};
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
	static const struct request requests[] = {{.path = "/readyz"},
		{.path = "/api/v1/desa",
			.authorization = "Bearer 000102030405060708090a0b0c0d0e0f"
					 "000102030405060708090a0b0c0d0e0f"}};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct response response = ask(&requests[i]);

		assert_int_equal(response.status, 503);
		assert_true(body_has(&response, "pantau init"));
		assert_false(body_has(&response, "nowhere"));
		response_done(&response);
	}
}

static void parameters_are_checked_before_anything_is_opened(void **state)
{
	static const struct {
		void (*answer)(
			struct site *site, const struct request *request, struct response *ret);
		struct request request;
	} wrong[] = {
		{api_desa, {.param_count = 1, .params = {{"month", "2026-01"}}}},
		{api_sla, {.path = "/api/v1/sla"}},
		{api_outages, {.param_count = 2, .params = {{"month", "2026-01"}, {"by", "desa"}}}},
		{api_events, {.last_event_id = "x"}},
		{api_readyz, {.param_count = 1, .params = {{"a", ""}}}},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct request request = wrong[i].request;
		struct response response;

		request.who = &administrator;
		response_init(&response);
		wrong[i].answer(&site, &request, &response);
		assert_int_equal(response.status, 400);
		assert_true(body_has(&response, "\"parameter\":"));
		response_done(&response);
	}
}

static void nobody_hears_nothing(void **state)
{
	static const char *const paths[] = {"/api/v1/desa", "/api/v1/sla", "/api/v1/outages",
		"/api/v1/explain", "/api/v1/samples", "/api/v1/decisions", "/api/v1/objections",
		"/api/v1/claims", "/api/v1/events"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct response response = ask(&(struct request){.path = paths[i]});

		assert_int_equal(response.status, 401);
		response_done(&response);
	}
}

static void other_methods_are_refused_by_name(void **state)
{
	static const struct {
		enum http_method method;
		const char *path, *allow;
	} wrong[] = {
		{METHOD_POST, "/api/v1/desa", "GET, HEAD"},
		{METHOD_OTHER, "/api/v1/session", "GET, HEAD, POST, DELETE"},
		{METHOD_DELETE, "/app.js", "GET, HEAD"},
		{METHOD_OTHER, "/nothing", "GET, HEAD"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct response response = ask(
			&(struct request){.method = wrong[i].method, .path = wrong[i].path});

		assert_int_equal(response.status, 405);
		assert_string_equal(response.extras[0].name, "Allow");
		assert_string_equal(response.extras[0].value, wrong[i].allow);
		response_done(&response);
	}
}

static void passwords_wait_in_their_lane(void **state)
{
	assert_int_equal(
		routes_lane(&(struct request){.method = METHOD_POST, .path = "/api/v1/session"}),
		LANE_PASSWORD);
	assert_int_equal(routes_lane(&(struct request){.path = "/api/v1/session"}), LANE_NONE);
	assert_int_equal(routes_lane(&(struct request){.path = "/nothing"}), LANE_NONE);
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
		cmocka_unit_test(every_view_has_an_address_of_its_own),
		cmocka_unit_test(what_is_named_by_its_content_is_kept_for_good),
		cmocka_unit_test(a_known_tag_is_answered_without_a_body),
		cmocka_unit_test(without_a_registry_the_words_name_no_path),
		cmocka_unit_test(parameters_are_checked_before_anything_is_opened),
		cmocka_unit_test(nobody_hears_nothing),
		cmocka_unit_test(other_methods_are_refused_by_name),
		cmocka_unit_test(passwords_wait_in_their_lane),
		cmocka_unit_test(a_desa_is_up_where_any_link_is),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
