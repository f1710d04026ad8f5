/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "web/params.h"

static struct request request_of(const char *name, const char *value)
{
	return (struct request){
		.path = "/", .param_count = 1, .params = {{.name = name, .value = value}}};
}

/* The response refuses, and its words hold all of these. */
static void assert_refused(struct response *response, const char *name, const char *value)
{
	char text[512] = "", want[128];

	assert_int_equal(response->status, 400);
	assert_string_equal(response->type, "application/json");
	assert_true(buf_length(&response->body) < sizeof(text));
	memcpy(text, buf_peek(&response->body), buf_length(&response->body));
	snprintf(want, sizeof(want), "\"parameter\":\"%s\",\"value\":\"%s\"", name, value);
	if (!strstr(text, want))
		fail_msg("%s lacks %s", text, want);
	response_done(response);
}

static void an_unknown_parameter_is_named(void **state)
{
	static const char *const known[] = {"month", "by", NULL};
	struct request request = request_of("mont", "2026-01");
	struct response response;

	response_init(&response);
	assert_false(params_known(&request, known, &response));
	assert_non_null(memmem(
		buf_peek(&response.body), buf_length(&response.body), "known are: month, by", 20));
	assert_refused(&response, "mont", "2026-01");
}

static void a_parameter_given_twice_is_refused(void **state)
{
	static const char *const known[] = {"month", NULL};
	struct request request = {
		.param_count = 2, .params = {{"month", "2026-01"}, {"month", "2026-02"}}};
	struct response response;

	response_init(&response);
	assert_false(params_known(&request, known, &response));
	assert_refused(&response, "month", "2026-02");
}

static void pages_have_bounds(void **state)
{
	static const char *const bad_limits[] = {
		"0", "-1", "10001", "x", "", "1e3", "99999999999999999999", " 1"};
	struct request none = {0}, good = request_of("limit", "10000");
	struct response response;
	struct page page = {0};

	response_init(&response);
	assert_true(param_page(&none, &page, &response));
	assert_int_equal(page.limit, PAGE_ROWS_DEFAULT);
	assert_int_equal(page.offset, 0);
	assert_true(param_page(&good, &page, &response));
	assert_int_equal(page.limit, PAGE_ROWS_MAX);
	response_done(&response);
	for (size_t i = 0; i < sizeof(bad_limits) / sizeof(bad_limits[0]); i++) {
		struct request bad = request_of("limit", bad_limits[i]);

		response_init(&response);
		assert_false(param_page(&bad, &page, &response));
		assert_refused(&response, "limit", bad_limits[i]);
	}
	assert_int_equal(page.limit, PAGE_ROWS_MAX);
}

static void codes_need_their_dots(void **state)
{
	static const struct {
		unsigned levels;
		const char *good, *bad[4];
	} cases[] = {
		{2, "64.08", {"6408", "64", "64.08.05", "64.8"}},
		{3, "64.08.05", {"640805", "64.08", "64.08.05.2001", "64.08.x5"}},
		{4, "64.08.05.2001", {"6408052001", "64.08.05", "64.08.05.201", "64.08.05.20011"}},
	};
	struct response response;
	const char *code;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request request = request_of("kabupaten", cases[i].good);

		response_init(&response);
		assert_true(param_code(&request, "kabupaten", cases[i].levels, &code, &response));
		assert_string_equal(code, cases[i].good);
		response_done(&response);
		for (size_t j = 0; j < 4; j++) {
			request = request_of("kabupaten", cases[i].bad[j]);
			response_init(&response);
			assert_false(param_code(
				&request, "kabupaten", cases[i].levels, &code, &response));
			assert_refused(&response, "kabupaten", cases[i].bad[j]);
		}
	}
}

static void a_month_is_required_and_real(void **state)
{
	static const char *const bad[] = {"2026-13", "2026", "2026-1", "2026-01-01", "", "x"};
	struct request good = request_of("month", "2028-02"), none = {0};
	struct response response;
	const char *month = NULL;

	response_init(&response);
	assert_true(param_month(&good, &month, &response));
	assert_string_equal(month, "2028-02");
	response_done(&response);
	response_init(&response);
	assert_false(param_month(&none, &month, &response));
	assert_refused(&response, "month", "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct request request = request_of("month", bad[i]);

		response_init(&response);
		assert_false(param_month(&request, &month, &response));
		assert_refused(&response, "month", bad[i]);
	}
}

static void a_bare_date_is_midnight_in_wita(void **state)
{
	struct request request = request_of("as_of", "2026-01-01");
	struct request bad = request_of("as_of", "yesterday");
	struct response response;
	int64_t at = 0;

	response_init(&response);
	assert_true(param_time(&request, "as_of", &at, &response));
	assert_int_equal(at, 1767196800);
	assert_false(param_time(&bad, "as_of", &at, &response));
	assert_refused(&response, "as_of", "yesterday");
	assert_int_equal(at, 1767196800);
}

static void a_choice_names_what_there_is(void **state)
{
	static const char *const choices[] = {"link", "desa", NULL};
	struct request good = request_of("by", "desa"), bad = request_of("by", "village");
	struct response response;
	int choice = 0;

	response_init(&response);
	assert_true(param_choice(&good, "by", choices, &choice, &response));
	assert_int_equal(choice, 1);
	assert_false(param_choice(&bad, "by", choices, &choice, &response));
	assert_non_null(memmem(buf_peek(&response.body), buf_length(&response.body),
		"must be one of link, desa", 25));
	assert_refused(&response, "by", "village");
}

static void a_value_cannot_break_out_of_the_answer(void **state)
{
	struct request bad = request_of("limit", "\"</script>\n");
	struct response response;
	struct page page;

	response_init(&response);
	assert_false(param_page(&bad, &page, &response));
	assert_refused(&response, "limit", "\\\"</script>\\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_parameter_is_named),
		cmocka_unit_test(a_parameter_given_twice_is_refused),
		cmocka_unit_test(pages_have_bounds),
		cmocka_unit_test(codes_need_their_dots),
		cmocka_unit_test(a_month_is_required_and_real),
		cmocka_unit_test(a_bare_date_is_midnight_in_wita),
		cmocka_unit_test(a_choice_names_what_there_is),
		cmocka_unit_test(a_value_cannot_break_out_of_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
