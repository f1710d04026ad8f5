/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a change's body: what is taken, and in which words the rest is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/body.h"

static const char *const known[] = {"text", "number", "flag", "list", "choice", "password", NULL};

struct asked {
	struct response response;
	struct body *body;
};

static bool open_body(struct asked *asked, const char *json)
{
	const struct request request = {.body = json, .body_length = strlen(json)};

	asked->body = NULL;
	response_init(&asked->response);
	return body_read(&request, known, &asked->body, &asked->response);
}

static void close_body(struct asked *asked)
{
	body_free(asked->body);
	response_done(&asked->response);
}

static bool says(const struct asked *asked, const char *text)
{
	return memmem(buf_peek(&asked->response.body), buf_length(&asked->response.body), text,
		       strlen(text)) != NULL;
}

static void members_are_taken_by_name(void **state)
{
	static const char *const choices[] = {"a", "b", NULL};
	struct asked asked;
	const char *text = NULL;
	int64_t number = 0;
	int choice = -1;
	bool flag = false;
	size_t count = 0;

	assert_true(open_body(&asked,
		"{\"text\":\"x\",\"number\":7,\"flag\":true,\"choice\":\"b\","
		"\"list\":[\"p\",\"q\"],\"password\":null}"));
	assert_true(body_need_text(asked.body, "text", &text, &asked.response));
	assert_string_equal(text, "x");
	assert_true(body_number(
		asked.body, "number", (struct param_range){1, 9}, &number, &asked.response));
	assert_int_equal(number, 7);
	assert_true(body_flag(asked.body, "flag", &flag, &asked.response) && flag);
	assert_true(body_choice(asked.body, "choice", choices, &choice, &asked.response));
	assert_int_equal(choice, 1);
	assert_true(body_list(asked.body, "list", &count, &asked.response));
	assert_int_equal(count, 2);
	assert_string_equal(body_list_text(asked.body, "list", 1), "q");
	assert_false(body_has(asked.body, "password"));
	assert_true(body_text(asked.body, "password", &text, &asked.response));
	assert_null(text);
	close_body(&asked);
	assert_true(open_body(&asked, "")); /* no body is an empty object */
	assert_false(body_need_text(asked.body, "text", &text, &asked.response));
	assert_true(says(&asked, "is missing"));
	close_body(&asked);
}

static void what_is_no_object_of_known_members_is_refused(void **state)
{
	static const char *const bad[] = {"{", "[]", "7", "{\"text\":1,\"text\":2}",
		"{\"other\":1}", "{\"text\":\"\\u0000\"}", "{} x", "{\"text\":\"\xff\"}"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct asked asked;

		assert_false(open_body(&asked, bad[i]));
		assert_int_equal(asked.response.status, 400);
		assert_true(says(&asked, "\"error\":"));
		close_body(&asked);
	}
}

static void a_member_of_another_kind_is_named(void **state)
{
	static const char *const choices[] = {"a", NULL};
	struct asked asked;
	const char *text;
	int64_t number = 5;
	int choice = 3;
	bool flag = true;
	size_t count = 9;

	assert_true(open_body(&asked,
		"{\"text\":7,\"number\":10,\"flag\":\"yes\",\"list\":[1],"
		"\"choice\":\"z\",\"password\":\"a\\tb\"}"));
	assert_false(body_text(asked.body, "text", &text, &asked.response));
	assert_true(says(&asked, "\"parameter\":\"text\",\"value\":\"7\""));
	assert_false(body_number(
		asked.body, "number", (struct param_range){1, 9}, &number, &asked.response));
	assert_int_equal(number, 5);
	assert_false(body_flag(asked.body, "flag", &flag, &asked.response));
	assert_false(body_list(asked.body, "list", &count, &asked.response));
	assert_int_equal(count, 9);
	assert_false(body_choice(asked.body, "choice", choices, &choice, &asked.response));
	assert_true(says(&asked, "must be one of a"));
	assert_false(body_text(asked.body, "password", &text, &asked.response));
	assert_false(says(&asked, "a\\tb")); /* what may be a secret is not repeated */
	close_body(&asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_taken_by_name),
		cmocka_unit_test(what_is_no_object_of_known_members_is_refused),
		cmocka_unit_test(a_member_of_another_kind_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
