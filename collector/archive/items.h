/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a part of kind PART_FACTS holds: items one after the other, each u8 kind, u32 length
 * (little-endian) and its bytes. Pure.
 */
#ifndef PANTAU_ARCHIVE_ITEMS_H
#define PANTAU_ARCHIVE_ITEMS_H

#include "common/buf.h"

#define ITEM_HEAD_BYTES 5

enum item_kind {
	ITEM_RECORD = 1, /* a record of the journal: proto/journal_record.h */
};

/* Appends. The errors of buf_append(). */
int item_write(enum item_kind kind, const void *bytes, size_t length, struct buf *out);

struct items { /* a part, read item by item; borrows the bytes */
	const uint8_t *bytes;
	size_t length, at;
	uint32_t next; /* number of the item at `at`, from 0 */
};

struct item {
	uint8_t kind; /* enum item_kind, or one of the future */
	const uint8_t *bytes;
	size_t length;
};

/* 1: an item; 0: no more; -EBADMSG: the part ends within one. */
int items_next(struct items *items, struct item *ret_item);

#endif
