/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/sse.h"

static void assert_text(const struct buf *out, const char *text)
{
	assert_int_equal(buf_length(out), strlen(text));
	assert_memory_equal(buf_peek(out), text, strlen(text));
}

static void an_event_has_a_name_an_id_and_data(void **state)
{
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(sse_event(&out, "slots", 44, "{\"a\":1}", 7), 0);
	assert_text(&out, "event: slots\nid: 44\ndata: {\"a\":1}\n\n");
	buf_done(&out);
}

static void an_event_without_id_leaves_the_last_one(void **state)
{
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(sse_event(&out, "state", SSE_NO_ID, "{}", 2), 0);
	assert_text(&out, "event: state\ndata: {}\n\n");
	buf_done(&out);
}

static void a_comment_is_no_event(void **state)
{
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(sse_comment(&out, "still here"), 0);
	assert_int_equal(sse_retry(&out, 3000), 0);
	assert_text(&out, ": still here\n\nretry: 3000\n\n");
	buf_done(&out);
}

static void what_does_not_fit_is_an_error(void **state)
{
	struct buf out;

	buf_init(&out, 20);
	assert_int_equal(sse_event(&out, "state", 1, "{\"link\":12345}", 14), -ENOBUFS);
	buf_done(&out);
}

static void ids_are_digits_only(void **state)
{
	static const char *const bad[] = {
		"", "-1", "1x", " 1", "+1", "0x10", "9999999999999999999", "1\n"};
	int64_t id = 7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sse_parse_id(bad[i], &id), -EINVAL);
	assert_int_equal(id, 7);
	assert_int_equal(sse_parse_id("0", &id), 0);
	assert_int_equal(id, 0);
	assert_int_equal(sse_parse_id("999999999999999999", &id), 0);
	assert_true(id == 999999999999999999LL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_has_a_name_an_id_and_data),
		cmocka_unit_test(an_event_without_id_leaves_the_last_one),
		cmocka_unit_test(a_comment_is_no_event),
		cmocka_unit_test(what_does_not_fit_is_an_error),
		cmocka_unit_test(ids_are_digits_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
