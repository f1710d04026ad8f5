/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An append-only log of records in segment files: the agent's spool and the collector's journal.
 * docs/SEGLOG.md gives the format byte by byte.
 *
 *   folder/0000000000000007.seg      folder/0000000000000008.seg
 *   | record | record | record |     | record | record | (torn tail, cut at open)
 *     ^ oldest                                        ^ end
 *
 * One writer (a process holds a lock on the folder), any number of readers in any process. A
 * record is durable once seglog_sync() returned 0 after its append. Not thread-safe: the
 * collector appends and syncs on one worker at a time.
 */
#ifndef PANTAU_COMMON_SEGLOG_H
#define PANTAU_COMMON_SEGLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define SEGLOG_RECORD_MAX (128 * 1024) /* two wire frames: a frame of 64 KiB and its envelope */

/* A place in the log: before record number `record` of segment `segment`. Ordered by segment,
 * then record. {0, 0} is before everything: segments count from 1. No place is ever used twice,
 * so a reader's stored place stays good whatever crashes. */
struct seglog_pos {
	uint64_t segment;
	uint64_t record; /* numbered from 0 within its segment */
};
int seglog_pos_compare(struct seglog_pos a, struct seglog_pos b);

#define SEGLOG_SEGMENT_MAX (1024 * 1024 * 1024) /* most bytes that segment_bytes may ask for */

struct seglog_options {
	size_t segment_bytes; /* a new segment is begun beyond this */
	/* 0: each append writes its record to the file. Otherwise records wait in memory until they
	 * are this many bytes or seglog_sync() is called: one write for a batch. Readers see them
	 * only then. */
	size_t buffer_bytes;
	/* The folder is in memory, which nothing survives that a sync could save from: none is
	 * made, and seglog_sync() only writes what waits. */
	bool in_memory;
	size_t window_bytes; /* read at once while recovering; 0: 64 KiB */
};

struct seglog;

/* Opens for writing, creating the folder. Recovers: a torn tail is cut and never stops the start,
 * what stands before it is made durable, and the next append begins a new segment. -EBUSY when
 * another process writes it. Copies folder and options. */
int seglog_open(const char *folder, const struct seglog_options *options, struct seglog **ret_log,
	struct err *err);
/* Copies the bytes into the file (page cache). *ret_pos (may be NULL) is the place *after* the
 * record. -EMSGSIZE, or the errno of the write (-ENOSPC): then the partial record was cut again.
 * With a buffer, a failed write may lose records appended before: the next sync fails too. */
int seglog_append(struct seglog *log, const void *bytes, size_t length, struct seglog_pos *ret_pos);
/* fdatasync of what was appended. A failure is final for the segment: the pages may be lost and
 * the kernel forgets the error, so the caller must treat everything since the last good sync as not
 * written; the log cuts the segment back to the last good sync, begins a new one at the next append
 * and never syncs the failed one again. */
int seglog_sync(struct seglog *log);
/* Of the last seglog_sync() that failed: whether fdatasync did, or else a write before it. */
bool seglog_lost_by_sync(const struct seglog *log);
/* Closes the current segment and begins a new one at the next append. */
void seglog_roll(struct seglog *log);
struct seglog_pos seglog_oldest(const struct seglog *log);
struct seglog_pos seglog_end(const struct seglog *log);
uint64_t seglog_bytes(const struct seglog *log); /* on disk, all segments */
unsigned seglog_segments(const struct seglog *log);
/* Deletes whole segments that lie before `pos` entirely (never the one being written). Who stores
 * places leaves a segment: after a start without any, they count from 1 again. */
int seglog_trim(struct seglog *log, struct seglog_pos pos);
/* Deletes the oldest segment whatever it holds (rolls first if it is the one being written).
 * -ENOENT when there is none. */
int seglog_drop_oldest(struct seglog *log);
/* Syncs what waits (who must know the result calls seglog_sync() before) and frees. */
void seglog_close(struct seglog *log);

/* A reader follows the writer's files by itself, in the same process or another one. */
struct seglog_reader;

/* Copies the folder's name. A folder that does not exist yet is waited for: it may be the writer's
 * first start. */
int seglog_reader_open(const char *folder, struct seglog_pos from,
	struct seglog_reader **ret_reader, struct err *err);
/* How much is read at once, before the first seglog_read(); otherwise 64 KiB. Longer records are
 * read whole all the same. */
void seglog_reader_set_window(struct seglog_reader *reader, size_t bytes);
/* 1: a record; *ret_bytes is borrowed until the next call, *ret_after is the place after it.
 * 0: nothing more for now (call again later; a torn tail of the newest segment is "not yet").
 * Damaged bytes are skipped to the next sound record and counted; segments that were trimmed before
 * the place are passed over. Negative errno: the disk failed. */
int seglog_read(struct seglog_reader *reader, const uint8_t **ret_bytes, size_t *ret_length,
	struct seglog_pos *ret_after);
/* The number of the newest segment, 0: there is none. A stored place in a later segment belongs to
 * another log that was here before. 0 or a negative errno. */
int seglog_newest(const char *folder, uint64_t *ret_segment);
/* How many records a segment that is written no more holds, lost ones between sound ones included:
 * by the number of the last sound one, for which its end is read and not all of it. 0, -ENOENT. */
int seglog_count(const char *folder, uint64_t segment, uint64_t *ret_records);
uint64_t seglog_reader_damaged(const struct seglog_reader *reader); /* damaged stretches passed */
void seglog_reader_close(struct seglog_reader *reader);

#endif
