/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/codec_arena.h"
#include "proto/codec_check.h"
#include "proto/codec_http.h"
#include "proto/codec_observation.h"
#include "proto/codec_quick.h"
#include "proto/codec_slot.h"
#include "proto/codec_speed.h"
#include "proto/pantau.pb-c.h"

_Static_assert((int)ANCHOR_MANUAL == PANTAU__V1__ANCHOR_SOURCE__ANCHOR_MANUAL, "anchor source");
_Static_assert((int)RECORD_SLOT == PANTAU__V1__RECORD__BODY_SLOT, "record kind");
_Static_assert((int)RECORD_OBSERVATION == PANTAU__V1__RECORD__BODY_OBSERVATION, "record kind");
_Static_assert((int)RESET_PANIC == PANTAU__V1__RESET__RESET_PANIC, "reset");

/* ---- check */

static int check_anchor(const Pantau__V1__Anchor *anchor, struct err *err)
{
	int code;

	if ((code = check_boot("anchor.boot", anchor->boot.len, err)))
		return code;
	if ((code = check_range("anchor.mono_us", anchor->mono_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_time("anchor.utc_us", anchor->utc_us, err)))
		return code;
	if ((code = check_range("anchor.error_us", anchor->error_us, 0, ANCHOR_ERROR_MAX_US, err)))
		return code;
	return check_known("anchor.source", (int)anchor->source, ANCHOR_NTP, ANCHOR_MANUAL, err);
}

static int check_dropped(const Pantau__V1__Dropped *dropped, struct err *err)
{
	int code;

	if ((code = check_boot("dropped.boot", dropped->boot.len, err)))
		return code;
	if ((code = check_range("dropped.last", dropped->last, 1, UINT32_MAX, err)))
		return code;
	if ((code = check_range("dropped.records", dropped->records, 1, dropped->last, err)))
		return code;
	if ((code = check_range("dropped.to_us", dropped->to_us, 0, MONO_MAX_US, err)))
		return code;
	return check_range("dropped.from_us", dropped->from_us, 0, dropped->to_us, err);
}

static int check_start(const Pantau__V1__Start *start, struct err *err)
{
	int code;

	if ((code = check_boot("start.boot", start->boot.len, err)))
		return code;
	if ((code = check_range("start.mono_us", start->mono_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_text("start.software", start->software, SOFTWARE_MAX, err)))
		return code;
	return check_known("start.reset", (int)start->reset, RESET_UNKNOWN, RESET_PANIC, err);
}

static int check_stop(const Pantau__V1__Stop *stop, struct err *err)
{
	int code = check_boot("stop.boot", stop->boot.len, err);

	return code ? code : check_range("stop.mono_us", stop->mono_us, 0, MONO_MAX_US, err);
}

static int check_record(const Pantau__V1__Record *record, struct err *err)
{
	switch (record->body_case) {
	case PANTAU__V1__RECORD__BODY_SLOT: return codec_slot_check(record->slot, err);
	case PANTAU__V1__RECORD__BODY_ANCHOR: return check_anchor(record->anchor, err);
	case PANTAU__V1__RECORD__BODY_DROPPED: return check_dropped(record->dropped, err);
	case PANTAU__V1__RECORD__BODY_START: return check_start(record->start, err);
	case PANTAU__V1__RECORD__BODY_STOP: return check_stop(record->stop, err);
	case PANTAU__V1__RECORD__BODY_SPEED: return codec_speed_check(record->speed, err);
	case PANTAU__V1__RECORD__BODY_HTTP: return codec_http_check(record->http, err);
	case PANTAU__V1__RECORD__BODY_OBSERVATION:
		return codec_observation_check(record->observation, err);
	default: break;
	}
	err_set(err, -EINVAL, "record: no body of a kind that is known here");
	return REJECT_UNSUPPORTED;
}

/* ---- read: of a checked record, so nothing can fail */

static void read_anchor(const Pantau__V1__Anchor *anchor, struct anchor *ret)
{
	memcpy(ret->boot, anchor->boot.data, BOOT_BYTES);
	ret->mono_us = anchor->mono_us;
	ret->utc_us = anchor->utc_us;
	ret->error_us = anchor->error_us;
	ret->source = (uint8_t)anchor->source;
}

static void read_dropped(const Pantau__V1__Dropped *dropped, struct dropped *ret)
{
	memcpy(ret->boot, dropped->boot.data, BOOT_BYTES);
	ret->last = dropped->last;
	ret->records = dropped->records;
	ret->from_us = dropped->from_us;
	ret->to_us = dropped->to_us;
}

static void read_start(const Pantau__V1__Start *start, struct start *ret)
{
	memcpy(ret->boot, start->boot.data, BOOT_BYTES);
	ret->mono_us = start->mono_us;
	ret->nonce = start->nonce;
	snprintf(ret->software, sizeof(ret->software), "%s", start->software);
	ret->reset = (uint8_t)start->reset;
}

static void read_record(const Pantau__V1__Record *record, struct record *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->kind = (enum record_kind)record->body_case;
	switch (ret->kind) {
	case RECORD_SLOT: codec_slot_read(record->slot, &ret->slot); break;
	case RECORD_ANCHOR: read_anchor(record->anchor, &ret->anchor); break;
	case RECORD_DROPPED: read_dropped(record->dropped, &ret->dropped); break;
	case RECORD_START: read_start(record->start, &ret->start); break;
	case RECORD_SPEED: codec_speed_read(record->speed, &ret->speed); break;
	case RECORD_HTTP: codec_http_read(record->http, &ret->http); break;
	case RECORD_OBSERVATION:
		codec_observation_read(record->observation, &ret->observation);
		break;
	case RECORD_STOP:
		memcpy(ret->stop.boot, record->stop->boot.data, BOOT_BYTES);
		ret->stop.mono_us = record->stop->mono_us;
		break;
	}
}

static int explain_failure(const struct arena *arena, struct err *err)
{
	if (arena->no_memory)
		return err_set(err, -ENOMEM, "record: no memory to read it");
	if (arena->exhausted) {
		err_set(err, -EINVAL, "record: takes more than %d bytes to read", UNPACK_BUDGET);
		return REJECT_INVALID;
	}
	err_set(err, -EINVAL, "record: not a protobuf message of this kind");
	return REJECT_MALFORMED;
}

int codec_plain_record(const void *bytes, size_t length, struct record *ret_record, struct err *err)
{
	Pantau__V1__Record *record;
	struct arena arena;
	int code;

	if (length > RECORD_MAX)
		return check_range("record's bytes", length, 1, RECORD_MAX, err);
	arena_init(&arena, UNPACK_BUDGET);
	record = pantau__v1__record__unpack(&arena.allocator, length, bytes);
	code = record ? check_record(record, err) : explain_failure(&arena, err);
	if (code == 0)
		read_record(record, ret_record);
	arena_done(&arena);
	return code;
}

int codec_record_decode(
	const void *bytes, size_t length, struct record *ret_record, struct err *err)
{
	if (length <= RECORD_MAX && codec_quick_slot(bytes, length, ret_record))
		return 0;
	return codec_plain_record(bytes, length, ret_record, err);
}

bool codec_record_is_slot(const void *bytes, size_t length)
{
	return length <= RECORD_MAX && codec_quick_check(bytes, length);
}

/* ---- encode */

static ProtobufCBinaryData boot_bytes(const uint8_t *boot)
{
	return (ProtobufCBinaryData){.len = BOOT_BYTES, .data = (uint8_t *)boot};
}

static int pack_record(const Pantau__V1__Record *record, struct buf *out)
{
	size_t size = pantau__v1__record__get_packed_size(record);
	uint8_t *room;
	int failed;

	if (size > RECORD_MAX)
		return -EMSGSIZE;
	failed = buf_reserve(out, size, &room);
	if (failed)
		return failed;
	buf_commit(out, pantau__v1__record__pack(record, room));
	return 0;
}

static int encode_slot(const struct slot *slot, Pantau__V1__Record *wire, struct buf *out)
{
	struct arena arena;
	int failed;

	if (slot->target_count > SLOT_TARGETS_MAX || slot->probe_count > SLOT_PROBES_MAX ||
		slot->event_count > SLOT_EVENTS_MAX || slot->dns_count > SLOT_DNS_MAX)
		return -EINVAL;
	arena_init(&arena, UNPACK_BUDGET);
	wire->slot = codec_slot_lay_out(slot, &arena);
	failed = wire->slot ? pack_record(wire, out) : -ENOMEM;
	arena_done(&arena);
	return failed;
}

static int encode_anchor(const struct anchor *anchor, Pantau__V1__Record *wire, struct buf *out)
{
	Pantau__V1__Anchor body = PANTAU__V1__ANCHOR__INIT;

	body.boot = boot_bytes(anchor->boot);
	body.mono_us = anchor->mono_us;
	body.utc_us = anchor->utc_us;
	body.error_us = anchor->error_us;
	body.source = (Pantau__V1__AnchorSource)anchor->source;
	wire->anchor = &body;
	return pack_record(wire, out);
}

static int encode_dropped(const struct dropped *dropped, Pantau__V1__Record *wire, struct buf *out)
{
	Pantau__V1__Dropped body = PANTAU__V1__DROPPED__INIT;

	body.boot = boot_bytes(dropped->boot);
	body.last = dropped->last;
	body.records = dropped->records;
	body.from_us = dropped->from_us;
	body.to_us = dropped->to_us;
	wire->dropped = &body;
	return pack_record(wire, out);
}

static int encode_start(const struct start *start, Pantau__V1__Record *wire, struct buf *out)
{
	Pantau__V1__Start body = PANTAU__V1__START__INIT;

	body.boot = boot_bytes(start->boot);
	body.mono_us = start->mono_us;
	body.nonce = start->nonce;
	body.software = (char *)start->software;
	body.reset = (Pantau__V1__Reset)start->reset;
	wire->start = &body;
	return pack_record(wire, out);
}

static int encode_stop(const struct stop *stop, Pantau__V1__Record *wire, struct buf *out)
{
	Pantau__V1__Stop body = PANTAU__V1__STOP__INIT;

	body.boot = boot_bytes(stop->boot);
	body.mono_us = stop->mono_us;
	wire->stop = &body;
	return pack_record(wire, out);
}

static int encode_speed(const struct speed *speed, Pantau__V1__Record *wire, struct buf *out)
{
	struct codec_speed laid;

	codec_speed_lay_out(speed, &laid);
	wire->speed = &laid.body;
	return pack_record(wire, out);
}

static int encode_http(const struct http *http, Pantau__V1__Record *wire, struct buf *out)
{
	Pantau__V1__Http body;

	codec_http_lay_out(http, &body);
	wire->http = &body;
	return pack_record(wire, out);
}

static int encode_observation(
	const struct observation *observation, Pantau__V1__Record *wire, struct buf *out)
{
	struct codec_observation laid;

	if (observation->item_count > OBSERVATION_ITEMS_MAX)
		return -EINVAL;
	codec_observation_lay_out(observation, &laid);
	wire->observation = &laid.body;
	return pack_record(wire, out);
}

int codec_record_encode(const struct record *record, struct buf *out)
{
	Pantau__V1__Record wire = PANTAU__V1__RECORD__INIT;

	wire.body_case = (Pantau__V1__Record__BodyCase)record->kind;
	switch (record->kind) {
	case RECORD_SLOT: return encode_slot(&record->slot, &wire, out);
	case RECORD_ANCHOR: return encode_anchor(&record->anchor, &wire, out);
	case RECORD_DROPPED: return encode_dropped(&record->dropped, &wire, out);
	case RECORD_START: return encode_start(&record->start, &wire, out);
	case RECORD_STOP: return encode_stop(&record->stop, &wire, out);
	case RECORD_SPEED: return encode_speed(&record->speed, &wire, out);
	case RECORD_HTTP: return encode_http(&record->http, &wire, out);
	case RECORD_OBSERVATION: return encode_observation(&record->observation, &wire, out);
	}
	return -EINVAL;
}
