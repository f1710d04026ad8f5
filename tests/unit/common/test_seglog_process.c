/* SPDX-License-Identifier: Apache-2.0 */
/* Writer and reader in different processes, and a writer that is killed. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/common/seglog_fixture.h"

#define FOLLOWED 50000
#define KILLS 20
#define READER_GIVES_UP_S 60
#define NEVER UINT32_MAX

static const struct seglog_pos start = {0, 0};

static void wait_a_millisecond(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* In the child: plain exit codes, no asserts of the parent's test. */
static void write_followed(struct fixture *f)
{
	struct seglog_options options = {.segment_bytes = 40000, .buffer_bytes = 3000};
	struct seglog *log;
	uint32_t i;

	if (seglog_open(f->folder, &options, &log, NULL) < 0)
		_exit(1);
	for (i = 0; i < FOLLOWED; i++) {
		if (seglog_append(log, &i, sizeof i, NULL) < 0)
			_exit(2);
		if (i % 1000 == 0 && seglog_sync(log) < 0)
			_exit(3);
	}
	seglog_close(log);
	_exit(0);
}

static void a_reader_follows_a_writer_in_another_process(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader = fixture_reader(f, start);
	time_t deadline = time(NULL) + READER_GIVES_UP_S;
	uint32_t expected = 0;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		write_followed(f);
	while (expected < FOLLOWED) {
		int64_t number = read_number(reader);

		assert_true(time(NULL) < deadline);
		if (number < 0) {
			wait_a_millisecond();
			continue;
		}
		assert_int_equal(number, expected);
		expected++;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
}

/* Appends and syncs without end, and reports each number that is safe. */
static void write_until_killed(struct fixture *f, uint32_t from, int pipe_fd)
{
	struct seglog_options options = {.segment_bytes = 5000, .buffer_bytes = 500};
	struct seglog *log;
	uint32_t i;

	if (seglog_open(f->folder, &options, &log, NULL) < 0)
		_exit(1);
	for (i = from;; i++) {
		if (seglog_append(log, &i, sizeof i, NULL) < 0)
			_exit(2);
		if (i % 7 != 0)
			continue;
		if (seglog_sync(log) < 0 || write(pipe_fd, &i, sizeof i) != sizeof i)
			_exit(3);
	}
}

/* Lets a writer run for a while and kills it. The last number that it called safe. */
static uint32_t run_and_kill(struct fixture *f, uint32_t from, unsigned wait_ms)
{
	uint32_t safe = NEVER, number;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_until_killed(f, from, ends[1]);
	close(ends[1]);
	assert_int_equal(read(ends[0], &safe, sizeof safe), sizeof safe);
	for (; wait_ms > 0; wait_ms--)
		wait_a_millisecond();
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &number, sizeof number) == sizeof number)
		safe = number;
	close(ends[0]);
	return safe;
}

static void a_killed_writer_loses_nothing_that_was_synced(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader = fixture_reader(f, start);
	uint32_t from = 0;
	unsigned i;

	for (i = 0; i < KILLS; i++) {
		uint32_t safe = run_and_kill(f, from, i);
		int64_t number, last = (int64_t)from - 1;

		/* From here on what the killed one left is followed by its successor. */
		seglog_close(fixture_open(f, 5000, 500));
		while ((number = read_number(reader)) >= 0) {
			assert_int_equal(number, last + 1);
			last = number;
		}
		assert_true(last >= safe);
		from = (uint32_t)last + 1;
	}
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
}

static void a_reader_survives_a_trimming_writer(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1000, 0);
	struct seglog_reader *reader = fixture_reader(f, start);
	int64_t number, last = -1;
	uint32_t i;

	for (i = 0; i < 5000; i++) {
		append_number(log, i, NULL);
		if (i % 100 == 99)
			assert_int_equal(seglog_trim(log, seglog_end(log)), 0);
		if (i % 7 != 0)
			continue;
		number = read_number(reader);
		if (number < 0)
			continue;
		assert_true(number > last);
		last = number;
	}
	while ((number = read_number(reader)) >= 0) {
		assert_true(number > last);
		last = number;
	}
	assert_int_equal(last, 4999);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

/* Two changes of a folder within one tick of the clock leave it with one time stamp. */
static void a_new_segment_shows_although_the_folders_stamp_stands_still(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader = fixture_reader(f, start);
	struct stat st;

	append_number(log, 0, NULL);
	expect_numbers(reader, 0, 1);
	expect_nothing(reader);
	assert_int_equal(stat(f->folder, &st), 0);
	seglog_roll(log);
	append_number(log, 1, NULL);
	assert_int_equal(
		utimensat(AT_FDCWD, f->folder, (struct timespec[]){st.st_atim, st.st_mtim}, 0), 0);
	expect_numbers(reader, 1, 2);
	seglog_reader_close(reader);
	seglog_close(log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_reader_follows_a_writer_in_another_process),
		TEST(a_killed_writer_loses_nothing_that_was_synced),
		TEST(a_reader_survives_a_trimming_writer),
		TEST(a_new_segment_shows_although_the_folders_stamp_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
