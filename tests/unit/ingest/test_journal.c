/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
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
#include "proto/codec.h"
#include "tests/unit/ingest/disk.h"
#include "tests/unit/ingest/started.h"

#define HOUR_US INT64_C(3600000000)
#define SEGMENT_BYTES 2000 /* some twenty records of disk_fill() */

static const struct journal_options options = {
	.segment_bytes = SEGMENT_BYTES, .keep_us = 48 * HOUR_US};

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

/* What a start would claim of agent 7 from `first` on. */
static uint32_t claimed(uint32_t first, struct started *ret)
{
	struct progress_run run = {7, 1, 5};
	struct journal *journal = open_with(&options);
	struct progress *progress = started_read(journal, ret);
	uint32_t up_to;

	up_to = progress_up_to(progress, &run, first);
	progress_free(progress);
	journal_close(journal);
	return up_to;
}

static void what_was_written_is_claimed_by_the_next_start(void **state)
{
	struct journal *journal = open_with(&options);
	struct journal_stats stats;
	struct started start;

	started_write(journal, 1, 100, 0);
	stats = journal_stats(journal);
	assert_int_equal(stats.behind, 100);
	assert_true(stats.segments > 3 && stats.free_bytes > 0);
	journal_close(journal);
	assert_int_equal(claimed(1, &start), 100);
	assert_true(start.records == 100 && start.damaged == 0);
}

static void gap_records_claim_their_whole_range(void **state)
{
	struct record gap = {.kind = RECORD_DROPPED,
		.dropped = {.last = 30, .records = 30, .from_us = 1, .to_us = 2}};
	struct batch_entry entry = {.agent = 7, .key = {1, 1}, .last = 30};
	struct journal_record record = {.agent = 7, .nonce = 5, .key = {1, 1}};
	struct journal *journal = open_with(&options);
	struct started start;
	struct batch batch;
	struct buf bytes;
	struct err err;

	buf_init(&bytes, RECORD_MAX);
	assert_int_equal(codec_record_encode(&gap, &bytes), 0);
	record.record = buf_peek(&bytes);
	record.record_length = buf_length(&bytes);
	batch_init(&batch);
	assert_int_equal(batch_add(&batch, &entry, &record), 0);
	assert_int_equal(journal_write(journal, &batch, &err), 0);
	batch_done(&batch);
	buf_done(&bytes);
	journal_close(journal);
	assert_int_equal(claimed(1, &start), 30);
}

static void damaged_records_are_not_claimed(void **state)
{
	struct journal *journal = open_with(&options);
	struct started start;

	started_write(journal, 1, 100, 0);
	journal_close(journal);
	disk_damage(&disk, JOURNAL_FOLDER "/0000000000000002.seg");
	assert_in_range(claimed(1, &start), 10, 60);
	assert_int_equal(claimed(80, &start), 100);
	assert_int_equal(start.damaged, 1);
}

/* Writes a snapshot that claims 1 .. 1000 at the place. */
static void write_snapshot(struct seglog_pos pos)
{
	struct progress_run run = {7, 1, 5};
	struct progress *progress;
	struct buf bytes;

	assert_int_equal(progress_new(&progress), 0);
	assert_int_equal(progress_add(progress, &run, 1, 1000), 0);
	buf_init(&bytes, PROGRESS_SNAPSHOT_MAX);
	assert_int_equal(progress_encode(progress, pos, &bytes), 0);
	disk_write(&disk, JOURNAL_MARKS, buf_peek(&bytes), buf_length(&bytes));
	buf_done(&bytes);
	progress_free(progress);
}

static void snapshot_is_used_only_below_the_ledgers_place(void **state)
{
	struct journal *journal = open_with(&options);
	struct seglog_pos end;
	struct started start;

	started_write(journal, 1, 100, 0);
	end = journal_stats(journal).end;
	journal_close(journal);
	write_snapshot(end);
	assert_int_equal(claimed(1, &start), 100); /* no cursor: the ledger has read nothing */
	assert_int_equal(start.start.from.segment, 0);
	disk_set_cursor(&disk, (struct seglog_pos){end.segment, end.record - 1});
	assert_int_equal(claimed(1, &start), 100);
	disk_set_cursor(&disk, end);
	assert_int_equal(claimed(1, &start), 1000);
	assert_int_equal(start.records, 0);
	disk_damage(&disk, JOURNAL_MARKS);
	assert_int_equal(claimed(1, &start), 100);
	assert_true(start.start.snapshot_damaged);
}

static void a_start_counts_what_the_ledger_has_not_read(void **state)
{
	struct journal *journal = open_with(&options);
	struct seglog_pos end;

	started_write(journal, 1, 100, 0);
	end = journal_stats(journal).end;
	journal_close(journal);
	disk_set_cursor(&disk, (struct seglog_pos){2, 1});
	journal = open_with(&options);
	assert_true(journal_stats(journal).behind > 50 && journal_stats(journal).behind < 99);
	started_write(journal, 101, 110, 0);
	/* a ledger that was lost reads from the beginning again */
	journal_set_cursor(journal, (struct seglog_pos){0, 0});
	assert_int_equal(journal_stats(journal).behind, 110);
	journal_set_cursor(journal, end);
	assert_int_equal(journal_stats(journal).behind, 10);
	journal_set_cursor(journal, (struct seglog_pos){1, 5});
	assert_int_equal(journal_stats(journal).behind, 105);
	journal_close(journal);
}

static void reserve_is_kept_for_others(void **state)
{
	struct journal_options greedy = options;
	struct journal *journal;
	struct batch batch;
	struct err err;

	batch_init(&batch);
	greedy.reserve_bytes = UINT64_C(1) << 60;
	journal = open_with(&greedy);
	disk_fill(&batch, 7, 1, 0);
	assert_int_equal(journal_write(journal, &batch, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "kept in reserve"));
	assert_int_equal(journal_stats(journal).bytes, 0);
	journal_close(journal);
	greedy.reserve_bytes = 0;
	greedy.reserve_inodes = UINT64_MAX - 1;
	journal = open_with(&greedy);
	if (journal_check_space(journal, 0, &err) < 0) /* some file systems count no inodes */
		assert_non_null(strstr(err.text, "inodes free"));
	else
		assert_true(journal_stats(journal).free_inodes == UINT64_MAX);
	batch_done(&batch);
	journal_close(journal);
}

static void trim_needs_both_the_ledger_and_time(void **state)
{
	struct journal *journal = open_with(&options);
	int64_t now_us = 1000 * HOUR_US;
	struct seglog_pos oldest, end;

	started_write(journal, 1, 100, now_us - 100 * HOUR_US);
	started_write(journal, 101, 200, now_us - 10 * HOUR_US);
	oldest = journal_stats(journal).oldest;
	end = journal_stats(journal).end;

	assert_int_equal(journal_trim(journal, now_us), 0); /* the ledger has read nothing */
	assert_int_equal(journal_stats(journal).oldest.segment, oldest.segment);
	journal_set_cursor(journal, (struct seglog_pos){3, 1});
	assert_int_equal(
		journal_stats(journal).behind, 200 - (200 - journal_stats(journal).behind));
	assert_int_equal(journal_trim(journal, now_us), 0);
	assert_int_equal(journal_stats(journal).oldest.segment, 3);
	journal_set_cursor(journal, end);
	assert_int_equal(journal_stats(journal).behind, 0);
	assert_int_equal(journal_trim(journal, now_us), 0);
	oldest = journal_stats(journal).oldest;
	assert_in_range(oldest.segment, 4, end.segment - 2); /* what came 10 h ago is there */
	assert_int_equal(journal_trim(journal, now_us + 50 * HOUR_US), 0);
	assert_true(journal_stats(journal).oldest.segment > oldest.segment);
	assert_true(journal_stats(journal).segments >= 1); /* the numbering goes on */
	journal_close(journal);
}

static void at_its_cap_it_takes_nothing_and_drops_nothing_unread(void **state)
{
	struct journal_options capped = options;
	int64_t now_us = 1000 * HOUR_US;
	struct journal *journal;
	struct batch batch;
	struct err err;
	uint32_t n = 1;
	int r = 0;

	capped.max_bytes = 10 * SEGMENT_BYTES;
	journal = open_with(&capped);
	for (; r == 0 && n < 1000; n++) {
		batch_init(&batch);
		disk_fill(&batch, 7, n, now_us);
		r = journal_write(journal, &batch, &err);
		batch_done(&batch);
	}
	assert_int_equal(r, -ENOSPC);
	assert_non_null(strstr(err.text, "journal_max_mib"));
	assert_in_range(journal_stats(journal).bytes, 8 * SEGMENT_BYTES, 10 * SEGMENT_BYTES + 200);
	assert_int_equal(journal_stats(journal).behind, n - 2);
	assert_int_equal(journal_trim(journal, now_us), 0); /* the ledger has read nothing */
	assert_int_equal(journal_stats(journal).behind, n - 2);
	assert_int_equal(journal_check_space(journal, 100, &err), -ENOSPC);
	/* what it has read goes, young as it is, and no more than is in the way */
	journal_set_cursor(journal, (struct seglog_pos){5, 1});
	assert_int_equal(journal_trim(journal, now_us), 0);
	assert_in_range(journal_stats(journal).oldest.segment, 2, 5);
	assert_int_equal(journal_check_space(journal, 100, &err), 0);
	started_write(journal, n, n, now_us);
	journal_close(journal);
}

static void a_damaged_cursor_stops_no_start(void **state)
{
	struct started start;
	struct journal *journal = open_with(&options);

	started_write(journal, 1, 100, 0);
	journal_close(journal);
	disk_write(&disk, JOURNAL_FOLDER "/" JOURNAL_CURSOR, "seven\n", 6);
	assert_int_equal(claimed(1, &start), 100);
	assert_true(start.start.cursor_damaged);
}

static void trimmed_journal_goes_on_with_its_numbers(void **state)
{
	struct journal *journal = open_with(&options);
	struct seglog_pos end;

	started_write(journal, 1, 100, 0);
	end = journal_stats(journal).end;
	disk_set_cursor(&disk, end);
	journal_close(journal);
	journal = open_with(&options);
	journal_set_cursor(journal, (struct seglog_pos){end.segment + 1, 0});
	assert_int_equal(journal_trim(journal, 1000 * HOUR_US), 0);
	journal_close(journal);
	journal = open_with(&options);
	assert_true(journal_stats(journal).end.segment > end.segment);
	journal_close(journal);
}

static void a_place_in_another_journal_counts_for_nothing(void **state)
{
	struct journal *journal;
	struct started start;

	disk_set_cursor(&disk, (struct seglog_pos){500, 3});
	write_snapshot((struct seglog_pos){400, 0});
	assert_int_equal(claimed(1, &start), 0);
	journal = open_with(&options);
	started_write(journal, 1, 100, 0);
	assert_int_equal(journal_stats(journal).behind, 100);
	journal_set_cursor(journal, (struct seglog_pos){500, 3});
	assert_int_equal(journal_stats(journal).behind, 100);
	assert_int_equal(journal_trim(journal, 1000 * HOUR_US), 0);
	assert_int_equal(journal_stats(journal).oldest.segment, 1);
	journal_close(journal);
	assert_int_equal(claimed(1, &start), 100);
}

static void cursor_that_is_none_is_an_error_with_its_file(void **state)
{
	struct seglog_pos cursor = {9, 9};
	struct err err;

	assert_int_equal(journal_read_cursor(disk.state, &cursor, &err), 0);
	assert_int_equal(cursor.segment, 0);
	disk_write(&disk, JOURNAL_FOLDER "/" JOURNAL_CURSOR, "seven\n", 6);
	assert_int_equal(journal_read_cursor(disk.state, &cursor, &err), -EBADMSG);
	assert_non_null(strstr(err.text, JOURNAL_CURSOR));
}

static void two_writers_are_one_too_many(void **state)
{
	struct journal *journal = open_with(&options), *second = NULL;
	struct err err;

	assert_int_equal(journal_open(disk.state, &options, &second, &err), -EBUSY);
	assert_null(second);
	journal_close(journal);
}

int main(void)
{
#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, make_disk, remove_disk)
	const struct CMUnitTest tests[] = {
		ON_DISK(what_was_written_is_claimed_by_the_next_start),
		ON_DISK(gap_records_claim_their_whole_range),
		ON_DISK(damaged_records_are_not_claimed),
		ON_DISK(snapshot_is_used_only_below_the_ledgers_place),
		ON_DISK(a_start_counts_what_the_ledger_has_not_read),
		ON_DISK(reserve_is_kept_for_others),
		ON_DISK(trim_needs_both_the_ledger_and_time),
		ON_DISK(at_its_cap_it_takes_nothing_and_drops_nothing_unread),
		ON_DISK(a_damaged_cursor_stops_no_start),
		ON_DISK(trimmed_journal_goes_on_with_its_numbers),
		ON_DISK(a_place_in_another_journal_counts_for_nothing),
		ON_DISK(cursor_that_is_none_is_an_error_with_its_file),
		ON_DISK(two_writers_are_one_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
