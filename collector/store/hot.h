/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots as they came, one after the other: the body of a page that is not packed. Pure. An entry,
 * little-endian:
 *
 *	u32 sequence, u64 start_us, u32 length_ms, i64 received_us, u8 disputed,
 *	u16 due, made, lost, u8 asked, answered, ever, flags (the evidence),
 *	u8 length and bytes of the session's WAN, u16 length and bytes of the record
 */
#ifndef PANTAU_STORE_HOT_H
#define PANTAU_STORE_HOT_H

#include "collector/ledger/evidence.h"
#include "common/buf.h"

#define HOT_ENTRY_BYTES 64 /* at most, beside the record */

struct hot_entry {
	uint32_t sequence, length_ms;
	uint64_t start_us;
	int64_t received_us;
	bool disputed;
	struct evidence evidence;
	char via_wan[WAN_NAME_MAX + 1];
	const uint8_t *record; /* borrowed */
	size_t record_length;
};

/* Appends. The errors of buf_append(), -EMSGSIZE. */
int hot_append(struct buf *out, const struct hot_entry *entry);
/* 1: an entry, *at moves behind it; 0: the end; -EBADMSG. */
int hot_next(const uint8_t *bytes, size_t length, size_t *at, struct hot_entry *ret_entry);
/* The entry that begins at `at` is disputed from now on. */
void hot_dispute(uint8_t *bytes, size_t at);

#endif
