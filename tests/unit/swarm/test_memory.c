/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "swarm/memory.h"

static char path[] = "/tmp/memoryXXXXXX";
static struct roll_entry entries[] = {
	{.folder = (char *)"/x/link-1"}, {.folder = (char *)"/x/link-2"}};
static const struct roll roll = {.entries = entries, .count = 2};

static int make_file(void **state)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	return 0;
}

static int remove_file(void **state)
{
	return unlink(path);
}

static void what_was_written_is_read_again(void **state)
{
	struct memory written, read;
	struct err err;

	assert_int_equal(memory_init(&written, 2), 0);
	assert_int_equal(memory_init(&read, 2), 0);
	written.start_us = 1795392000000000;
	written.lives[1] = (struct life_memory){.run = 7,
		.boot = {1, 0xab, 3},
		.booted_us = 1795390000000001,
		.lived_us = 1795391000000000};
	assert_int_equal(memory_write(path, &roll, &written, &err), 0);
	assert_int_equal(memory_read(path, &roll, &read, &err), 0);
	assert_int_equal(read.start_us, written.start_us);
	assert_int_equal(read.lives[0].run, 0);
	assert_memory_equal(&read.lives[1], &written.lives[1], sizeof(read.lives[1]));
	memory_done(&written);
	memory_done(&read);
}

static void no_file_is_no_memory(void **state)
{
	struct memory memory;
	struct err err;

	assert_int_equal(memory_init(&memory, 2), 0);
	assert_int_equal(memory_read("/tmp/there/is/none", &roll, &memory, &err), 0);
	assert_int_equal(memory.start_us, 0);
	memory_done(&memory);
}

static void a_damaged_line_is_named(void **state)
{
	static const char *const lines[] = {"begin 5\n", "start 5\nlink-1 7\n",
		"start 5\nlink-1 7 00 5 6\n",
		"start 5\nlink-1 7 000102030405060708090a0b0c0d0e0f 6 5\n",
		"start 5\nlink-1 7 000102030405060708090a0b0c0d0e0g 5 6\n",
		"start 5\nlink-1 7 000102030405060708090a0b0c0d0e0f 5 6 7\n"};
	struct memory memory;
	struct err err;
	FILE *file;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		file = fopen(path, "w");
		fputs(lines[i], file);
		fclose(file);
		assert_int_equal(memory_init(&memory, 2), 0);
		if (memory_read(path, &roll, &memory, &err) == 0)
			fail_msg("%s was taken", lines[i]);
		assert_non_null(strstr(err.text, i ? ":2: link-1" : ":1: begin"));
		memory_done(&memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_again),
		cmocka_unit_test(no_file_is_no_memory),
		cmocka_unit_test(a_damaged_line_is_named),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
