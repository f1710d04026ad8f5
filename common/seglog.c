/* SPDX-License-Identifier: Apache-2.0 */
#include "common/seglog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/seglog_folder.h"
#include "common/seglog_scan.h"
#include "common/seglog_tail.h"

#define LOCK_NAME "lock"
#define FOLDER_MODE 0750
#define SEGMENTS_CAP_MIN 16
#define RECORDS_UNKNOWN UINT64_MAX

/* A segment that is written no more. */
struct segment {
	uint64_t id;
	uint64_t bytes;
	uint64_t records; /* RECORDS_UNKNOWN: from before this process, and not counted */
};

struct seglog {
	struct seglog_options options;
	int folder_fd, lock_fd;
	struct segment *closed; /* oldest first */
	size_t count, cap;
	struct seglog_tail tail; /* newer than all of them, when one is being written */
	uint64_t next_id;
	int lost; /* errno that lost records whose append had succeeded: the next sync says it */
	bool lost_by_sync; /* it was that of an fdatasync */
};

int seglog_pos_compare(struct seglog_pos a, struct seglog_pos b)
{
	if (a.segment != b.segment)
		return a.segment < b.segment ? -1 : 1;
	return (a.record > b.record) - (a.record < b.record);
}

static bool is_writing(const struct seglog *log)
{
	return log->tail.fd >= 0;
}

static void note_loss(struct seglog *log, int r, bool by_sync)
{
	if (r == 0 || log->lost)
		return;
	log->lost = r;
	log->lost_by_sync = by_sync;
}

/* Makes room in the list, so that a segment can always be closed. */
static int reserve_closed(struct seglog *log)
{
	size_t cap = log->cap ? 2 * log->cap : SEGMENTS_CAP_MIN;
	struct segment *grown;

	if (log->count < log->cap)
		return 0;
	grown = reallocarray(log->closed, cap, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	log->closed = grown;
	log->cap = cap;
	return 0;
}

/* ---- open ---- */

static int lock_folder(struct seglog *log)
{
	log->lock_fd = openat(
		log->folder_fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC, SEGLOG_FILE_MODE);
	if (log->lock_fd < 0)
		return -errno;
	if (flock(log->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return 0;
}

static int open_folder(struct seglog *log, const char *folder, struct err *err)
{
	int r;

	r = file_make_folder(folder, FOLDER_MODE, err);
	if (r < 0)
		return r;
	log->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (log->folder_fd < 0)
		return err_errno(err, -errno, "%s", folder);
	r = lock_folder(log);
	if (r == -EBUSY)
		return err_set(err, r, "%s: another process writes this log", folder);
	if (r < 0)
		return err_errno(err, r, "%s/%s", folder, LOCK_NAME);
	return 0;
}

static int list_closed(struct seglog *log)
{
	char name[SEGLOG_NAME_BYTES];
	uint64_t *ids = NULL;
	size_t count, i;
	struct stat st;
	int r;

	r = seglog_list(log->folder_fd, &ids, &count);
	for (i = 0; r == 0 && i < count; i++) {
		seglog_name(ids[i], name);
		r = fstatat(log->folder_fd, name, &st, 0) < 0 ? -errno : reserve_closed(log);
		if (r == 0)
			log->closed[log->count++] = (struct segment){
				ids[i], (uint64_t)st.st_size, RECORDS_UNKNOWN};
	}
	free(ids);
	return r;
}

/*
 * Cuts what a crash left half-written and makes the rest durable: its last records may be in the
 * page cache alone, and whoever reads them from now on takes them for safe.
 */
static int recover_newest(struct seglog *log)
{
	struct segment *newest = &log->closed[log->count - 1];
	struct seglog_scan scan = {.window_bytes = log->options.window_bytes};
	struct seglog_found found;
	char name[SEGLOG_NAME_BYTES];
	int fd, r;

	seglog_name(newest->id, name);
	fd = openat(log->folder_fd, name, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	seglog_scan_begin(&scan, fd, newest->id);
	do {
		r = seglog_scan_next(&scan, &found);
	} while (r == 1);
	/* A tail that cannot be read or cut stays: readers count it as damage. */
	if (r == 0 && (scan.offset == newest->bytes || ftruncate(fd, (off_t)scan.offset) == 0)) {
		newest->bytes = scan.offset;
		newest->records = scan.expect;
	}
	r = !log->options.in_memory && fdatasync(fd) < 0 ? -errno : 0;
	seglog_scan_done(&scan);
	close(fd);
	return r;
}

static int recover(struct seglog *log, const char *folder, struct err *err)
{
	int r;

	r = list_closed(log);
	if (r == 0 && log->count > 0)
		r = recover_newest(log);
	if (r < 0)
		return err_errno(err, r, "%s: cannot open the log", folder);
	/* Never the same segment again: a reader may have stored a place behind the records that
	 * a power cut took from its end. */
	log->next_id = log->count ? log->closed[log->count - 1].id + 1 : 1;
	return 0;
}

int seglog_open(const char *folder, const struct seglog_options *options, struct seglog **ret_log,
	struct err *err)
{
	struct seglog *log;
	int r;

	if (options->segment_bytes == 0 || options->segment_bytes > SEGLOG_SEGMENT_MAX)
		return err_set(err, -EINVAL, "%s: segments of %zu bytes: must be 1 to %d", folder,
			options->segment_bytes, SEGLOG_SEGMENT_MAX);
	log = calloc(1, sizeof *log);
	if (!log)
		return err_errno(err, -ENOMEM, "%s", folder);
	log->options = *options;
	log->folder_fd = log->lock_fd = -1;
	seglog_tail_init(&log->tail, options->buffer_bytes);
	log->tail.in_memory = options->in_memory;
	r = open_folder(log, folder, err);
	if (r == 0)
		r = recover(log, folder, err);
	if (r < 0) {
		seglog_close(log);
		return r;
	}
	*ret_log = log;
	return 0;
}

/* ---- write ---- */

static int begin_segment(struct seglog *log)
{
	int r;

	r = reserve_closed(log);
	if (r == 0)
		r = seglog_tail_begin(&log->tail, log->folder_fd, log->next_id);
	if (r == 0)
		log->next_id++;
	return r;
}

static void close_segment(struct seglog *log)
{
	struct seglog_tail *tail = &log->tail;

	seglog_tail_close(tail);
	log->closed[log->count++] = (struct segment){tail->id, tail->bytes, tail->records};
}

/* Closes the segment for good; what that loses, the next seglog_sync() reports. */
static void finish_segment(struct seglog *log)
{
	note_loss(log, seglog_tail_sync(&log->tail), true);
	close_segment(log);
}

static int flush(struct seglog *log)
{
	int r;

	r = seglog_tail_flush(&log->tail);
	if (r < 0 && log->tail.uncut)
		finish_segment(log);
	return r;
}

/* A segment is open and has room for `size` more bytes. */
static int make_room(struct seglog *log, size_t size)
{
	uint64_t filled = log->tail.bytes + buf_length(&log->tail.pending);

	if (is_writing(log) && filled > 0 && filled + size > log->options.segment_bytes)
		seglog_roll(log);
	return is_writing(log) ? 0 : begin_segment(log);
}

int seglog_append(struct seglog *log, const void *bytes, size_t length, struct seglog_pos *ret_pos)
{
	uint64_t waiting;
	int r;

	if (length > SEGLOG_RECORD_MAX)
		return -EMSGSIZE;
	r = make_room(log, SEGLOG_HEADER_BYTES + length);
	if (r < 0)
		return r;
	waiting = log->tail.pending_records;
	r = seglog_tail_add(&log->tail, bytes, length);
	if (r < 0)
		return r;
	if (buf_length(&log->tail.pending) >= log->options.buffer_bytes) {
		r = flush(log);
		if (r < 0 && waiting > 0)
			note_loss(log, r, false);
		if (r < 0)
			return r;
	}
	if (ret_pos)
		*ret_pos = seglog_end(log);
	return 0;
}

int seglog_sync(struct seglog *log)
{
	int r;

	note_loss(log, flush(log), false);
	if (is_writing(log)) {
		r = seglog_tail_sync(&log->tail);
		if (r < 0)
			close_segment(log);
		note_loss(log, r, true);
	}
	r = log->lost;
	log->lost = 0;
	return r;
}

bool seglog_lost_by_sync(const struct seglog *log)
{
	return log->lost_by_sync;
}

void seglog_roll(struct seglog *log)
{
	note_loss(log, flush(log), false);
	if (is_writing(log))
		finish_segment(log);
}

/* ---- query and trim ---- */

struct seglog_pos seglog_oldest(const struct seglog *log)
{
	uint64_t newest = is_writing(log) ? log->tail.id : log->next_id;

	return (struct seglog_pos){.segment = log->count ? log->closed[0].id : newest};
}

struct seglog_pos seglog_end(const struct seglog *log)
{
	if (!is_writing(log))
		return (struct seglog_pos){.segment = log->next_id};
	return (struct seglog_pos){
		.segment = log->tail.id,
		.record = log->tail.records + log->tail.pending_records,
	};
}

uint64_t seglog_bytes(const struct seglog *log)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < log->count; i++)
		bytes += log->closed[i].bytes;
	if (is_writing(log))
		bytes += log->tail.bytes + buf_length(&log->tail.pending);
	return bytes;
}

unsigned seglog_segments(const struct seglog *log)
{
	return (unsigned)log->count + is_writing(log);
}

static int delete_oldest(struct seglog *log)
{
	char name[SEGLOG_NAME_BYTES];

	seglog_name(log->closed[0].id, name);
	if (unlinkat(log->folder_fd, name, 0) < 0 && errno != ENOENT)
		return -errno;
	log->count--;
	memmove(log->closed, log->closed + 1, log->count * sizeof log->closed[0]);
	return 0;
}

static bool lies_before(const struct segment *segment, struct seglog_pos pos)
{
	/* Unknown is the greatest number: such a segment waits for a place in a later one. */
	return segment->id < pos.segment ||
		(segment->id == pos.segment && segment->records <= pos.record);
}

int seglog_trim(struct seglog *log, struct seglog_pos pos)
{
	int r = 0;

	while (r == 0 && log->count > 0 && lies_before(&log->closed[0], pos))
		r = delete_oldest(log);
	return r;
}

int seglog_drop_oldest(struct seglog *log)
{
	if (log->count == 0 && is_writing(log))
		close_segment(log); /* no sync for what is thrown away */
	return log->count > 0 ? delete_oldest(log) : -ENOENT;
}

void seglog_close(struct seglog *log)
{
	if (!log)
		return;
	seglog_roll(log);
	seglog_tail_done(&log->tail);
	if (log->lock_fd >= 0)
		close(log->lock_fd);
	if (log->folder_fd >= 0)
		close(log->folder_fd);
	free(log->closed);
	free(log);
}
