/* SPDX-License-Identifier: Apache-2.0 */
/* What crashes and bad disks leave behind: every torn tail, every flipped byte. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "tests/unit/common/seglog_fixture.h"

#define RECORDS 8

static const struct seglog_pos start = {0, 0};

/* A folder with one closed segment of RECORDS numbers; the caller frees its bytes. */
static uint8_t *sound_segment(struct fixture *f, size_t *ret_length)
{
	struct seglog *log = fixture_open(f, 1 << 20, 0);

	append_numbers(log, 0, RECORDS);
	seglog_close(log);
	return fixture_read_segment(f, 1, ret_length);
}

static void a_torn_tail_of_any_length_is_cut_at_open(void **state)
{
	struct fixture *f = *state;
	size_t length, torn;
	uint8_t *bytes = sound_segment(f, &length);

	for (torn = 1; torn <= NUMBER_RECORD_BYTES; torn++) {
		struct seglog_reader *reader;
		struct seglog *log;

		fixture_write_segment(f, 1, bytes, length - torn);
		log = fixture_open(f, 1 << 20, 0);
		assert_int_equal(fixture_file_bytes(f, 1), length - NUMBER_RECORD_BYTES);
		append_number(log, 100, NULL);
		reader = fixture_reader(f, start);
		expect_numbers(reader, 0, RECORDS - 1);
		expect_numbers(reader, 100, 101);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 0);
		seglog_reader_close(reader);
		assert_int_equal(seglog_drop_oldest(log), 0);
		assert_int_equal(seglog_drop_oldest(log), 0);
		seglog_close(log);
	}
	free(bytes);
}

static void a_segment_is_counted_from_its_end_whatever_is_damaged(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 1 << 16);
	uint64_t records = 77;
	size_t length;
	uint8_t *bytes;

	assert_int_equal(seglog_count(f->folder, 1, &records), -ENOENT);
	assert_int_equal(records, 77);
	append_numbers(log, 0, 20000); /* half a megabyte: much more than is read */
	seglog_close(log);
	assert_int_equal(seglog_count(f->folder, 1, &records), 0);
	assert_int_equal(records, 20000);
	bytes = fixture_read_segment(f, 1, &length);
	memset(bytes + length - NUMBER_RECORD_BYTES, 0, NUMBER_RECORD_BYTES);
	fixture_write_segment(f, 1, bytes, length);
	assert_int_equal(seglog_count(f->folder, 1, &records), 0);
	assert_int_equal(records, 19999);
	memset(bytes + NUMBER_RECORD_BYTES, 0, length - NUMBER_RECORD_BYTES);
	fixture_write_segment(f, 1, bytes, length);
	assert_int_equal(seglog_count(f->folder, 1, &records), 0);
	assert_int_equal(records, 1);
	fixture_write_segment(f, 1, bytes, 0);
	assert_int_equal(seglog_count(f->folder, 1, &records), 0);
	assert_int_equal(records, 0);
	free(bytes);
}

static void a_torn_tail_is_not_yet_until_a_newer_segment_exists(void **state)
{
	struct fixture *f = *state;
	size_t length, torn;
	uint8_t *bytes = sound_segment(f, &length);

	for (torn = 1; torn < NUMBER_RECORD_BYTES; torn++) {
		struct seglog_reader *reader;
		char second[96];

		fixture_write_segment(f, 1, bytes, length - torn);
		reader = fixture_reader(f, start);
		expect_numbers(reader, 0, RECORDS - 1);
		expect_nothing(reader);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 0);
		fixture_write_segment(f, 2, "", 0);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 1);
		seglog_reader_close(reader);
		fixture_path(f, 2, second);
		assert_int_equal(unlink(second), 0);
	}
	free(bytes);
}

static void a_half_written_record_shows_once_it_is_whole(void **state)
{
	struct fixture *f = *state;
	size_t length, torn;
	uint8_t *bytes = sound_segment(f, &length);

	for (torn = 1; torn < NUMBER_RECORD_BYTES; torn++) {
		struct seglog_reader *reader;

		fixture_write_segment(f, 1, bytes, length - torn);
		reader = fixture_reader(f, start);
		expect_numbers(reader, 0, RECORDS - 1);
		expect_nothing(reader);
		fixture_write_segment(f, 1, bytes, length);
		expect_numbers(reader, RECORDS - 1, RECORDS);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 0);
		seglog_reader_close(reader);
	}
	free(bytes);
}

/* A full disk: the writer cuts its half-written record and writes another one in its place. */
static void a_record_written_over_a_cut_one_is_no_damage(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	uint8_t half[NUMBER_RECORD_BYTES] = {0}, *bytes;
	size_t length, torn;

	append_numbers(log, 0, RECORDS);
	append_number(log, RECORDS, NULL);
	seglog_close(log);
	bytes = fixture_read_segment(f, 1, &length);
	seglog_header_write(half, 1, RECORDS - 1, "half", 4);
	for (torn = 1; torn < NUMBER_RECORD_BYTES; torn++) {
		struct seglog_reader *reader = fixture_reader(f, start);
		unsigned seen = torn % 2 ? RECORDS - 1 : 1;
		unsigned all = torn % 4 < 2 ? RECORDS : RECORDS + 1;

		fixture_write_segment(f, 1, bytes, (RECORDS - 1) * NUMBER_RECORD_BYTES);
		fixture_append_segment(f, 1, half, sizeof half - torn);
		/* Whether it looked at the half one or not, the reader has it in memory. */
		expect_numbers(reader, 0, seen);
		if (seen == RECORDS - 1)
			expect_nothing(reader);
		fixture_write_segment(f, 1, bytes, all * NUMBER_RECORD_BYTES);
		expect_numbers(reader, seen, all);
		expect_nothing(reader);
		assert_int_equal(seglog_reader_damaged(reader), 0);
		seglog_reader_close(reader);
	}
	free(bytes);
}

/* Reads all and checks that exactly number `missing` is not there. */
static void expect_one_missing(struct fixture *f, uint32_t missing)
{
	struct seglog_reader *reader = fixture_reader(f, start);

	expect_numbers(reader, 0, missing);
	expect_numbers(reader, missing + 1, RECORDS + 1);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 1);
	seglog_reader_close(reader);
}

static void a_flipped_byte_anywhere_loses_one_record(void **state)
{
	struct fixture *f = *state;
	struct seglog *log;
	size_t length, i;
	uint8_t *bytes = sound_segment(f, &length);
	static const uint8_t masks[] = {0x01, 0x80, 0xff};
	unsigned m;

	log = fixture_open(f, 1 << 20, 0); /* a second segment makes the first one sealed */
	append_number(log, RECORDS, NULL);
	for (i = 0; i < length; i++) {
		for (m = 0; m < sizeof masks; m++) {
			bytes[i] ^= masks[m];
			fixture_write_segment(f, 1, bytes, length);
			expect_one_missing(f, (uint32_t)(i / NUMBER_RECORD_BYTES));
			bytes[i] ^= masks[m];
		}
	}
	seglog_close(log);
	free(bytes);
}

static void damage_in_the_middle_is_passed_while_the_segment_grows(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader;
	size_t length;
	uint8_t *bytes = sound_segment(f, &length);

	bytes[3 * NUMBER_RECORD_BYTES + 4] ^= 0x40; /* the length of record 3 */
	fixture_write_segment(f, 1, bytes, length);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 3);
	expect_numbers(reader, 4, RECORDS);
	expect_nothing(reader);
	assert_int_equal(seglog_reader_damaged(reader), 1);
	seglog_reader_close(reader);
	free(bytes);
}

static void damage_before_the_wanted_place_is_not_counted_again(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader;
	size_t length;
	uint8_t *bytes = sound_segment(f, &length);

	memset(bytes + 2 * NUMBER_RECORD_BYTES, 0, NUMBER_RECORD_BYTES);
	fixture_write_segment(f, 1, bytes, length);
	reader = fixture_reader(f, (struct seglog_pos){1, 3});
	expect_numbers(reader, 3, RECORDS);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	free(bytes);
}

static void a_recycled_segment_shows_nothing_stale(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader;
	size_t length;
	uint8_t *bytes = sound_segment(f, &length);

	/* The blocks of segment 1 found again under segment 2, as after a bad crash. */
	fixture_write_segment(f, 2, bytes, length);
	reader = fixture_reader(f, (struct seglog_pos){2, 0});
	expect_nothing(reader);
	seglog_reader_close(reader);
	free(bytes);
}

static void zeros_behind_the_last_record_are_a_torn_tail(void **state)
{
	struct fixture *f = *state;
	struct seglog_reader *reader;
	struct seglog *log;
	size_t length;
	uint8_t *bytes = sound_segment(f, &length);
	uint8_t *longer = calloc(1, length + 8192);

	assert_non_null(longer);
	memcpy(longer, bytes, length);
	fixture_write_segment(f, 1, longer, length + 8192);
	log = fixture_open(f, 1 << 20, 0);
	assert_int_equal(fixture_file_bytes(f, 1), length);
	append_number(log, RECORDS, NULL);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, RECORDS + 1);
	assert_int_equal(seglog_reader_damaged(reader), 0);
	seglog_reader_close(reader);
	seglog_close(log);
	free(longer);
	free(bytes);
}

/* A record whose payload imitates a record far ahead, laid bare by damage before it. */
static void an_imitation_in_a_payload_cannot_skip_ahead(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	uint8_t imitation[NUMBER_RECORD_BYTES] = {0};
	struct seglog_reader *reader;
	size_t length;
	uint8_t *bytes;

	append_number(log, 0, NULL);
	seglog_header_write(imitation, 1, 1000, imitation + SEGLOG_HEADER_BYTES, 4);
	assert_int_equal(seglog_append(log, imitation, sizeof imitation, NULL), 0);
	append_numbers(log, 2, 5);
	seglog_close(log);
	bytes = fixture_read_segment(f, 1, &length);
	bytes[NUMBER_RECORD_BYTES] ^= 1; /* the magic of record 1 */
	fixture_write_segment(f, 1, bytes, length);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 1);
	expect_numbers(reader, 2, 5);
	expect_nothing(reader);
	seglog_reader_close(reader);
	free(bytes);
}

static void damage_over_many_windows_is_passed(void **state)
{
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	static uint8_t filler[100000];
	struct seglog_reader *reader;
	size_t length;
	uint8_t *bytes;
	int i;

	append_number(log, 0, NULL);
	for (i = 0; i < 3; i++)
		assert_int_equal(seglog_append(log, filler, sizeof filler, NULL), 0);
	append_number(log, 4, NULL);
	seglog_close(log);
	bytes = fixture_read_segment(f, 1, &length);
	memset(bytes + NUMBER_RECORD_BYTES, 0xd5, length - 2 * NUMBER_RECORD_BYTES);
	fixture_write_segment(f, 1, bytes, length);
	reader = fixture_reader(f, start);
	expect_numbers(reader, 0, 1);
	expect_numbers(reader, 4, 5);
	assert_int_equal(seglog_reader_damaged(reader), 1);
	seglog_reader_close(reader);
	free(bytes);
}

static void other_files_in_the_folder_are_left_alone(void **state)
{
	static const char *const names[] = {"ledger.cursor", "1.seg", "0000000000000000.seg",
		"000000000000000A.seg", "0000000000000002.seg.bak"};
	struct fixture *f = *state;
	struct seglog *log = fixture_open(f, 1 << 20, 0);
	unsigned i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[128];

		assert_int_equal(file_join(path, sizeof path, f->folder, names[i]), 0);
		assert_int_equal(file_replace(path, "x", 1, 0600, NULL), 0);
	}
	seglog_close(log);
	log = fixture_open(f, 1 << 20, 0);
	assert_int_equal(seglog_segments(log), 0);
	assert_int_equal(seglog_end(log).segment, 1);
	seglog_close(log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_torn_tail_of_any_length_is_cut_at_open),
		TEST(a_segment_is_counted_from_its_end_whatever_is_damaged),
		TEST(a_torn_tail_is_not_yet_until_a_newer_segment_exists),
		TEST(a_half_written_record_shows_once_it_is_whole),
		TEST(a_record_written_over_a_cut_one_is_no_damage),
		TEST(a_flipped_byte_anywhere_loses_one_record),
		TEST(damage_in_the_middle_is_passed_while_the_segment_grows),
		TEST(damage_before_the_wanted_place_is_not_counted_again),
		TEST(a_recycled_segment_shows_nothing_stale),
		TEST(zeros_behind_the_last_record_are_a_torn_tail),
		TEST(an_imitation_in_a_payload_cannot_skip_ahead),
		TEST(damage_over_many_windows_is_passed),
		TEST(other_files_in_the_folder_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
