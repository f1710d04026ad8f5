/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector's journal holds of one record: who sent it, when, and the bytes as they came.
 * Written by `ingest`, read by `ledger`. Little-endian, packed:
 *
 *     u8 version = 1, u8 reject code (0: sound), u32 agent, u64 nonce, i64 received (UTC, us),
 *     u32 run, u32 sequence, u8 length and bytes of the session's WAN, the record to the end
 *
 * Version 2 is the same, but for the record: it is no agent's, but what `ingest` itself saw of the
 * agent's session (sighting.h); nonce, run and sequence are 0.
 */
#ifndef PANTAU_PROTO_JOURNAL_RECORD_H
#define PANTAU_PROTO_JOURNAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "proto/model.h"

struct journal_record {
	uint32_t agent;
	uint64_t nonce; /* of the run, as HELLO gave it */
	int64_t received_utc_us;
	struct record_key key;
	bool sighted; /* the collector's own word */
	uint8_t reject_code; /* 0, or the enum reject_code with which it was refused */
	char wan[WAN_NAME_MAX + 1]; /* by which the session came in; may be empty */
	const uint8_t *record; /* borrowed */
	size_t record_length;
};

/* Appends. The errors of buf_append(). */
int journal_record_encode(const struct journal_record *record, struct buf *out);
/* The result's record points into `bytes`. -EBADMSG; -EPROTONOSUPPORT for a version of the future.
 * */
int journal_record_decode(const void *bytes, size_t length, struct journal_record *ret_record);

#endif
