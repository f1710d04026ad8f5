/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the structs of model.h and protobuf bytes: only the codec's files know protobuf-c.
 * Decoding takes hostile bytes: memory comes from an arena of UNPACK_BUDGET, every range is
 * checked, and the outputs are untouched on failure. Fields that are not known are passed over.
 * The same struct always gives the same bytes.
 *
 *   codec_record.c            Record  -> codec_slot.c for the largest of them (-> codec_dns.c),
 *                             codec_quick.c for the commonest, codec_speed.c, codec_http.c,
 *                             codec_observation.c
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
/* Of which kind it is if it is a sound record, without decoding it; 0: that cannot be told. */
enum record_kind codec_record_kind(const void *bytes, size_t length);
/* true: they decode to a slot, which was found out without decoding it. false says nothing. */
bool codec_record_is_slot(const void *bytes, size_t length);
/* When it was, on the monotonic clock, without decoding it: of what holds little else. -EBADMSG. */
int codec_record_span(const void *bytes, size_t length, uint64_t *ret_from_us, uint64_t *ret_to_us);
/* The WAN of an encoded slot, borrowed from it; false: it is none, or not as this program writes
 * them. */
bool codec_slot_wan(const void *bytes, size_t length, const uint8_t **ret_wan, size_t *ret_length);

/* ---- messages: each encoder appends one whole frame, length prefix included */

struct hello {
	char software[SOFTWARE_MAX + 1];
	uint8_t boot[BOOT_BYTES];
	uint64_t sent_us;
	char wan[WAN_NAME_MAX + 1];
	size_t run_count;
	struct held_run runs[RUNS_MAX];
	uint32_t configuration; /* version followed; 0: its own file alone */
	uint32_t configuration_refused; /* version not taken, or given up; 0: none */
	char configuration_trouble[CONFIGURATION_TROUBLE_MAX + 1]; /* why */
};

struct following { /* as in struct hello */
	uint32_t version, refused;
	char trouble[CONFIGURATION_TROUBLE_MAX + 1];
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

struct configuration { /* text borrowed: from who encodes, or from the decoded bytes */
	uint32_t version; /* 0: none came */
	const char *text; /* not terminated; decoded, NULL: no text, or too long, to be refused */
	size_t length; /* at most CONFIGURATION_MAX */
};

struct welcome {
	size_t durable_count;
	struct ack durable[RUNS_MAX];
	struct time_answer time;
	struct configuration configuration;
	uint32_t comeback_s; /* 0: nothing was said */
};

struct lease {
	uint32_t number;
	bool granted;
	uint32_t seconds; /* granted: how long it holds; otherwise: ask again after */
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
	MESSAGE_LEASE_REQUEST,
	MESSAGE_LEASE_RETURN,
	MESSAGE_LEASE,
	MESSAGE_FOLLOWING,
	MESSAGE_CONFIGURATION,
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
			uint32_t number;
			char wan[WAN_NAME_MAX + 1];
		} lease_request;
		struct {
			uint32_t number;
		} lease_return;
		struct lease lease;
		struct following following;
		struct configuration configuration;
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
