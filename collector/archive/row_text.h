/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a table as lines of JSON, in a part of kind PART_ROWS:
 *
 *	{"table":"link","columns":["id","desa","lat"]}
 *	[3,"64.08.05.2001",0.98999999999999999]
 *	[4,"64.08.05.2002",null]
 *
 * A cell is a number, a text, null, or {"hex":"00ff"} for bytes; a text that is not UTF-8 is
 * {"text":"ff41"}. Pure.
 */
#ifndef PANTAU_ARCHIVE_ROW_TEXT_H
#define PANTAU_ARCHIVE_ROW_TEXT_H

#include "collector/archive/part.h"
#include "collector/store/registry_tables.h"
#include "common/buf.h"

/* Append a line. The errors of buf_append(), -EDOM for a number that JSON cannot say. */
int row_text_front(const struct table_row *row, struct buf *out);
int row_text_write(const struct table_row *row, struct buf *out);

struct row_text; /* a part, read row by row */

/* Borrows the bytes, which have a 0 behind. -EBADMSG with words. */
int row_text_open(const uint8_t *bytes, size_t length, struct row_text **ret_text, struct err *err);
void row_text_close(struct row_text *text);
/* 1: a row, borrowed until the next call; 0: no more; -EBADMSG with the line's number in the
 * part. */
int row_text_next(struct row_text *text, struct table_row *ret_row, struct err *err);

#endif
