/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoint for speed tests noted, found again by its nonce. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/store/served.h"
#include "tests/unit/store/fixture.h"

#define DAY 86400
#define MIDNIGHT (T0 / DAY * DAY + DAY) /* UTC */
#define DAY_FILE "speed/2026-01-01" /* which begins with it */

static void put(const char *state, uint64_t nonce, int64_t ended_s, int64_t bytes)
{
	const struct served served = {nonce, true, ended_s, bytes};
	struct err err = {0};
	size_t put = 0;

	assert_int_equal(served_put(state, &served, 1, &put, &err), 0);
	assert_int_equal(put, 1);
}

static bool is_noted(const char *state, uint64_t nonce)
{
	struct served found;

	return served_find(state, nonce, MIDNIGHT, &found) == 0;
}

static off_t size_of(const char *state)
{
	struct stat there;
	char path[128];

	snprintf(path, sizeof(path), "%s/" DAY_FILE, state);
	assert_int_equal(stat(path, &there), 0);
	return there.st_size;
}

static void append(const char *state, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" DAY_FILE, state);
	file = fopen(path, "a");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
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
	struct served found;

	put(folder, 1, MIDNIGHT, 5);
	append(folder, "0000000000000007 down 1767225600 -4\nzzz\n0000000000000007 do");
	assert_int_equal(served_find(folder, 1, MIDNIGHT, &found), 0);
	assert_int_equal(served_find(folder, 7, MIDNIGHT, &found), -ENOENT);
}

/* The writer died in the middle of "... 1048576". */
static void a_torn_line_accuses_nobody_and_eats_no_other(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	struct served found;

	put(folder, 1, MIDNIGHT, 5);
	append(folder, "0000000000000007 down 1767225600 104");
	assert_false(is_noted(folder, 7));
	put(folder, 8, MIDNIGHT, 6);
	assert_false(is_noted(folder, 7));
	assert_int_equal(served_find(folder, 8, MIDNIGHT, &found), 0);
	assert_int_equal(found.bytes, 6);
	/* two that an older program glued together */
	append(folder, "0000000000000007 down 1767225600 1040000000000000009 down 1767225600 7\n");
	assert_false(is_noted(folder, 7));
	put(folder, 7, MIDNIGHT, 1048576);
	assert_int_equal(served_find(folder, 7, MIDNIGHT, &found), 0);
	assert_int_equal(found.bytes, 1048576);
	assert_true(is_noted(folder, 1));
}

/* As a disk that is full in the middle of a line. */
static void a_line_that_finds_no_room_leaves_nothing(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	const struct served two[] = {{7, true, MIDNIGHT, 6}, {8, true, MIDNIGHT, 7}};
	struct rlimit limit, tight;
	struct err err = {0};
	size_t put_count = 0;
	off_t size;

	put(folder, 1, MIDNIGHT, 5);
	size = size_of(folder);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	tight = (struct rlimit){(rlim_t)size + 50, limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	assert_int_equal(served_put(folder, two, 2, &put_count, &err), -ENOSPC);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(size_of(folder), size);
	assert_non_null(strstr(err.text, DAY_FILE));
	assert_int_equal(put_count, 0);
	assert_int_equal(served_put(folder, two, 2, &put_count, &err), 0);
	assert_int_equal(put_count, 2);
	assert_true(is_noted(folder, 7) && is_noted(folder, 8));
}

static void those_of_one_day_go_together(void **state)
{
	const char *folder = ((struct fixture *)*state)->state;
	const struct served three[] = {
		{7, true, MIDNIGHT - 2, 6}, {8, false, MIDNIGHT - 1, 7}, {9, true, MIDNIGHT, 8}};
	struct err err = {0};
	size_t put_count = 0;

	assert_int_equal(served_put(folder, three, 3, &put_count, &err), 0);
	assert_int_equal(put_count, 2);
	assert_true(is_noted(folder, 7) && is_noted(folder, 8));
	assert_false(is_noted(folder, 9));
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
		TEST(a_torn_line_accuses_nobody_and_eats_no_other),
		TEST(a_line_that_finds_no_room_leaves_nothing),
		TEST(those_of_one_day_go_together),
		TEST(old_days_go_with_the_first_of_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
