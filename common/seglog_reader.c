/* SPDX-License-Identifier: Apache-2.0 */
#include "common/seglog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/seglog_folder.h"
#include "common/seglog_scan.h"

/* A folder that changed this recently may change again without its time stamp moving on. */
#define STAMP_SETTLES_S 2

struct seglog_reader {
	char *folder;
	int folder_fd; /* -1 until the folder exists */
	int fd; /* of the segment being read, -1 between two */
	struct seglog_pos want; /* the next record to hand out is this one or later */
	struct seglog_scan scan; /* of the segment being read */
	uint64_t newest; /* the newest segment at the last listing */
	struct timespec listed; /* the folder's time stamp at that listing, 0 if not settled */
	uint64_t damaged;
};

static int open_folder(struct seglog_reader *reader)
{
	if (reader->folder_fd >= 0)
		return 0;
	reader->folder_fd = open(reader->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return reader->folder_fd < 0 ? -errno : 0;
}

int seglog_reader_open(const char *folder, struct seglog_pos from,
	struct seglog_reader **ret_reader, struct err *err)
{
	struct seglog_reader *reader;
	int r;

	reader = calloc(1, sizeof *reader);
	if (!reader)
		return err_errno(err, -ENOMEM, "%s", folder);
	reader->folder_fd = -1;
	reader->fd = -1;
	reader->want = from;
	reader->folder = strdup(folder);
	r = reader->folder ? open_folder(reader) : -ENOMEM;
	if (r < 0 && r != -ENOENT) {
		seglog_reader_close(reader);
		return err_errno(err, r, "%s: cannot read the log", folder);
	}
	*ret_reader = reader;
	return 0;
}

void seglog_reader_set_window(struct seglog_reader *reader, size_t bytes)
{
	reader->scan.window_bytes = bytes;
}

static void remember_listing(struct seglog_reader *reader, const struct stat *before)
{
	reader->listed = (struct timespec){0};
	if (time(NULL) - before->st_mtim.tv_sec > STAMP_SETTLES_S)
		reader->listed = before->st_mtim;
}

/* The oldest segment that is not before the wanted place: 1, 0 when there is none yet. */
static int list_segments(struct seglog_reader *reader, uint64_t *ret_segment)
{
	uint64_t *segments;
	size_t count, i;
	struct stat st;
	int r;

	if (fstat(reader->folder_fd, &st) < 0)
		return -errno;
	r = seglog_list(reader->folder_fd, &segments, &count);
	if (r < 0)
		return r;
	for (i = 0; i < count && segments[i] < reader->want.segment; i++)
		;
	if (i < count)
		*ret_segment = segments[i];
	if (count > 0)
		reader->newest = segments[count - 1];
	remember_listing(reader, &st);
	free(segments);
	return i < count;
}

/* 1: a segment is open. 0: there is none at or after the wanted place. */
static int open_segment(struct seglog_reader *reader)
{
	char name[SEGLOG_NAME_BYTES];
	uint64_t segment;
	int r;

	if (reader->fd >= 0)
		return 1;
	r = open_folder(reader);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	do {
		r = list_segments(reader, &segment);
		if (r <= 0)
			return r;
		seglog_name(segment, name);
		reader->fd = openat(reader->folder_fd, name, O_RDONLY | O_CLOEXEC);
	} while (reader->fd < 0 && errno == ENOENT); /* trimmed just now */
	if (reader->fd < 0)
		return -errno;
	if (segment > reader->want.segment)
		reader->want = (struct seglog_pos){.segment = segment};
	seglog_scan_begin(&reader->scan, reader->fd, segment);
	return 1;
}

/* Behind the last record of a segment that has a successor: what is left there is damage. */
static void leave_segment(struct seglog_reader *reader)
{
	struct stat st;

	if (fstat(reader->fd, &st) == 0 && (uint64_t)st.st_size > reader->scan.offset)
		reader->damaged++;
	close(reader->fd);
	reader->fd = -1;
	reader->want = (struct seglog_pos){.segment = reader->want.segment + 1};
}

/* Whether the writer has gone on to another segment: 1, 0 or a negative errno. Lists the folder
 * only when it changed, because this is asked at each idle look. */
static int has_successor(struct seglog_reader *reader)
{
	uint64_t segment;
	struct stat st;
	int r;

	if (reader->newest <= reader->want.segment) {
		if (fstat(reader->folder_fd, &st) < 0)
			return -errno;
		if (st.st_mtim.tv_sec == reader->listed.tv_sec &&
			st.st_mtim.tv_nsec == reader->listed.tv_nsec)
			return 0;
		r = list_segments(reader, &segment);
		if (r < 0)
			return r;
	}
	return reader->newest > reader->want.segment;
}

/* True when the record is one that the reader has not passed yet. */
static bool take(struct seglog_reader *reader, const struct seglog_found *found)
{
	/* Damage before the wanted place was counted by whoever read there. */
	if (found->lost > 0 && found->record > reader->want.record)
		reader->damaged++;
	if (found->record < reader->want.record)
		return false;
	reader->want.record = found->record + 1;
	return true;
}

int seglog_read(struct seglog_reader *reader, const uint8_t **ret_bytes, size_t *ret_length,
	struct seglog_pos *ret_after)
{
	struct seglog_found found;
	bool sealed = false; /* known to have a successor before this look at it */
	int r;

	for (;;) {
		r = open_segment(reader);
		if (r <= 0)
			return r;
		r = seglog_scan_next(&reader->scan, &found);
		if (r < 0)
			return r;
		if (r == 1 && take(reader, &found))
			break;
		if (r == 1)
			continue;
		if (sealed) {
			leave_segment(reader);
			sealed = false;
			continue;
		}
		/* The writer may have appended between our look and its roll: look once more. */
		r = has_successor(reader);
		if (r <= 0)
			return r;
		sealed = true;
	}
	*ret_bytes = found.bytes;
	*ret_length = found.length;
	*ret_after = reader->want;
	return 1;
}

int seglog_newest(const char *folder, uint64_t *ret_segment)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;
	uint64_t *segments;
	size_t count;

	if (fd < 0 && errno != ENOENT)
		return -errno;
	if (fd < 0) {
		*ret_segment = 0;
		return 0;
	}
	r = seglog_list(fd, &segments, &count);
	close(fd);
	if (r < 0)
		return r;
	*ret_segment = count > 0 ? segments[count - 1] : 0;
	free(segments);
	return 0;
}

uint64_t seglog_reader_damaged(const struct seglog_reader *reader)
{
	return reader->damaged;
}

void seglog_reader_close(struct seglog_reader *reader)
{
	if (!reader)
		return;
	seglog_scan_done(&reader->scan);
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->folder_fd >= 0)
		close(reader->folder_fd);
	free(reader->folder);
	free(reader);
}
