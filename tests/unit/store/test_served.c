/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoint for speed tests noted, found again by its nonce. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/store/served.h"
#include "tests/unit/store/fixture.h"

#define DAY 86400
#define MIDNIGHT (T0 / DAY * DAY + DAY) /* UTC */

static void put(const char *state, uint64_t nonce, int64_t ended_s, int64_t bytes)
{
	const struct served served = {nonce, true, ended_s, bytes};
	struct err err = {0};

	assert_int_equal(served_put(state, &served, &err), 0);
}

static void streams_are_found_over_midnight(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	struct served found;

	assert_int_equal(served_find(folder, 7, MIDNIGHT, &found), -ENOENT); /* no folder */
	put(folder, INT64_MAX, MIDNIGHT - 300, 1000);
	put(folder, 7, MIDNIGHT + 5, 600000);
	assert_int_equal(served_find(folder, 7, MIDNIGHT - 3, &found), 0);
	assert_true(found.down);
	assert_int_equal(found.bytes, 600000);
	assert_int_equal(served_find(folder, INT64_MAX, MIDNIGHT - 301, &found), 0);
	assert_int_equal(found.bytes, 1000);
	assert_int_equal(served_find(folder, 8, MIDNIGHT, &found), -ENOENT);
	assert_int_equal(served_find(folder, 7, MIDNIGHT + 2 * DAY, &found), -ENOENT);
}

static void lines_that_are_none_are_passed_over(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	char path[128];
	struct served found;
	FILE *file;

	put(folder, 1, MIDNIGHT, 5);
	snprintf(path, sizeof(path), "%s/speed/2026-01-01", folder);
	file = fopen(path, "a");
	assert_non_null(file);
	fputs("0000000000000007 down 1767225600 -4\nzzz\n0000000000000007 do", file);
	fclose(file);
	assert_int_equal(served_find(folder, 1, MIDNIGHT, &found), 0);
	assert_int_equal(served_find(folder, 7, MIDNIGHT, &found), -ENOENT);
}

static void old_days_go_with_the_first_of_a_new_one(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	struct served found;

	put(folder, 1, MIDNIGHT, 5);
	put(folder, 2, MIDNIGHT + DAY, 5);
	put(folder, 3, MIDNIGHT + (SERVED_KEPT_DAYS + 1) * DAY, 5);
	assert_int_equal(served_find(folder, 1, MIDNIGHT, &found), -ENOENT);
	assert_int_equal(served_find(folder, 2, MIDNIGHT + DAY, &found), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(streams_are_found_over_midnight),
		TEST(lines_that_are_none_are_passed_over),
		TEST(old_days_go_with_the_first_of_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
