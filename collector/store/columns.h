/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of a kind beside each other, so that they pack well: a page's slots are written into
 * columns, or read out of them, by the same walk. Each call takes or gives one number; the walk
 * decides what comes next and what it expects, and only the difference is kept.
 *
 *	small numbers	varints in a column of bytes, which zstd makes smaller
 *	large ones	their length in such a column, their bits as they are in one of their own
 *
 * On disk: u8 version, for each column varint bytes, varint bytes packed (0: as they are) and the
 * bytes; u32 CRC-32C of all before it.
 */
#ifndef PANTAU_STORE_COLUMNS_H
#define PANTAU_STORE_COLUMNS_H

#include <stdbool.h>

#include "collector/store/zstd_bytes.h"
#include "common/buf.h"

#define COLUMNS_MAX 24
#define COLUMNS_BYTES_MAX (32 * 1024 * 1024) /* of all columns: bounds what garbage can cost */

struct columns;

/* Borrows `zstd`. NULL: out of memory. */
struct columns *columns_new(struct zstd *zstd, unsigned count);
void columns_free(struct columns *columns);

/* To be written; empty. */
void columns_begin(struct columns *columns);
/* Appends what was written. -ENOMEM, -ENOBUFS, -EMSGSIZE. */
int columns_save(struct columns *columns, struct buf *out);
/* To be read. -EBADMSG for what columns_save() did not write; -ENOMEM. */
int columns_load(struct columns *columns, const uint8_t *bytes, size_t length);
/* Something was read beyond its end, or did not fit. Nothing read after it means anything. */
bool columns_failed(const struct columns *columns);
/* Everything was read, to the last byte. */
bool columns_at_end(const struct columns *columns);
void columns_fail(struct columns *columns);

/* Written: returns `value`. Read: returns what was written there. */
uint64_t columns_number(struct columns *columns, unsigned column, uint64_t value);
uint64_t columns_near(struct columns *columns, unsigned column, uint64_t value, uint64_t expected);
uint8_t columns_byte(struct columns *columns, unsigned column, uint8_t value);
/* Below COLUMNS_SMALL, two of them a byte: what is nearly always nothing takes less than a bit. */
#define COLUMNS_SMALL 16
uint8_t columns_small(struct columns *columns, unsigned column, uint8_t value);
/* Only the length of the number goes to `column`; its bits to `bits`. */
uint64_t columns_large(struct columns *columns, unsigned column, unsigned bits, uint64_t value);

bool columns_reads(const struct columns *columns);

#endif
