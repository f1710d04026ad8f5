/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/status.h"

static struct status *parse(const char *json)
{
	struct status *status = NULL;

	assert_int_equal(status_parse(json, strlen(json), &status, NULL), 0);
	return status;
}

static void members_are_found_by_their_path(void **state)
{
	struct status *status = parse(
		"{\"full\":true,\"words\":\"x\",\"disk\":{\"free\":1.5,\"inodes\":7}}");
	double number = 0;

	assert_true(status_number(status, "disk.free", &number));
	assert_true(number == 1.5);
	assert_true(status_number(status, "full", &number));
	assert_true(number == 1);
	assert_string_equal(status_text(status, "words"), "x");
	status_free(status);
}

static void what_is_absent_or_of_another_kind_changes_nothing(void **state)
{
	struct status *status = parse("{\"a\":\"text\",\"b\":{\"c\":null}}");
	double number = 42;

	assert_false(status_number(status, "a", &number));
	assert_false(status_number(status, "b.c", &number));
	assert_false(status_number(status, "a.b.c", &number));
	assert_false(status_number(status, "none", &number));
	assert_null(status_text(status, "b"));
	assert_true(number == 42);
	status_free(status);
}

static void garbage_is_an_error_with_words(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "7", "{\"a\":}", "{} {}", "\xff\xfe"};
	struct status *status = NULL;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(status_parse(bad[i], strlen(bad[i]), &status, &err), -EPROTO);
		assert_true(err.text[0]);
	}
	assert_null(status);
	status_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_their_path),
		cmocka_unit_test(what_is_absent_or_of_another_kind_changes_nothing),
		cmocka_unit_test(garbage_is_an_error_with_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
