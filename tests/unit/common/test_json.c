/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/json.h"

/* Compares what was written, and empties the buffer. */
static void expect_json(struct json *json, struct buf *out, const char *expected)
{
	assert_int_equal(json_end(json), 0);
	assert_int_equal(buf_length(out), strlen(expected));
	assert_memory_equal(buf_peek(out), expected, strlen(expected));
	buf_done(out);
}

static void commas_stand_where_they_belong(void **state)
{
	struct json json;
	struct buf out;

	buf_init(&out, 4096);
	json_init(&json, &out);
	json_object(&json, NULL);
	json_text(&json, "desa", "64.08.05.2001");
	json_number(&json, "since", INT64_MIN);
	json_array(&json, "links");
	json_object(&json, NULL);
	json_object_end(&json);
	json_object(&json, NULL);
	json_bool(&json, "up", true);
	json_bool(&json, "down", false);
	json_object_end(&json);
	json_number(&json, NULL, 7);
	json_array(&json, NULL);
	json_array_end(&json);
	json_array_end(&json);
	json_decimal(&json, "a_low", "99.499961");
	json_null(&json, "a_high");
	json_text(&json, "cause", NULL);
	json_object_end(&json);
	expect_json(&json, &out,
		"{\"desa\":\"64.08.05.2001\",\"since\":-9223372036854775808,\"links\":[{},"
		"{\"up\":true,\"down\":false},7,[]],\"a_low\":99.499961,\"a_high\":null,"
		"\"cause\":null}");
}

static void expect_text(const char *value, const char *expected)
{
	struct json json;
	struct buf out;

	buf_init(&out, 4096);
	json_init(&json, &out);
	json_text(&json, NULL, value);
	expect_json(&json, &out, expected);
}

static void text_is_escaped(void **state)
{
	expect_text("", "\"\"");
	expect_text("a\"b\\c/", "\"a\\\"b\\\\c/\"");
	expect_text("\n\t\x01\x1f", "\"\\n\\u0009\\u0001\\u001f\"");
	expect_text("Kutai \xe2\x82\xac \xf0\x9f\x8c\xb4 \xc3\xa9",
		"\"Kutai \xe2\x82\xac \xf0\x9f\x8c\xb4 \xc3\xa9\"");
}

#define BAD "\xef\xbf\xbd"

static void what_is_not_utf8_is_replaced(void **state)
{
	expect_text("a\x80z", "\"a" BAD "z\"");
	expect_text("\xc3", "\"" BAD "\""); /* cut at the end */
	expect_text("\xe2\x82", "\"" BAD BAD "\"");
	expect_text("\xc0\xaf", "\"" BAD BAD "\""); /* overlong */
	expect_text("\xe0\x80\xaf", "\"" BAD BAD BAD "\"");
	expect_text("\xed\xa0\x80", "\"" BAD BAD BAD "\""); /* surrogate */
	expect_text("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\"");
	expect_text("\xff\xfe", "\"" BAD BAD "\"");
	expect_text("\xf0\x9f\x8c\"", "\"" BAD BAD BAD "\\\"\"");
}

static void keys_are_escaped_too(void **state)
{
	struct json json;
	struct buf out;

	buf_init(&out, 100);
	json_init(&json, &out);
	json_object(&json, NULL);
	json_null(&json, "a\"b");
	json_object_end(&json);
	expect_json(&json, &out, "{\"a\\\"b\":null}");
}

static void a_full_buffer_is_told_at_the_end(void **state)
{
	struct json json;
	struct buf out;

	buf_init(&out, 10);
	json_init(&json, &out);
	json_array(&json, NULL);
	json_text(&json, NULL, "longer than ten bytes");
	json_array_end(&json);
	assert_int_equal(json_end(&json), -ENOBUFS);
	assert_true(buf_length(&out) <= 10);
	buf_done(&out);
}

static void too_deep_is_told_at_the_end(void **state)
{
	struct json json;
	struct buf out;
	int i;

	buf_init(&out, 4096);
	json_init(&json, &out);
	for (i = 0; i < JSON_DEPTH_MAX - 1; i++)
		json_array(&json, NULL);
	assert_int_equal(json_end(&json), 0);
	json_array(&json, NULL);
	assert_int_equal(json_end(&json), -EOVERFLOW);
	for (i = 0; i < JSON_DEPTH_MAX; i++)
		json_array_end(&json);
	assert_int_equal(json_end(&json), -EOVERFLOW);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_where_they_belong),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(what_is_not_utf8_is_replaced),
		cmocka_unit_test(keys_are_escaped_too),
		cmocka_unit_test(a_full_buffer_is_told_at_the_end),
		cmocka_unit_test(too_deep_is_told_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
