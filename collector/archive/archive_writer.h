/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of evidence, written as a stream: items are gathered into parts, each is packed, digested
 * and written when it is full. Memory: one part, whatever the file's size.
 */
#ifndef PANTAU_ARCHIVE_WRITER_H
#define PANTAU_ARCHIVE_WRITER_H

#include "collector/archive/part.h"
#include "common/err.h"

struct archive_writer;

/* Writes to fd, which is borrowed, from where it stands. Copies the name, which is for words. */
int archive_writer_new(
	int fd, const char *name, struct archive_writer **ret_writer, struct err *err);
void archive_writer_free(struct archive_writer *writer);

struct archive_text { /* borrowed */
	const void *bytes;
	size_t length;
};

/* Writes the open part, if there is one, and begins one of this kind with `front`, which each
 * further part of its kind repeats until archive_begin() is called again. -EMSGSIZE, or the -errno
 * of a write. */
int archive_begin(struct archive_writer *writer, enum part_kind kind, struct archive_text front,
	struct err *err);
/* Appends to the open part, or to the next one when it is full: an item is never divided.
 * -EMSGSIZE: it is larger than a part may be. */
int archive_put(struct archive_writer *writer, struct archive_text item, struct err *err);
/* Writes the open part, if there is one with more in it than its front. */
int archive_flush(struct archive_writer *writer, struct err *err);

/* Of what was written up to now. */
uint32_t archive_parts(const struct archive_writer *writer);
uint64_t archive_bytes(const struct archive_writer *writer);
/* The digests of all parts, chained (part_chain()). Borrowed. */
const uint8_t *archive_chain(const struct archive_writer *writer);

#endif
