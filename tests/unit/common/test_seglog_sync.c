/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that refuses, and a writer that is quicker than the reader: the linker puts the functions
 * below in the place of the system's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/common/seglog_fixture.h"

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_ftruncate64(int fd, off_t length);
int __wrap_ftruncate64(int fd, off_t length);

int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_pread64(int fd, void *bytes, size_t length, off_t at);
ssize_t __wrap_pread64(int fd, void *bytes, size_t length, off_t at);

static int sync_fails_with, cut_fails_with, folder_sync_fails_with;
static unsigned syncs;
/* What the writer does when the reader has met the end of a file so many times more. */
static void (*meanwhile)(void *arg);
static void *meanwhile_arg;
static unsigned meanwhile_after;

int __wrap_fdatasync(int fd)
{
	syncs++;
	if (sync_fails_with == 0)
		return __real_fdatasync(fd);
	errno = sync_fails_with;
	return -1;
}

int __wrap_ftruncate64(int fd, off_t length)
{
	if (cut_fails_with == 0)
		return __real_ftruncate64(fd, length);
	errno = cut_fails_with;
	return -1;
}

int __wrap_fsync(int fd)
{
	if (folder_sync_fails_with == 0)
		return __real_fsync(fd);
	errno = folder_sync_fails_with;
	return -1;
}

ssize_t __wrap_pread64(int fd, void *bytes, size_t length, off_t at)
{
	ssize_t got = __real_pread64(fd, bytes, length, at);
	void (*now)(void *arg) = meanwhile;

	if (got == 0 && now && meanwhile_after-- == 0) {
		meanwhile = NULL;
		now(meanwhile_arg);
	}
	return got;
}

static const struct seglog_pos start = {0, 0};

static void sync_asks_the_disk_only_for_what_is_new(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);

	syncs = 0;
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(syncs, 0);
	append_numbers(log, 0, 100);
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(syncs, 1);
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(syncs, 1);
	seglog_close(log);
}

static void a_full_segment_is_synced_before_the_next_begins(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10 * NUMBER_RECORD_BYTES, 0);

	syncs = 0;
	append_numbers(log, 0, 11);
	assert_int_equal(syncs, 1);
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(syncs, 2);
	seglog_close(log);
}

static void open_syncs_what_a_killed_writer_left(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);

	append_number(log, 0, NULL);
	seglog_close(log);
	syncs = 0;
	seglog_close(fixture_open(f, 1 << 20, 0));
	assert_int_equal(syncs, 1);
}

static void a_failed_sync_is_final_for_its_segment(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader;

	append_numbers(log, 0, 5);
	assert_int_equal(seglog_sync(log), 0);
	append_numbers(log, 5, 8);
	sync_fails_with = EIO;
	assert_int_equal(seglog_sync(log), -EIO);
	sync_fails_with = 0;
	syncs = 0;
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(syncs, 0); /* not retried as if it had worked */
	assert_int_equal(fixture_file_bytes(f, 1), 5 * NUMBER_RECORD_BYTES);
	assert_int_equal(seglog_end(log).segment, 2);
	append_numbers(log, 5, 8);
	assert_int_equal(seglog_sync(log), 0);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 8);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_failed_sync_inside_a_roll_is_told_by_the_next_sync(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10 * NUMBER_RECORD_BYTES, 0);

	append_numbers(log, 0, 10);
	sync_fails_with = EIO;
	append_numbers(log, 10, 11); /* begins segment 2 */
	sync_fails_with = 0;
	assert_int_equal(seglog_sync(log), -EIO);
	assert_int_equal(seglog_sync(log), 0);
	append_number(log, 11, NULL);
	assert_int_equal(seglog_sync(log), 0);
	seglog_close(log);
}

static void a_reader_passes_a_segment_cut_behind_its_back(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader = fixture_reader(f, start);

	append_numbers(log, 0, 5);
	expect_numbers(reader, 0, 5);
	sync_fails_with = EIO;
	assert_int_equal(seglog_sync(log), -EIO);
	sync_fails_with = 0;
	expect_nothing(reader);
	append_numbers(log, 0, 6);
	expect_numbers(reader, 0, 6);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_cut_that_fails_too_does_not_stop_the_log(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader;

	append_numbers(log, 0, 5);
	sync_fails_with = EIO;
	cut_fails_with = EIO;
	assert_int_equal(seglog_sync(log), -EIO);
	sync_fails_with = 0;
	cut_fails_with = 0;
	append_numbers(log, 5, 8);
	assert_int_equal(seglog_sync(log), 0);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 8);
	assert_int_equal(seglog_end(log).segment, 2);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void open_fails_when_it_cannot_vouch_for_what_is_there(void **state)
{
	struct seglog_options options = {.segment_bytes = 1000};
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1000, 0);
	struct err err = {0};

	append_number(log, 0, NULL);
	seglog_close(log);
	sync_fails_with = EIO;
	assert_int_equal(seglog_open(f->folder, &options, &log, &err), -EIO);
	sync_fails_with = 0;
	assert_non_null(strstr(err.text, f->folder));
}

static void a_segment_whose_name_cannot_be_made_durable_is_not_begun(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	uint32_t number = 0;

	folder_sync_fails_with = EIO;
	assert_int_equal(seglog_append(log, &number, sizeof number, NULL), -EIO);
	folder_sync_fails_with = 0;
	assert_int_equal(seglog_segments(log), 0);
	append_number(log, 0, NULL);
	assert_int_equal(seglog_segments(log), 1);
	assert_int_equal(seglog_oldest(log).segment, 1);
	seglog_close(log);
}

#define LOOKS 20 /* more often than one call of the reader meets the end */

/* Reads all there is, expecting the numbers from `next` on. The number after the last one. */
static uint32_t follow(struct seglog_reader *reader, uint32_t next)
{
	int64_t number;

	while ((number = read_number(reader)) >= 0)
		assert_int_equal(number, next++);
	return next;
}

/* The same while the writer goes on, after `looks` of the reader. */
static uint32_t follow_while(struct seglog_reader *reader, uint32_t next, void (*what)(void *arg),
	void *arg, unsigned looks)
{
	meanwhile_arg = arg;
	meanwhile_after = looks;
	meanwhile = what;
	while (meanwhile)
		next = follow(reader, next);
	return follow(reader, next);
}

static void append_roll_append(void *arg)
{
	struct seglog *log = arg;
	uint32_t next = (uint32_t)(2 * seglog_end(log).segment - 1);

	append_number(log, next, NULL);
	seglog_roll(log);
	append_number(log, next + 1, NULL);
}

static void records_that_come_between_a_look_and_the_roll_are_read(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader = fixture_reader(f, start);
	uint32_t looks, next = 0;

	append_number(log, 0, NULL);
	for (looks = 0; looks < LOOKS; looks++) {
		next = follow_while(reader, next, append_roll_append, log, looks);
		assert_int_equal(next, 2 * looks + 3);
	}
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

/* The second half of a write that the reader sees in two halves. */
struct half {
	struct fixture *f;
	const uint8_t *bytes;
	size_t length;
};

static void write_half(void *arg)
{
	struct half *half = arg;

	fixture_append_segment(half->f, 1, half->bytes, half->length);
}

static void a_record_finished_while_the_reader_looks_is_no_damage(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	size_t length, cut;
	uint8_t *bytes;
	unsigned looks;

	append_numbers(log, 0, 4);
	seglog_close(log);
	bytes = fixture_read_segment(f, 1, &length);
	for (cut = NUMBER_RECORD_BYTES; cut < 2 * NUMBER_RECORD_BYTES; cut++) {
		for (looks = 0; looks < LOOKS; looks++) {
			struct half half = {f, bytes + cut, length - cut};
			struct seglog_reader *reader = fixture_reader(f, start);

			fixture_write_segment(f, 1, bytes, cut);
			assert_int_equal(follow_while(reader, 0, write_half, &half, looks), 4);
			assert_int_equal(seglog_reader_damaged(reader), 0);
			seglog_reader_close(reader);
		}
	}
	free(bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(sync_asks_the_disk_only_for_what_is_new),
		TEST(a_full_segment_is_synced_before_the_next_begins),
		TEST(open_syncs_what_a_killed_writer_left),
		TEST(a_failed_sync_is_final_for_its_segment),
		TEST(a_failed_sync_inside_a_roll_is_told_by_the_next_sync),
		TEST(a_reader_passes_a_segment_cut_behind_its_back),
		TEST(a_cut_that_fails_too_does_not_stop_the_log),
		TEST(open_fails_when_it_cannot_vouch_for_what_is_there),
		TEST(a_segment_whose_name_cannot_be_made_durable_is_not_begun),
		TEST(records_that_come_between_a_look_and_the_roll_are_read),
		TEST(a_record_finished_while_the_reader_looks_is_no_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
