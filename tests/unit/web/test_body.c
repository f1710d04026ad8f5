/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a change's body: what is taken, and in which words the rest is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "web/body.h"
#include "web/limits.h"

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

/* ---- what a body can cost */

/* Of jansson, whose header does not go with common/json.h. */
void json_set_alloc_funcs(void *(*take)(size_t size), void (*give)(void *bytes));

static size_t heap, heap_peak;

static void *take(size_t size)
{
	size_t *bytes = malloc(size + sizeof(max_align_t));

	assert_non_null(bytes);
	*bytes = size;
	heap += size;
	heap_peak = heap > heap_peak ? heap : heap_peak;
	return (char *)bytes + sizeof(max_align_t);
}

static void give(void *bytes)
{
	size_t *head = bytes ? (void *)((char *)bytes - sizeof(max_align_t)) : NULL;

	heap -= head ? *head : 0;
	free(head);
}

/* As long as a body may be, of nothing but this; what it costs, by its length. */
static size_t cost_of(const char *item)
{
	char *json = malloc(HTTP_UPLOAD_MAX + 1);
	size_t at = (size_t)sprintf(json, "{\"list\":["), width = strlen(item);
	struct asked asked;

	for (; at + width + 3 < HTTP_UPLOAD_MAX; at += width)
		memcpy(json + at, item, width);
	strcpy(json + at - 1, "]}"); /* over the last comma */
	heap = heap_peak = 0;
	open_body(&asked, json);
	close_body(&asked);
	assert_int_equal(heap, 0);
	free(json);
	return heap_peak / HTTP_UPLOAD_MAX;
}

static void the_worst_body_costs_little_more_than_its_length(void **state)
{
	static const char *const items[] = {
		"\"\",", "0,", "null,", "[],", "{},", "[[]],", "{\"a\":{}},", "1e9,", "\"[\","};

	json_set_alloc_funcs(take, give);
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++) {
		size_t factor = cost_of(items[i]);

		printf("%-12s %zu times its length\n", items[i], factor);
		assert_in_range(factor, 0, 24); /* the shortest texts: 6 MB a body */
	}
	json_set_alloc_funcs(malloc, free);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_taken_by_name),
		cmocka_unit_test(what_is_no_object_of_known_members_is_refused),
		cmocka_unit_test(a_member_of_another_kind_is_named),
		cmocka_unit_test(the_worst_body_costs_little_more_than_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
