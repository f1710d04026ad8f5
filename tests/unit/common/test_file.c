/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"

/* All paths are relative to a folder of the test's own. */
static int enter_folder(void **state)
{
	char folder[] = "/tmp/pantau-file.XXXXXX";

	*state = mkdtemp(folder) ? strdup(folder) : NULL;
	return *state ? chdir(folder) : -1;
}

static int leave_folder(void **state)
{
	char command[64];
	int r;

	snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
	r = chdir("/") < 0 ? -1 : system(command);
	free(*state);
	return r;
}

static unsigned count_files(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* . and .. */
}

static void expect_content(const char *path, const char *expected)
{
	uint8_t *bytes = NULL;
	size_t length = 0;

	assert_int_equal(file_read(path, 1000, &bytes, &length, NULL), 0);
	assert_int_equal(length, strlen(expected));
	assert_string_equal((char *)bytes, expected);
	free(bytes);
}

static void replace_leaves_the_new_content_and_nothing_else(void **state)
{
	struct err err = {0};
	struct stat st;

	assert_int_equal(file_make_folder("r", 0700, &err), 0);
	assert_int_equal(file_replace("r/a", "one", 3, 0640, &err), 0);
	expect_content("r/a", "one");
	assert_int_equal(file_replace("r/a", "two!", 4, 0604, &err), 0);
	expect_content("r/a", "two!");
	assert_int_equal(stat("r/a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0604);
	assert_int_equal(file_replace("r/a", NULL, 0, 0600, &err), 0);
	expect_content("r/a", "");
	assert_int_equal(count_files("r"), 1);
}

static void a_replace_that_fails_keeps_the_old_content(void **state)
{
	struct err err = {0};

	assert_int_equal(file_make_folder("busy/file", 0700, &err), 0);
	/* A folder cannot be replaced by a file: the last step fails. */
	assert_true(file_replace("busy/file", "x", 1, 0600, &err) < 0);
	assert_non_null(strstr(err.text, "busy/file: cannot replace: "));
	assert_int_equal(count_files("busy"), 1);
	assert_int_equal(file_replace("absent/file", "x", 1, 0600, &err), -ENOENT);
	assert_non_null(strstr(err.text, "absent/file: "));
}

static void what_a_killed_replace_left_is_swept_away(void **state)
{
	static const char *const names[] = {"s/.a.X1bZ9y", "s/.a.old", "s/.a.1234567", "s/a.123456",
		"s/.b.123456", "s/.aa.123456", "s/.123456", "s/a"};

	assert_int_equal(file_make_folder("s", 0700, NULL), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(file_replace(names[i], "x", 1, 0600, NULL), 0);
	file_sweep("s", "a");
	assert_int_equal(count_files("s"), 7);
	assert_int_not_equal(access("s/.a.X1bZ9y", F_OK), 0);
	file_sweep("s", NULL);
	assert_int_equal(count_files("s"), 5);
	assert_int_not_equal(access("s/.b.123456", F_OK), 0);
	assert_int_equal(access("s/a", F_OK), 0);
	file_sweep("no such folder", NULL);
}

static void read_stops_at_the_limit(void **state)
{
	uint8_t *bytes = NULL;
	struct err err = {0};
	size_t length = 0;

	assert_int_equal(file_replace("limit", "0123456789", 10, 0600, &err), 0);
	assert_int_equal(file_read("limit", 10, &bytes, &length, &err), 0);
	assert_int_equal(length, 10);
	free(bytes);
	bytes = NULL;
	assert_int_equal(file_read("limit", 9, &bytes, &length, &err), -EFBIG);
	assert_null(bytes);
	assert_string_equal(err.text, "limit: longer than 9 bytes");
	assert_int_equal(file_read("no such file", 9, &bytes, &length, &err), -ENOENT);
	assert_int_equal(file_read(".", 9, &bytes, &length, &err), -EISDIR);
}

static void files_that_do_not_tell_their_size_are_read_whole(void **state)
{
	uint8_t *bytes = NULL;
	size_t length = 0;

	assert_int_equal(file_read("/proc/self/status", 1 << 20, &bytes, &length, NULL), 0);
	assert_true(length > 100);
	assert_int_equal(bytes[length], 0);
	free(bytes);
	assert_int_equal(file_read("/dev/zero", 100000, &bytes, &length, NULL), -EFBIG);
}

static void folders_are_made_all_the_way(void **state)
{
	struct err err = {0};
	struct stat st;

	assert_int_equal(file_make_folder("a/b//c/", 0700, &err), 0);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(file_make_folder("a/b/c", 0700, &err), 0);
	assert_int_equal(file_make_folder("/", 0700, &err), 0);
	assert_int_equal(file_replace("a/file", "", 0, 0600, &err), 0);
	assert_int_equal(file_make_folder("a/file", 0700, &err), -ENOTDIR);
	assert_int_equal(file_make_folder("a/file/b", 0700, &err), -ENOTDIR);
	assert_int_equal(file_make_folder("", 0700, &err), -ENOENT);
}

static void space_is_told(void **state)
{
	uint64_t bytes = 0, inodes = 0;
	struct err err = {0};

	assert_int_equal(file_space(".", &bytes, &inodes, &err), 0);
	assert_true(bytes > 0);
	assert_true(inodes > 0);
	assert_int_equal(file_space("no such folder", &bytes, &inodes, &err), -ENOENT);
}

static void join_refuses_what_does_not_fit(void **state)
{
	char path[8] = "before";

	assert_int_equal(file_join(path, sizeof path, "abc", "def"), 0);
	assert_string_equal(path, "abc/def");
	assert_int_equal(file_join(path, sizeof path, "abc", "defg"), -ENAMETOOLONG);
	assert_string_equal(path, "abc/def");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replace_leaves_the_new_content_and_nothing_else),
		cmocka_unit_test(a_replace_that_fails_keeps_the_old_content),
		cmocka_unit_test(what_a_killed_replace_left_is_swept_away),
		cmocka_unit_test(read_stops_at_the_limit),
		cmocka_unit_test(files_that_do_not_tell_their_size_are_read_whole),
		cmocka_unit_test(folders_are_made_all_the_way),
		cmocka_unit_test(space_is_told),
		cmocka_unit_test(join_refuses_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
