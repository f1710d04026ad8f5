/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/journal.h"
#include "common/file.h"
#include "tests/unit/ingest/disk.h"
#include "tests/unit/ingest/started.h"

#define SEGMENT_BYTES 2000 /* some twenty records of disk_fill() */

static const struct journal_options options = {.segment_bytes = SEGMENT_BYTES};

static struct disk disk;

static int make_disk(void **state)
{
	disk_init(&disk);
	return 0;
}

static int remove_disk(void **state)
{
	disk_done(&disk);
	return 0;
}

static struct journal *open_with(const struct journal_options *with)
{
	struct journal *journal;
	struct err err;

	assert_int_equal(journal_open(disk.state, with, &journal, &err), 0);
	return journal;
}

#define FULL_BYTES 65536
#define STEP_SHORT 127 /* bytes from one flip to the next; every byte with PANTAU_LONG */

/* How many of 1 to `last` a start finds, with what it says of the damage. */
static uint32_t found(const struct journal_options *with, uint32_t last, uint64_t *ret_damaged)
{
	struct journal *journal = open_with(with);
	struct started start;
	struct progress *progress = started_read(journal, &start);
	uint32_t count = 0;

	for (uint32_t n = 1; n <= last; n++)
		count += progress_contains(progress, &(struct progress_run){7, 1, 5}, n);
	*ret_damaged = start.damaged;
	progress_free(progress);
	journal_close(journal);
	return count;
}

static void every_byte_of_a_segment_flipped_in_turn_costs_one_record(void **state)
{
	static const char name[] = JOURNAL_FOLDER "/0000000000000001.seg";
	const struct journal_options full = {.segment_bytes = FULL_BYTES};
	size_t length, step = getenv("PANTAU_LONG") ? 1 : STEP_SHORT;
	struct journal *journal = open_with(&full);
	char path[DISK_PATH + 64];
	uint64_t damaged;
	uint32_t last = 0;
	uint8_t *bytes;
	struct err err;

	while (journal_stats(journal).end.segment < 2) {
		started_write(journal, last + 1, last + 50, 0);
		last += 50;
	}
	journal_close(journal);
	snprintf(path, sizeof(path), "%s/%s", disk.state, name);
	assert_int_equal(file_read(path, 2 * FULL_BYTES, &bytes, &length, &err), 0);
	assert_true(length > FULL_BYTES - 8192);
	assert_int_equal(found(&full, last, &damaged), last);
	assert_int_equal(damaged, 0);
	for (size_t i = 0; i < length; i += step) {
		bytes[i] ^= 0xff;
		disk_write(&disk, name, bytes, length);
		if (found(&full, last, &damaged) != last - 1 || damaged != 1)
			fail_msg("byte %zu: other than one record is lost, or not counted", i);
		bytes[i] ^= 0xff;
	}
	free(bytes);
}

static void what_is_written_while_a_start_reads_is_no_part_of_it(void **state)
{
	struct journal *journal = open_with(&options);
	struct progress_run run = {7, 1, 5};
	struct journal_start start;
	struct progress *progress;
	struct replay *replay;
	struct err err;

	started_write(journal, 1, 3 * REPLAY_PIECE_RECORDS, 0);
	journal_close(journal);
	journal = open_with(&options);
	assert_int_equal(journal_load(journal, &progress, &start, &err), 0);
	assert_int_equal(journal_replay(journal, &start, &replay, &err), 0);
	assert_int_equal(replay_read(replay), 1);
	assert_int_equal(replay_read(replay), 1); /* the same piece, until it is merged */
	assert_int_equal(progress_up_to(progress, &run, 1), 0);
	assert_int_equal(replay_merge(replay, progress), 0);
	assert_int_equal(progress_up_to(progress, &run, 1), REPLAY_PIECE_RECORDS);
	started_write(journal, 20000, 30000, 0);
	while (replay_read(replay) == 1)
		replay_merge(replay, progress);
	assert_int_equal(replay_records(replay), 3 * REPLAY_PIECE_RECORDS);
	assert_int_equal(progress_up_to(progress, &run, 1), 3 * REPLAY_PIECE_RECORDS);
	assert_false(progress_contains(progress, &run, 20000));
	replay_free(replay);
	progress_free(progress);
	journal_close(journal);
}

#define ON_DISK(name) cmocka_unit_test_setup_teardown(name, make_disk, remove_disk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(what_is_written_while_a_start_reads_is_no_part_of_it),
		ON_DISK(every_byte_of_a_segment_flipped_in_turn_costs_one_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
