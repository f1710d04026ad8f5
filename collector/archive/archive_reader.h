/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of evidence, read as a stream, part by part; what is not as it was written is told with
 * its place. Bytes from outside: everything is checked before it is believed.
 */
#ifndef PANTAU_ARCHIVE_READER_H
#define PANTAU_ARCHIVE_READER_H

#include <stdbool.h>

#include "collector/archive/part.h"
#include "common/err.h"

struct archive_reader;

/* Opens a file. -ENOENT, or -EBADMSG: it is no file of evidence. Copies the path. */
int archive_reader_open(const char *path, struct archive_reader **ret_reader, struct err *err);
void archive_reader_close(struct archive_reader *reader);

struct archive_part { /* borrowed until the next call */
	enum part_kind kind;
	uint32_t number;
	const uint8_t *bytes; /* plain, with a 0 behind */
	size_t length;
};

/* 1: a part; 0: the end, after PART_END and nothing behind it. -EBADMSG with the part and its place
 * in the file: cut, damaged, out of order, or more than there should be. */
int archive_read(struct archive_reader *reader, struct archive_part *ret_part, struct err *err);
/* The same, but what is stored in parts of other kinds is passed over unread (length 0). */
int archive_read_only(struct archive_reader *reader, enum part_kind kind,
	struct archive_part *ret_part, struct err *err);
/* Passes over the damaged part that was read last. -EBADMSG: where it ends cannot be known. */
int archive_skip_damaged(struct archive_reader *reader, struct err *err);

/* Of the parts read with archive_read(). After the last one: the name of the file. Borrowed. */
const uint8_t *archive_read_chain(const struct archive_reader *reader);
/* Before the last part read: what that part (PART_END) says of those before it. Borrowed. */
const uint8_t *archive_read_chain_before(const struct archive_reader *reader);
uint64_t archive_read_bytes(const struct archive_reader *reader);

#endif
