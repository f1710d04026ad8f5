/* SPDX-License-Identifier: Apache-2.0 */
/* The log as one process sees it: what goes in comes out, in order, across rolls and restarts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>

#include "tests/unit/common/seglog_fixture.h"

static const struct seglog_pos start = {0, 0};

static void reads_back_what_was_appended(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader;

	append_numbers(log, 0, 1000);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 1000);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void keeps_empty_and_longest_records(void **state)
{
	static uint8_t longest[SEGLOG_RECORD_MAX + 1];
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader = fixture_reader(f, start);
	struct seglog_pos after;
	const uint8_t *bytes;
	size_t length;

	memset(longest, 0xd5, sizeof longest);
	assert_int_equal(seglog_append(log, longest, sizeof longest, NULL), -EMSGSIZE);
	assert_int_equal(seglog_append(log, NULL, 0, NULL), 0);
	assert_int_equal(seglog_append(log, longest, SEGLOG_RECORD_MAX, NULL), 0);
	assert_int_equal(seglog_append(log, "x", 1, NULL), 0);
	assert_int_equal(seglog_read(reader, &bytes, &length, &after), 1);
	assert_int_equal(length, 0);
	assert_int_equal(seglog_read(reader, &bytes, &length, &after), 1);
	assert_int_equal(length, SEGLOG_RECORD_MAX);
	assert_memory_equal(bytes, longest, length);
	assert_int_equal(seglog_read(reader, &bytes, &length, &after), 1);
	assert_int_equal(length, 1);
	expect_nothing(reader);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void rolls_when_a_segment_is_full(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1000, 0);
	struct seglog_reader *reader = fixture_reader(f, start);

	append_numbers(log, 0, 200);
	assert_true(seglog_segments(log) > 4);
	assert_int_equal(seglog_oldest(log).segment, 1);
	assert_int_equal(seglog_end(log).segment, seglog_segments(log));
	assert_int_equal(seglog_bytes(log), 200 * NUMBER_RECORD_BYTES);
	expect_numbers(reader, 0, 200);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_record_longer_than_a_segment_has_its_own(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10, 0);
	struct seglog_reader *reader = fixture_reader(f, start);

	append_numbers(log, 0, 3);
	assert_int_equal(seglog_segments(log), 3);
	expect_numbers(reader, 0, 3);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void every_place_can_be_resumed_from(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 300, 0);
	struct seglog_pos after[20];
	uint32_t i;

	for (i = 0; i < 20; i++)
		append_number(log, i, &after[i]);
	for (i = 0; i < 20; i++) {
		struct seglog_reader *reader = fixture_reader(f, after[i]);

		expect_numbers(reader, i + 1, 20);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 0);
		seglog_reader_close(reader);
	}
	seglog_close(log);
}

static void a_reader_follows_the_writer(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader = fixture_reader(f, start); /* before the folder exists */
	struct seglog *log;
	uint32_t i;

	expect_nothing(reader);
	log = fixture_open(f, 300, 0);
	expect_nothing(reader);
	for (i = 0; i < 100; i++) {
		append_number(log, i, NULL);
		expect_numbers(reader, i, i + 1);
		expect_nothing(reader);
	}
	seglog_reader_close(reader);
	seglog_close(log);
}

static void buffered_records_show_after_sync_in_order(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1000, 64 * 1024);
	struct seglog_reader *reader = fixture_reader(f, start);
	struct seglog_pos end;

	append_numbers(log, 0, 10);
	end = seglog_end(log);
	expect_nothing(reader);
	assert_int_equal(seglog_bytes(log), 10 * NUMBER_RECORD_BYTES);
	assert_int_equal(seglog_sync(log), 0);
	assert_int_equal(seglog_pos_compare(end, seglog_end(log)), 0);
	expect_numbers(reader, 0, 10);
	append_numbers(log, 10, 500);
	seglog_close(log);
	expect_numbers(reader, 10, 500);
	expect_nothing(reader);
	seglog_reader_close(reader);
}

static void a_full_buffer_is_written(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 10 * NUMBER_RECORD_BYTES);
	struct seglog_reader *reader = fixture_reader(f, start);

	append_numbers(log, 0, 25);
	expect_numbers(reader, 0, 20);
	expect_nothing(reader);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_place_is_never_used_twice(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_pos before;

	append_numbers(log, 0, 5);
	before = seglog_end(log);
	seglog_close(log);
	log = fixture_open(f, 1 << 20, 0);
	assert_true(seglog_pos_compare(seglog_end(log), before) > 0);
	assert_int_equal(seglog_end(log).record, 0);
	append_numbers(log, 5, 6);
	assert_true(seglog_end(log).segment > before.segment);
	seglog_close(log);
}

static void a_second_writer_is_refused(void **state)
{
	struct seglog_options options = {.segment_bytes = 1000};
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1000, 0), *second = NULL;
	struct err err = {0};

	assert_int_equal(seglog_open(f->folder, &options, &second, &err), -EBUSY);
	assert_null(second);
	assert_non_null(strstr(err.text, "another process writes this log"));
	seglog_close(log);
	seglog_close(fixture_open(f, 1000, 0));
}

static void trim_deletes_only_what_lies_before(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10 * NUMBER_RECORD_BYTES, 0);
	struct seglog_reader *reader;

	append_numbers(log, 0, 35); /* segments of 10, 10, 10, 5 */
	assert_int_equal(seglog_trim(log, (struct seglog_pos){1, 9}), 0);
	assert_int_equal(seglog_segments(log), 4);
	assert_int_equal(seglog_trim(log, (struct seglog_pos){1, 10}), 0);
	assert_int_equal(seglog_segments(log), 3);
	assert_int_equal(seglog_trim(log, (struct seglog_pos){3, 0}), 0);
	assert_int_equal(seglog_oldest(log).segment, 3);
	assert_int_equal(seglog_trim(log, seglog_end(log)), 0);
	assert_int_equal(seglog_segments(log), 1); /* never the one being written */
	reader = fixture_reader(f, start);
	expect_numbers(reader, 30, 35);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_restarted_log_trims_what_was_read_to_its_end(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_pos end;

	append_number(log, 0, &end);
	seglog_close(log);
	log = fixture_open(f, 1 << 20, 0);
	assert_int_equal(seglog_trim(log, end), 0);
	assert_int_equal(seglog_segments(log), 0);
	assert_int_equal(seglog_bytes(log), 0);
	seglog_close(log);
}

static void a_reader_finishes_a_trimmed_segment_it_holds(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10 * NUMBER_RECORD_BYTES, 0);
	struct seglog_reader *reader = fixture_reader(f, start);

	append_numbers(log, 0, 35);
	expect_numbers(reader, 0, 1);
	assert_int_equal(seglog_trim(log, (struct seglog_pos){4, 0}), 0);
	expect_numbers(reader, 1, 10);
	expect_numbers(reader, 30, 35); /* the trimmed ones between are passed over */
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void drop_oldest_drops_the_one_being_written_too(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 10 * NUMBER_RECORD_BYTES, 0);
	struct seglog_reader *reader = fixture_reader(f, start);

	assert_int_equal(seglog_drop_oldest(log), -ENOENT);
	append_numbers(log, 0, 15);
	assert_int_equal(seglog_drop_oldest(log), 0);
	assert_int_equal(seglog_segments(log), 1);
	assert_int_equal(seglog_drop_oldest(log), 0);
	assert_int_equal(seglog_segments(log), 0);
	assert_int_equal(seglog_bytes(log), 0);
	append_numbers(log, 15, 20);
	expect_numbers(reader, 15, 20);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void refuses_a_segment_size_of_nothing(void **state)
{
	struct seglog_options options = {.segment_bytes = 0};
	struct fixture *f = *state;
	struct seglog *log = NULL;
	struct err err = {0};

	assert_int_equal(seglog_open(f->folder, &options, &log, &err), -EINVAL);
	assert_null(log);
}

/* A full disk, played by the limit on a file's size: the write stops in the middle of a record. */
static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_costs_only_the_record_that_did_not_fit(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	struct seglog_reader *reader = fixture_reader(f, start);
	uint32_t number = 3;
	int r;

	append_numbers(log, 0, 3);
	limit_file_size(4 * NUMBER_RECORD_BYTES - 5);
	r = seglog_append(log, &number, sizeof number, NULL);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(r, -EFBIG);
	assert_int_equal(seglog_bytes(log), 3 * NUMBER_RECORD_BYTES);
	assert_int_equal(fixture_file_bytes(f, 1), 3 * NUMBER_RECORD_BYTES);
	expect_numbers(reader, 0, 3);
	expect_nothing(reader);
	append_numbers(log, 3, 6);
	expect_numbers(reader, 3, 6);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	assert_int_equal(seglog_sync(log), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void a_full_disk_under_a_buffer_fails_the_sync_once(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 1 << 16);
	struct seglog_reader *reader = fixture_reader(f, start);
	int r;

	append_numbers(log, 0, 10);
	limit_file_size(4 * NUMBER_RECORD_BYTES - 5);
	r = seglog_sync(log);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(r, -EFBIG);
	expect_numbers(reader, 0, 3); /* whole records that were written may be seen */
	expect_nothing(reader);
	assert_int_equal(seglog_end(log).record, 3);
	append_numbers(log, 3, 10);
	assert_int_equal(seglog_sync(log), 0);
	expect_numbers(reader, 3, 10);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
}

static void losing_records_accepted_before_fails_the_next_sync(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 4 * NUMBER_RECORD_BYTES);
	uint32_t number = 3;
	int r;

	append_numbers(log, 0, 3); /* accepted, waiting in memory */
	limit_file_size(NUMBER_RECORD_BYTES + 5);
	r = seglog_append(log, &number, sizeof number, NULL);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(r, -EFBIG);
	assert_int_equal(seglog_sync(log), -EFBIG);
	assert_int_equal(seglog_sync(log), 0);
	seglog_close(log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(reads_back_what_was_appended),
		TEST(keeps_empty_and_longest_records),
		TEST(rolls_when_a_segment_is_full),
		TEST(a_record_longer_than_a_segment_has_its_own),
		TEST(every_place_can_be_resumed_from),
		TEST(a_reader_follows_the_writer),
		TEST(buffered_records_show_after_sync_in_order),
		TEST(a_full_buffer_is_written),
		TEST(a_place_is_never_used_twice),
		TEST(a_second_writer_is_refused),
		TEST(trim_deletes_only_what_lies_before),
		TEST(a_restarted_log_trims_what_was_read_to_its_end),
		TEST(a_reader_finishes_a_trimmed_segment_it_holds),
		TEST(drop_oldest_drops_the_one_being_written_too),
		TEST(refuses_a_segment_size_of_nothing),
		TEST(a_full_disk_costs_only_the_record_that_did_not_fit),
		TEST(a_full_disk_under_a_buffer_fails_the_sync_once),
		TEST(losing_records_accepted_before_fails_the_next_sync),
	};

	signal(SIGXFSZ, SIG_IGN); /* so that a write over the limit returns an error */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
