/* SPDX-License-Identifier: Apache-2.0 */
#include "common/seglog_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/seglog_folder.h"
#include "common/seglog_scan.h"

void seglog_tail_init(struct seglog_tail *tail, size_t buffer_bytes)
{
	*tail = (struct seglog_tail){.fd = -1};
	buf_init(&tail->pending, buffer_bytes + SEGLOG_HEADER_BYTES + (size_t)SEGLOG_RECORD_MAX);
}

void seglog_tail_done(struct seglog_tail *tail)
{
	seglog_tail_close(tail);
	buf_done(&tail->pending);
}

static void forget_pending(struct seglog_tail *tail)
{
	buf_clear(&tail->pending);
	tail->pending_records = 0;
}

int seglog_tail_begin(struct seglog_tail *tail, int folder_fd, uint64_t id)
{
	char name[SEGLOG_NAME_BYTES];
	int fd, r;

	seglog_name(id, name);
	fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, SEGLOG_FILE_MODE);
	if (fd < 0)
		return -errno;
	/* The name must be as durable as the records that will be. */
	if (!tail->in_memory && fsync(folder_fd) < 0) {
		r = -errno;
		close(fd);
		unlinkat(folder_fd, name, 0);
		return r;
	}
	tail->fd = fd;
	tail->id = id;
	tail->bytes = tail->records = 0;
	tail->synced_bytes = tail->synced_records = 0;
	tail->uncut = false;
	forget_pending(tail);
	return 0;
}

int seglog_tail_add(struct seglog_tail *tail, const void *bytes, size_t length)
{
	uint64_t record = tail->records + tail->pending_records;
	uint8_t *room;
	int r;

	r = buf_reserve(&tail->pending, SEGLOG_HEADER_BYTES + length, &room);
	if (r < 0)
		return r;
	seglog_header_write(room, tail->id, (uint32_t)record, bytes, length);
	if (length > 0)
		memcpy(room + SEGLOG_HEADER_BYTES, bytes, length);
	buf_commit(&tail->pending, SEGLOG_HEADER_BYTES + length);
	tail->pending_records++;
	return 0;
}

/* Writes until all is written or the disk refuses; sets *ret_written in both cases. */
static int write_pending(struct seglog_tail *tail, size_t *ret_written)
{
	const uint8_t *bytes = buf_peek(&tail->pending);
	size_t length = buf_length(&tail->pending), written = 0;
	ssize_t step;
	int r = 0;

	while (written < length && r == 0) {
		step = pwrite(tail->fd, bytes + written, length - written,
			(off_t)(tail->bytes + written));
		if (step < 0 && errno != EINTR)
			r = -errno;
		if (step == 0)
			r = -EIO;
		written += step > 0 ? (size_t)step : 0;
	}
	*ret_written = written;
	return r;
}

/* Takes in the whole records among the first `written` pending bytes; a reader may have seen them
 * already, so after a failure too they stay. */
static void take_in(struct seglog_tail *tail, size_t written)
{
	const uint8_t *bytes = buf_peek(&tail->pending);
	size_t size, at = 0;

	while (at + SEGLOG_HEADER_BYTES <= written) {
		size = seglog_record_size(bytes + at);
		if (at + size > written)
			break;
		at += size;
		tail->records++;
	}
	tail->bytes += at;
}

int seglog_tail_flush(struct seglog_tail *tail)
{
	size_t written;
	int r;

	if (tail->pending_records == 0)
		return 0;
	r = write_pending(tail, &written);
	take_in(tail, written);
	forget_pending(tail);
	if (r < 0 && ftruncate(tail->fd, (off_t)tail->bytes) < 0)
		tail->uncut = true;
	return r;
}

int seglog_tail_sync(struct seglog_tail *tail)
{
	int r;

	if (tail->bytes == tail->synced_bytes)
		return 0;
	if (tail->in_memory || fdatasync(tail->fd) == 0) {
		tail->synced_bytes = tail->bytes;
		tail->synced_records = tail->records;
		return 0;
	}
	r = -errno;
	/* Nobody may find later what the disk may not hold. */
	if (ftruncate(tail->fd, (off_t)tail->synced_bytes) == 0) {
		tail->bytes = tail->synced_bytes;
		tail->records = tail->synced_records;
	}
	return r;
}

void seglog_tail_close(struct seglog_tail *tail)
{
	if (tail->fd >= 0)
		close(tail->fd);
	tail->fd = -1;
	forget_pending(tail);
}
