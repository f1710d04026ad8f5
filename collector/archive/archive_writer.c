/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/archive_writer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "common/buf.h"

/* A dictionary of rows and pages gains little beyond this, and the ledger's machine is busy. */
#define ZSTD_LEVEL 6

struct archive_writer {
	int fd;
	char *name;
	ZSTD_CCtx *packer;
	enum part_kind kind; /* of the open part; 0: none was begun yet */
	struct buf front, plain; /* plain: the open part, its front included */
	bool filled; /* the open part holds an item */
	uint8_t *part; /* head and what is stored, as written */
	uint32_t parts;
	uint64_t bytes;
	uint8_t chain[SHA256_BYTES];
};

static int write_all(
	struct archive_writer *writer, const void *bytes, size_t length, struct err *err)
{
	const uint8_t *at = bytes;

	while (length) {
		ssize_t written = write(writer->fd, at, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return err_errno(err, -errno, "%s", writer->name);
		at += written;
		length -= (size_t)written;
		writer->bytes += (uint64_t)written;
	}
	return 0;
}

int archive_writer_new(
	int fd, const char *name, struct archive_writer **ret_writer, struct err *err)
{
	struct archive_writer *writer = calloc(1, sizeof(*writer));
	int r;

	if (!writer)
		return err_errno(err, -ENOMEM, "%s", name);
	writer->fd = fd;
	buf_init(&writer->front, PART_PLAIN_MAX);
	buf_init(&writer->plain, PART_PLAIN_MAX);
	writer->name = strdup(name);
	writer->packer = ZSTD_createCCtx();
	writer->part = malloc(PART_HEAD_BYTES + PART_STORED_MAX);
	if (writer->name && writer->packer && writer->part)
		r = write_all(writer, EVIDENCE_MAGIC, EVIDENCE_MAGIC_BYTES, err);
	else
		r = err_errno(err, -ENOMEM, "%s", name);
	if (r < 0) {
		archive_writer_free(writer);
		return r;
	}
	*ret_writer = writer;
	return 0;
}

void archive_writer_free(struct archive_writer *writer)
{
	if (!writer)
		return;
	buf_done(&writer->front);
	buf_done(&writer->plain);
	ZSTD_freeCCtx(writer->packer);
	free(writer->part);
	free(writer->name);
	free(writer);
}

/* What people look at first stays readable as it lies. */
static bool is_packed(enum part_kind kind)
{
	return kind == PART_ROWS || kind == PART_FACTS;
}

static int store(struct archive_writer *writer, struct part_head *head, struct err *err)
{
	size_t plain = buf_length(&writer->plain), stored = plain;
	uint8_t *room = writer->part + PART_HEAD_BYTES;

	head->coding = is_packed(writer->kind) ? PART_ZSTD : PART_PLAIN;
	if (head->coding == PART_ZSTD)
		stored = ZSTD_compressCCtx(writer->packer, room, PART_STORED_MAX,
			buf_peek(&writer->plain), plain, ZSTD_LEVEL);
	else
		memcpy(room, buf_peek(&writer->plain), plain);
	if (ZSTD_isError(stored))
		return err_set(err, -EIO, "%s: zstd: %s", writer->name, ZSTD_getErrorName(stored));
	head->plain_bytes = (uint32_t)plain;
	head->stored_bytes = (uint32_t)stored;
	return 0;
}

static int write_part(struct archive_writer *writer, struct err *err)
{
	struct part_head head = {.kind = writer->kind, .number = writer->parts};
	int r = store(writer, &head, err);

	if (r < 0)
		return r;
	part_head_encode(&head, writer->part);
	r = part_seal(writer->part, head.stored_bytes, head.digest);
	if (r == 0)
		r = part_chain(writer->chain, head.digest);
	if (r < 0)
		return err_errno(err, r, "%s: digest of a part", writer->name);
	r = write_all(writer, writer->part, PART_HEAD_BYTES + head.stored_bytes, err);
	writer->parts++;
	return r;
}

static int begin_part(struct archive_writer *writer, struct err *err)
{
	int r;

	buf_clear(&writer->plain);
	writer->filled = false;
	r = buf_append(&writer->plain, buf_peek(&writer->front), buf_length(&writer->front));
	return r < 0 ? err_errno(err, r, "%s: front of a part", writer->name) : 0;
}

int archive_flush(struct archive_writer *writer, struct err *err)
{
	int r = writer->filled ? write_part(writer, err) : 0;

	return r < 0 ? r : begin_part(writer, err);
}

int archive_begin(struct archive_writer *writer, enum part_kind kind, struct archive_text front,
	struct err *err)
{
	int r = writer->filled ? write_part(writer, err) : 0;

	if (r < 0)
		return r;
	writer->kind = kind;
	buf_clear(&writer->front);
	r = buf_append(&writer->front, front.bytes, front.length);
	return r < 0 ? err_errno(err, r, "%s: front of a part", writer->name)
		     : begin_part(writer, err);
}

int archive_put(struct archive_writer *writer, struct archive_text item, struct err *err)
{
	int r = 0;

	if (writer->filled && buf_length(&writer->plain) + item.length > PART_FILL_BYTES)
		r = archive_flush(writer, err);
	if (r < 0)
		return r;
	r = buf_append(&writer->plain, item.bytes, item.length);
	if (r == -ENOBUFS)
		return err_set(err, -EMSGSIZE, "%s: an item of %zu bytes, a part holds %d",
			writer->name, item.length, PART_PLAIN_MAX);
	if (r < 0)
		return err_errno(err, r, "%s", writer->name);
	writer->filled = true;
	return 0;
}

uint32_t archive_parts(const struct archive_writer *writer)
{
	return writer->parts;
}

uint64_t archive_bytes(const struct archive_writer *writer)
{
	return writer->bytes;
}

const uint8_t *archive_chain(const struct archive_writer *writer)
{
	return writer->chain;
}
