/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the structs of model.h and protobuf bytes: only the codec's files know protobuf-c.
 * Decoding takes hostile bytes: memory comes from an arena of UNPACK_BUDGET, every range is
 * checked, and the outputs are untouched on failure. Fields that are not known are passed over.
 * The same struct always gives the same bytes.
 *
 *   codec_record.c            Record  -> codec_slot.c for the largest of them, codec_quick.c for
 *                             the commonest
 *   codec_message_encode.c    FromAgent, FromCollector
 *   codec_message_decode.c    the same  -> codec_report.c for a REPORT, read in place
 *   codec_check.c, codec_arena.c    single fields, with words; memory with a budget
 */
#ifndef PANTAU_PROTO_CODEC_H
#define PANTAU_PROTO_CODEC_H

#include <stddef.h>

#include "common/buf.h"
#include "common/err.h"
#include "proto/model.h"

/* ---- records */

/* Appends the encoded Record (at most RECORD_MAX bytes) to `out`. Ranges are the caller's care: the
 * collector checks them. -EMSGSIZE, -EINVAL (a count beyond its array), -ENOBUFS, -ENOMEM. */
int codec_record_encode(const struct record *record, struct buf *out);
/* 0, or a positive enum reject_code with words that name the field and the value; -ENOMEM. */
int codec_record_decode(
	const void *bytes, size_t length, struct record *ret_record, struct err *err);
/* true: they decode to a slot, which was found out without decoding it. false says nothing. */
bool codec_record_is_slot(const void *bytes, size_t length);

/* ---- messages: each encoder appends one whole frame, length prefix included */

struct hello {
	char software[SOFTWARE_MAX + 1];
	uint8_t boot[BOOT_BYTES];
	uint64_t sent_us;
	char wan[WAN_NAME_MAX + 1];
	size_t run_count;
	struct held_run runs[RUNS_MAX];
};

struct entry { /* bytes are borrowed */
	struct record_key key;
	uint32_t last; /* set by the receiver: the highest sequence that the record stands for */
	const uint8_t *record;
	size_t record_length;
};

struct report {
	size_t entry_count;
	struct entry entries[ENTRIES_MAX];
};

struct ack {
	uint32_t run, up_to;
};

struct time_answer {
	bool present; /* false also when the collector's clock is out of all range */
	uint64_t echo_us;
	int64_t received_utc_us, sent_utc_us;
	uint32_t error_us;
};

struct welcome {
	size_t durable_count;
	struct ack durable[RUNS_MAX];
	struct time_answer time;
};

enum message_kind {
	MESSAGE_UNKNOWN, /* of a newer peer: to be passed over */
	MESSAGE_HELLO,
	MESSAGE_REPORT,
	MESSAGE_PING,
	MESSAGE_WELCOME,
	MESSAGE_ACK,
	MESSAGE_REJECT,
	MESSAGE_PONG,
	MESSAGE_REFUSE,
};

struct message {
	enum message_kind kind;
	union {
		struct hello hello;
		struct report report; /* borrows from the decoded bytes, not from the arena */
		struct {
			uint64_t sent_us;
		} ping;
		struct welcome welcome;
		struct ack ack;
		struct {
			struct record_key key;
			int code; /* enum reject_code, or another number from a newer collector */
			char text[128];
		} reject;
		struct time_answer pong;
		struct {
			int code; /* enum refuse_code, or another number from a newer collector */
			char text[128];
		} refuse;
	};
};

/* Appends one frame. -EMSGSIZE over FRAME_MAX, -ENOBUFS, -ENOMEM. */
int codec_message_encode(const struct message *message, struct buf *out);
/* `bytes` is a frame's payload. Which side speaks decides which messages are known; one of a kind
 * that is not known is MESSAGE_UNKNOWN. -EPROTO with words, -ENOMEM. A report's entries point into
 * `bytes`. */
int codec_from_agent_decode(
	const void *bytes, size_t length, struct message *ret_message, struct err *err);
int codec_from_collector_decode(
	const void *bytes, size_t length, struct message *ret_message, struct err *err);

#endif
