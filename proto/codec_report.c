/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_report.h"

#include <errno.h>
#include <string.h>

#include "common/scratch.h"

/* The numbers of pantau.proto that are read here. */
enum { FROM_AGENT_REPORT = 2, FROM_AGENT_LAST = 6 };
enum { REPORT_ENTRIES = 1 };
enum { ENTRY_RUN = 1, ENTRY_SEQUENCE = 2, ENTRY_RECORD = 3 };

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

struct wire { /* a cursor over a message's fields, with a sticky error */
	const uint8_t *at, *end;
	bool failed;
};

struct field {
	uint32_t number;
	enum wire_type type;
	uint64_t value; /* WIRE_VARINT */
	const uint8_t *bytes; /* WIRE_BYTES, borrowed */
	size_t length;
};

static struct wire wire_over(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	return (struct wire){.at = at, .end = at + length};
}

static uint64_t take_varint(struct wire *wire)
{
	uint64_t value = 0;
	unsigned shift;

	for (shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
		uint8_t byte = *wire->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	wire->failed = true;
	return 0;
}

static const uint8_t *take_bytes(struct wire *wire, uint64_t length)
{
	const uint8_t *bytes = wire->at;

	if (wire->failed || length > (uint64_t)(wire->end - wire->at)) {
		wire->failed = true;
		return NULL;
	}
	wire->at += length;
	return bytes;
}

/* The next field, whatever it is; false at the end or once failed. */
static bool take_field(struct wire *wire, struct field *ret_field)
{
	uint64_t tag;

	if (wire->failed || wire->at == wire->end)
		return false;
	tag = take_varint(wire);
	*ret_field = (struct field){
		.number = (uint32_t)(tag >> 3),
		.type = (enum wire_type)(tag & 7),
	};
	if (tag >> 3 == 0 || tag > UINT32_MAX)
		wire->failed = true;
	switch (ret_field->type) {
	case WIRE_VARINT: ret_field->value = take_varint(wire); break;
	case WIRE_FIXED64: take_bytes(wire, 8); break;
	case WIRE_FIXED32: take_bytes(wire, 4); break;
	case WIRE_BYTES:
		ret_field->length = (size_t)take_varint(wire);
		ret_field->bytes = take_bytes(wire, ret_field->length);
		break;
	default: wire->failed = true; /* groups: never used by this protocol */
	}
	return !wire->failed;
}

int codec_report_peek(const void *bytes, size_t length)
{
	struct wire wire = wire_over(bytes, length);
	struct field field;
	int member = 0;

	while (take_field(&wire, &field)) {
		if (field.number > FROM_AGENT_LAST)
			continue;
		if (field.type != WIRE_BYTES)
			return -EPROTO;
		member = (int)field.number;
	}
	return wire.failed ? -EPROTO : member;
}

static bool take_number(const struct field *field, uint32_t *ret_number)
{
	if (field->type != WIRE_VARINT || field->value > UINT32_MAX)
		return false;
	*ret_number = (uint32_t)field->value;
	return true;
}

static int read_entry(const struct field *whole, struct entry *ret_entry)
{
	struct wire wire = wire_over(whole->bytes, whole->length);
	struct entry entry = {.record = whole->bytes};
	struct field field;

	while (take_field(&wire, &field)) {
		if (field.number == ENTRY_RUN) {
			if (!take_number(&field, &entry.key.run))
				return -EPROTO;
		} else if (field.number == ENTRY_SEQUENCE) {
			if (!take_number(&field, &entry.key.sequence))
				return -EPROTO;
		} else if (field.number == ENTRY_RECORD) {
			if (field.type != WIRE_BYTES)
				return -EPROTO;
			entry.record = field.bytes;
			entry.record_length = field.length;
		}
	}
	if (wire.failed)
		return -EPROTO;
	*ret_entry = entry;
	return 0;
}

static int read_entries(const struct field *whole, struct report *report, struct err *err)
{
	struct wire wire = wire_over(whole->bytes, whole->length);
	struct field field;

	while (take_field(&wire, &field)) {
		if (field.number != REPORT_ENTRIES)
			continue;
		if (report->entry_count == ENTRIES_MAX)
			return err_set(err, -EPROTO, "report.entries: more than %d", ENTRIES_MAX);
		if (field.type != WIRE_BYTES ||
			read_entry(&field, &report->entries[report->entry_count]) < 0)
			return err_set(err, -EPROTO, "report.entries[%zu]: not an Entry",
				report->entry_count);
		report->entry_count++;
	}
	return wire.failed ? err_set(err, -EPROTO, "report: not a Report") : 0;
}

int codec_report_read(const void *bytes, size_t length, struct report *ret_report, struct err *err)
{
	struct wire wire = wire_over(bytes, length);
	SCRATCH struct report report;
	struct field field;
	int failed;

	report.entry_count = 0;
	while (take_field(&wire, &field)) {
		if (field.number == FROM_AGENT_REPORT) {
			failed = read_entries(&field, &report, err);
			if (failed)
				return failed;
		} else if (field.number <= FROM_AGENT_LAST) {
			report.entry_count = 0; /* another member of the oneof stood here */
		}
	}
	if (wire.failed)
		return err_set(err, -EPROTO, "report: not a FromAgent");
	ret_report->entry_count = report.entry_count;
	memcpy(ret_report->entries, report.entries, report.entry_count * sizeof(report.entries[0]));
	return 0;
}
