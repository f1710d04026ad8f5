/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "collector/ingest/tally.h"
#include "common/file.h"
#include "proto/journal_record.h"

#define BUFFER_BYTES (1U << 20) /* a batch goes to the file in one write */
#define CURSOR_BYTES_MAX 64

struct journal {
	struct seglog *log;
	struct journal_options options;
	char folder[PATH_MAX], marks[PATH_MAX];
	uint64_t begun; /* the first segment of this process */
	struct tally tally; /* of all segments from `tallied` on */
	uint64_t tallied;
	struct seglog_pos cursor; /* of the ledger */
	bool cursor_damaged; /* when it was opened */
	int64_t alive_s; /* when it was written last, before that */
	struct journal_stats stats;
};

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void take_stats(struct journal *journal)
{
	journal->stats.oldest = seglog_oldest(journal->log);
	journal->stats.end = seglog_end(journal->log);
	journal->stats.behind = tally_behind(&journal->tally, journal->cursor);
	journal->stats.bytes = seglog_bytes(journal->log);
	journal->stats.segments = seglog_segments(journal->log);
}

/* ---- life */

/* A place beyond the end is one in another journal, that was here before a restore: of this one the
 * ledger has read nothing yet. */
static struct seglog_pos sound_cursor(const struct journal *journal, struct seglog_pos cursor)
{
	if (seglog_pos_compare(cursor, seglog_end(journal->log)) > 0)
		return (struct seglog_pos){0, 0};
	return cursor;
}

static int64_t written_s(const char *folder)
{
	char path[PATH_MAX], name[32];
	uint64_t newest;
	struct stat st;

	if (seglog_newest(folder, &newest) < 0 || newest == 0)
		return 0;
	snprintf(name, sizeof(name), "%016" PRIx64 ".seg", newest);
	if (file_join(path, sizeof(path), folder, name) < 0 || stat(path, &st) < 0)
		return 0;
	return st.st_mtim.tv_sec;
}

int journal_open(const char *state, const struct journal_options *options,
	struct journal **ret_journal, struct err *err)
{
	struct seglog_options log = {
		.segment_bytes = options->segment_bytes, .buffer_bytes = BUFFER_BYTES};
	struct journal *journal = calloc(1, sizeof(*journal));
	struct seglog_pos cursor = {0, 0};
	int r;

	if (!journal)
		return err_set(err, -ENOMEM, "out of memory");
	journal->options = *options;
	tally_init(&journal->tally);
	r = file_join(journal->folder, sizeof(journal->folder), state, JOURNAL_FOLDER);
	if (r == 0)
		r = file_join(journal->marks, sizeof(journal->marks), state, JOURNAL_MARKS);
	if (r == 0)
		journal->alive_s = written_s(journal->folder);
	if (r < 0)
		err_errno(err, r, "%.64s...", state);
	else
		r = seglog_open(journal->folder, &log, &journal->log, err);
	if (r == 0)
		r = journal_read_cursor(state, &cursor, err);
	if (r == -EBADMSG) { /* the ledger writes it anew; until then it has read nothing */
		journal->cursor_damaged = true;
		r = 0;
	}
	if (r < 0) {
		journal_close(journal);
		return r;
	}
	journal->begun = journal->tallied = seglog_end(journal->log).segment;
	journal_set_cursor(journal, cursor);
	*ret_journal = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	seglog_close(journal->log);
	tally_done(&journal->tally);
	free(journal);
}

struct journal_stats journal_stats(const struct journal *journal)
{
	return journal->stats;
}

/* ---- start */

/* The snapshot if it can be used, else nothing and the beginning of the journal. */
int journal_load(struct journal *journal, struct progress **ret_progress,
	struct journal_start *ret_start, struct err *err)
{
	struct journal_start start = {
		.cursor_damaged = journal->cursor_damaged, .alive_s = journal->alive_s};
	struct progress *progress = NULL;
	uint8_t *bytes;
	size_t length;
	int r;

	r = file_read(journal->marks, PROGRESS_SNAPSHOT_MAX, &bytes, &length, err);
	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0) {
		r = progress_decode(bytes, length, &progress, &start.from);
		free(bytes);
		start.snapshot_damaged = r == -EBADMSG;
	}
	if (r == 0 && seglog_pos_compare(start.from, journal->cursor) > 0) {
		progress_free(progress);
		r = -ENOENT;
	}
	if (r == -ENOENT || r == -EBADMSG) {
		start.from = (struct seglog_pos){0, 0};
		r = progress_new(&progress);
	}
	if (r < 0)
		return err_set(err, r, "%s: no memory for it", journal->marks);
	*ret_progress = progress;
	*ret_start = start;
	return 0;
}

int journal_replay(const struct journal *journal, const struct journal_start *start,
	struct replay **ret_replay, struct err *err)
{
	int r = replay_new(journal->folder, start->from, journal->begun, ret_replay);

	return r < 0 ? err_errno(err, r, "%s: cannot be read", journal->folder) : 0;
}

/* ---- work */

int journal_check_space(struct journal *journal, uint64_t bytes, struct err *err)
{
	const struct journal_options *options = &journal->options;
	struct journal_stats *stats = &journal->stats;
	int r;

	r = file_space(journal->folder, &stats->free_bytes, &stats->free_inodes, err);
	if (r < 0)
		return r;
	if (stats->free_bytes < options->reserve_bytes + bytes)
		return err_set(err, -ENOSPC,
			"%s: no space: %" PRIu64 " KiB free, %" PRIu64 " KiB are kept in reserve",
			journal->folder, stats->free_bytes / 1024, options->reserve_bytes / 1024);
	if (stats->free_inodes < options->reserve_inodes)
		return err_set(err, -ENOSPC,
			"%s: no space: %" PRIu64 " inodes free, %" PRIu64 " are kept in reserve",
			journal->folder, stats->free_inodes, options->reserve_inodes);
	if (options->max_bytes && seglog_bytes(journal->log) + bytes > options->max_bytes)
		return err_set(err, -ENOSPC,
			"%s: it holds %" PRIu64 " MiB, as much as it may (journal_max_mib); the "
			"ledger is %" PRIu64 " records behind",
			journal->folder, seglog_bytes(journal->log) >> 20,
			tally_behind(&journal->tally, journal->cursor));
	return 0;
}

static int append_all(struct journal *journal, const struct batch *batch)
{
	const uint8_t *bytes = buf_peek(&batch->bytes);
	struct seglog_pos pos;
	int r = 0;

	for (size_t i = 0; r == 0 && i < batch->count; i++) {
		r = seglog_append(journal->log, bytes, batch->entries[i].length, &pos);
		bytes += batch->entries[i].length;
		if (r == 0)
			r = tally_note(&journal->tally, pos);
	}
	return r;
}

int journal_write(struct journal *journal, const struct batch *batch, struct err *err)
{
	uint64_t began_us = now_us();
	int r, synced;

	r = journal_check_space(journal, buf_length(&batch->bytes), err);
	if (r < 0)
		return r;
	r = append_all(journal, batch);
	synced = seglog_sync(journal->log); /* also after a failure: its words come from there */
	if (r == 0)
		r = synced;
	journal->stats.sync_us = now_us() - began_us;
	take_stats(journal);
	if (r < 0 && r == synced && seglog_lost_by_sync(journal->log))
		return err_errno(err, r, "%s: fdatasync", journal->folder);
	return r < 0 ? err_errno(err, r, "%s", journal->folder) : 0;
}

/* Segments that this process did not write, or that the ledger had read once and reads again. What
 * cannot be counted is missing in the lag, and nowhere else. */
static void tally_back_to(struct journal *journal, uint64_t segment)
{
	uint64_t oldest = seglog_oldest(journal->log).segment;
	uint64_t records;

	while (journal->tallied > segment && journal->tallied > oldest) {
		journal->tallied--;
		if (seglog_count(journal->folder, journal->tallied, &records) == 0)
			tally_note(&journal->tally, (struct seglog_pos){journal->tallied, records});
	}
}

void journal_set_cursor(struct journal *journal, struct seglog_pos cursor)
{
	journal->cursor = sound_cursor(journal, cursor);
	tally_back_to(journal, journal->cursor.segment);
	tally_forget(&journal->tally, journal->cursor);
	if (journal->tallied < journal->cursor.segment)
		journal->tallied = journal->cursor.segment;
	take_stats(journal);
}

/* ---- trim */

/* 1: when the first record at or after the place was received, and its segment; 0: none. */
static int received_at(const struct journal *journal, struct seglog_pos from,
	struct seglog_pos *ret_begin, int64_t *ret_received_us)
{
	struct seglog_reader *reader;
	struct journal_record record;
	const uint8_t *bytes;
	struct seglog_pos after;
	size_t length;
	int r;

	r = seglog_reader_open(journal->folder, from, &reader, NULL);
	if (r < 0)
		return r;
	r = seglog_read(reader, &bytes, &length, &after);
	if (r == 1)
		r = journal_record_decode(bytes, length, &record) < 0 ? 0 : 1;
	if (r == 1) {
		*ret_begin = (struct seglog_pos){.segment = after.segment};
		*ret_received_us = record.received_utc_us;
	}
	seglog_reader_close(reader);
	return r;
}

/* What it would hold if all before that segment went is still near the cap. */
static bool is_crowded(const struct journal *journal, uint64_t segment)
{
	const struct journal_options *options = &journal->options;
	uint64_t gone = (segment - seglog_oldest(journal->log).segment) * options->segment_bytes;
	uint64_t bytes = seglog_bytes(journal->log);

	return options->max_bytes &&
		(bytes > gone ? bytes - gone : 0) + 2 * options->segment_bytes > options->max_bytes;
}

/*
 * A segment is as old as the first record of its successor. The newest segment always stays, so
 * that the numbering goes on where it was.
 */
int journal_trim(struct journal *journal, int64_t now_utc_us)
{
	struct seglog_pos keep = {0, 0}, begin = {0, 0};
	struct seglog_pos next = seglog_oldest(journal->log);
	int64_t received_us = 0;
	int r;

	for (;;) {
		next.segment++;
		if (next.segment > journal->cursor.segment ||
			next.segment + 1 > seglog_end(journal->log).segment)
			break;
		r = received_at(journal, next, &begin, &received_us);
		if (r < 0)
			return r;
		if (r == 0 || begin.segment > journal->cursor.segment ||
			(received_us > now_utc_us - journal->options.keep_us &&
				!is_crowded(journal, begin.segment - 1)))
			break;
		keep = next = begin;
	}
	r = keep.segment > 0 ? seglog_trim(journal->log, keep) : 0;
	take_stats(journal);
	return r;
}

int journal_read_cursor(const char *state, struct seglog_pos *ret_cursor, struct err *err)
{
	char path[PATH_MAX];
	struct seglog_pos cursor;
	uint8_t *bytes;
	size_t length;
	int r;

	r = file_join(path, sizeof(path), state, JOURNAL_FOLDER "/" JOURNAL_CURSOR);
	if (r < 0)
		return err_errno(err, r, "%.64s...", state);
	r = file_read(path, CURSOR_BYTES_MAX, &bytes, &length, err);
	if (r == -ENOENT) {
		*ret_cursor = (struct seglog_pos){0, 0};
		return 0;
	}
	if (r < 0)
		return r;
	if (sscanf((const char *)bytes, "%" SCNu64 " %" SCNu64, &cursor.segment, &cursor.record) !=
		2)
		r = err_set(err, -EBADMSG, "%s: must be \"SEGMENT RECORD\"", path);
	else
		*ret_cursor = cursor;
	free(bytes);
	return r;
}
