/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/archive_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

struct archive_reader {
	int fd;
	char *path;
	uint64_t size, at; /* of the file; of the next head */
	uint64_t began; /* of the head read last */
	ZSTD_DCtx *unpacker;
	uint8_t *stored, *plain; /* a part with its head; unpacked */
	struct part_head head; /* of the last part */
	bool has_head; /* it is sound */
	uint32_t parts;
	bool ended; /* PART_END was read */
	uint8_t chain[SHA256_BYTES], chain_before[SHA256_BYTES];
};

/* Bytes read, fewer only at the end of the file; -errno. */
static ssize_t read_all(struct archive_reader *reader, void *bytes, size_t length, uint64_t at)
{
	size_t have = 0;

	while (have < length) {
		ssize_t got = pread(
			reader->fd, (uint8_t *)bytes + have, length - have, (off_t)(at + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static int open_file(struct archive_reader *reader, const char *path, struct err *err)
{
	char magic[EVIDENCE_MAGIC_BYTES];
	struct stat about;
	ssize_t got;

	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0 || fstat(reader->fd, &about) < 0)
		return err_errno(err, -errno, "%s", path);
	if (!S_ISREG(about.st_mode))
		return err_set(err, -EINVAL, "%s: is no file", path);
	reader->size = (uint64_t)about.st_size;
	got = read_all(reader, magic, sizeof(magic), 0);
	if (got < 0)
		return err_errno(err, (int)got, "%s", path);
	if ((size_t)got < sizeof(magic) || memcmp(magic, EVIDENCE_MAGIC, sizeof(magic)))
		return err_set(err, -EBADMSG,
			"%s: does not begin with \"pantau evidence 1\": it is no file of evidence, "
			"of another version, or damaged at byte 0",
			path);
	reader->at = sizeof(magic);
	return 0;
}

int archive_reader_open(const char *path, struct archive_reader **ret_reader, struct err *err)
{
	struct archive_reader *reader = calloc(1, sizeof(*reader));
	int r;

	if (!reader)
		return err_errno(err, -ENOMEM, "%s", path);
	reader->fd = -1;
	reader->path = strdup(path);
	reader->unpacker = ZSTD_createDCtx();
	reader->stored = malloc(PART_HEAD_BYTES + PART_STORED_MAX);
	reader->plain = malloc(PART_PLAIN_MAX + 1);
	if (reader->path && reader->unpacker && reader->stored && reader->plain)
		r = open_file(reader, path, err);
	else
		r = err_errno(err, -ENOMEM, "%s", path);
	if (r < 0) {
		archive_reader_close(reader);
		return r;
	}
	*ret_reader = reader;
	return 0;
}

void archive_reader_close(struct archive_reader *reader)
{
	if (!reader)
		return;
	if (reader->fd >= 0)
		close(reader->fd);
	ZSTD_freeDCtx(reader->unpacker);
	free(reader->stored);
	free(reader->plain);
	free(reader->path);
	free(reader);
}

static int cut(const struct archive_reader *reader, struct err *err)
{
	return err_set(err, -EBADMSG,
		"%s: ends at byte %" PRIu64 " within part %" PRIu32
		", which begins at byte %" PRIu64 ": it was cut",
		reader->path, reader->size, reader->parts, reader->at);
}

static int damaged(const struct archive_reader *reader, const char *what, struct err *err)
{
	return err_set(err, -EBADMSG, "%s: part %" PRIu32 ", bytes %" PRIu64 " to %" PRIu64 ": %s",
		reader->path, reader->parts, reader->began,
		reader->has_head ? reader->began + PART_HEAD_BYTES + reader->head.stored_bytes - 1
				 : reader->began + PART_HEAD_BYTES - 1,
		what);
}

/* 1: a sound head; 0: the end. */
static int read_head(struct archive_reader *reader, struct err *err)
{
	ssize_t got = read_all(reader, reader->stored, PART_HEAD_BYTES, reader->at);

	if (got < 0)
		return err_errno(err, (int)got, "%s", reader->path);
	if (reader->ended && got)
		return err_set(err, -EBADMSG,
			"%s: %" PRIu64 " bytes behind the last part, from byte %" PRIu64 " on",
			reader->path, reader->size - reader->at, reader->at);
	if (reader->ended)
		return 0;
	if (got < PART_HEAD_BYTES)
		return cut(reader, err);
	reader->began = reader->at;
	reader->has_head = part_head_decode(reader->stored, &reader->head) == 0;
	if (!reader->has_head)
		return damaged(reader, "the head of the part is damaged", err);
	if (reader->size - reader->at - PART_HEAD_BYTES < reader->head.stored_bytes)
		return cut(reader, err);
	if (reader->head.number != reader->parts)
		return damaged(reader, "it bears another number: parts are missing or moved", err);
	return 1;
}

static int unpack_part(struct archive_reader *reader, struct err *err)
{
	const struct part_head *head = &reader->head;
	const uint8_t *stored = reader->stored + PART_HEAD_BYTES;
	size_t plain = head->plain_bytes;

	if (head->coding == PART_ZSTD)
		plain = ZSTD_decompressDCtx(reader->unpacker, reader->plain, PART_PLAIN_MAX, stored,
			head->stored_bytes);
	else
		memcpy(reader->plain, stored, plain);
	if (ZSTD_isError(plain) || plain != head->plain_bytes)
		return damaged(reader, "it does not unpack to what was packed", err);
	reader->plain[plain] = '\0';
	return 0;
}

static int check_order(const struct archive_reader *reader, struct err *err)
{
	if ((reader->head.kind == PART_ABOUT) != (reader->parts == 0))
		return damaged(reader, "the part that says what it is stands first, and once", err);
	return 0;
}

/* The whole part of the head that was read. */
static int read_body(struct archive_reader *reader, struct err *err)
{
	const struct part_head *head = &reader->head;
	ssize_t got = read_all(reader, reader->stored + PART_HEAD_BYTES, head->stored_bytes,
		reader->at + PART_HEAD_BYTES);
	int r;

	if (got < 0)
		return err_errno(err, (int)got, "%s", reader->path);
	if ((size_t)got < head->stored_bytes)
		return cut(reader, err);
	r = part_check(reader->stored, head);
	if (r == -EBADMSG)
		return damaged(reader, "does not match its SHA-256: it is damaged", err);
	if (r == 0)
		r = unpack_part(reader, err);
	memcpy(reader->chain_before, reader->chain, sizeof(reader->chain));
	return r == 0 ? part_chain(reader->chain, head->digest) : r;
}

static void move_on(struct archive_reader *reader)
{
	reader->at += PART_HEAD_BYTES + reader->head.stored_bytes;
	reader->parts++;
	reader->ended = reader->head.kind == PART_END;
	reader->has_head = false;
}

static int read_part(struct archive_reader *reader, enum part_kind only,
	struct archive_part *ret_part, struct err *err)
{
	const struct part_head *head = &reader->head;
	struct archive_part part;
	int r = read_head(reader, err);

	if (r <= 0)
		return r;
	part = (struct archive_part){.kind = head->kind, .number = head->number};
	r = check_order(reader, err);
	if (r == 0 && (!only || only == head->kind)) {
		r = read_body(reader, err);
		part.bytes = reader->plain;
		part.length = head->plain_bytes;
	}
	if (r < 0)
		return r;
	move_on(reader);
	*ret_part = part;
	return 1;
}

int archive_read(struct archive_reader *reader, struct archive_part *ret_part, struct err *err)
{
	return read_part(reader, (enum part_kind)0, ret_part, err);
}

int archive_read_only(struct archive_reader *reader, enum part_kind kind,
	struct archive_part *ret_part, struct err *err)
{
	return read_part(reader, kind, ret_part, err);
}

int archive_skip_damaged(struct archive_reader *reader, struct err *err)
{
	if (!reader->has_head)
		return err_set(err, -EBADMSG, "%s: where the damaged part %" PRIu32 " ends is lost",
			reader->path, reader->parts);
	move_on(reader);
	return 0;
}

const uint8_t *archive_read_chain(const struct archive_reader *reader)
{
	return reader->chain;
}

const uint8_t *archive_read_chain_before(const struct archive_reader *reader)
{
	return reader->chain_before;
}

uint64_t archive_read_bytes(const struct archive_reader *reader)
{
	return reader->at;
}
