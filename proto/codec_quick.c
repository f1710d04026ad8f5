/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_quick.h"

#include <stddef.h>
#include <string.h>

#include "common/scratch.h"

#define PROBES_MAX 64 /* a round every ten seconds, all of them lost, takes 42 */
#define NUMBER_BYTES_MAX 10

/* Tags of the fields that are known here: each takes one byte. */
#define NUMBER(field) ((field) << 3)
#define PART(field) ((field) << 3 | 2)

struct cursor {
	const uint8_t *at, *end;
	bool odd; /* something that is not for us: stays set */
};

struct quick_slot { /* a slot without the rare parts */
	uint8_t boot[BOOT_BYTES];
	bool has_boot, has_facts, has_stamp;
	uint64_t start_us;
	uint32_t length_ms;
	uint16_t rounds_due, target_count, probe_count, dns_count;
	char wan[WAN_NAME_MAX + 1];
	struct stamp stamp;
	struct wan_facts facts;
	/* zeroed one by one, as they come: so far as the counts go */
	struct target targets[SLOT_TARGETS_MAX];
	struct probe probes[PROBES_MAX];
	struct dns dns[SLOT_DNS_MAX];
};

/* ---- the wire */

static uint64_t take_long_number(struct cursor *cursor, uint64_t max)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < NUMBER_BYTES_MAX && cursor->at < cursor->end; i++) {
		uint8_t byte = *cursor->at++;
		number |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (byte < 0x80) {
			/* of the tenth byte, 64 bits take one bit */
			cursor->odd |= number > max || (i == NUMBER_BYTES_MAX - 1 && byte > 1);
			return number;
		}
	}
	cursor->odd = true;
	return 0;
}

/* Most take one byte. */
static inline uint64_t take_number(struct cursor *cursor, uint64_t max)
{
	if (cursor->at == cursor->end || *cursor->at >= 0x80)
		return take_long_number(cursor, max);
	cursor->odd |= *cursor->at > max;
	return *cursor->at++;
}

static struct cursor take_part(struct cursor *cursor)
{
	size_t length = take_number(cursor, (uint64_t)(cursor->end - cursor->at));
	struct cursor part = {cursor->at, cursor->at, cursor->odd};

	/* the number itself took bytes too */
	if (cursor->odd || length > (size_t)(cursor->end - cursor->at)) {
		cursor->odd = part.odd = true;
		return part;
	}
	cursor->at += length;
	part.end = cursor->at;
	return part;
}

static void take_address(struct cursor *cursor, struct address *ret)
{
	struct cursor part = take_part(cursor);
	size_t length = (size_t)(part.end - part.at);

	cursor->odd |= length != 0 && length != 4 && length != sizeof(ret->bytes);
	if (cursor->odd)
		return;
	memset(ret, 0, sizeof(*ret));
	ret->length = (uint8_t)length;
	memcpy(ret->bytes, part.at, length);
}

static bool is_over(const struct cursor *cursor)
{
	return cursor->odd || cursor->at == cursor->end;
}

/* ---- parts of a slot: what is not said is zero; true: sound */

static bool read_target(struct cursor from, struct target *ret)
{
	while (!is_over(&from))
		switch (*from.at++) {
		case NUMBER(1): ret->class = take_number(&from, CLASS_INTERNET); break;
		case PART(2): take_address(&from, &ret->address); break;
		case NUMBER(3): ret->port = (uint16_t)take_number(&from, UINT16_MAX); break;
		default: from.odd = true;
		}
	return !from.odd && ret->class && ret->address.length;
}

static bool read_probe(struct cursor from, struct probe *ret)
{
	while (!is_over(&from))
		switch (*from.at++) {
		case NUMBER(1): ret->offset_ms = take_number(&from, OFFSET_MAX_MS); break;
		case NUMBER(2): ret->target = take_number(&from, SLOT_TARGETS_MAX - 1); break;
		case NUMBER(3): ret->kind = take_number(&from, PROBE_STAMP); break;
		case NUMBER(4): ret->outcome = take_number(&from, OUTCOME_REFUSED); break;
		case NUMBER(5): ret->refusal = take_number(&from, REFUSAL_OTHER); break;
		case NUMBER(6): ret->rtt_us = take_number(&from, RTT_MAX_US); break;
		case NUMBER(7): ret->round = take_number(&from, SLOT_ROUNDS_MAX - 1); break;
		case NUMBER(8): ret->follow_up = take_number(&from, true); break;
		default: from.odd = true;
		}
	return !from.odd && ret->kind && ret->outcome &&
		(ret->outcome == OUTCOME_ANSWERED || !ret->rtt_us);
}

static bool read_facts(struct cursor from, struct wan_facts *ret)
{
	while (!is_over(&from))
		switch (*from.at++) {
		case NUMBER(1): ret->carrier = take_number(&from, CARRIER_DOWN); break;
		case PART(2): take_address(&from, &ret->address); break;
		case NUMBER(3): ret->gateway = take_number(&from, NEIGHBOUR_FAILED); break;
		case NUMBER(4): ret->rx_bytes = take_number(&from, UINT64_MAX); break;
		case NUMBER(5): ret->tx_bytes = take_number(&from, UINT64_MAX); break;
		case NUMBER(6): ret->rx_packets = take_number(&from, UINT64_MAX); break;
		case NUMBER(7): ret->tx_packets = take_number(&from, UINT64_MAX); break;
		case NUMBER(8): ret->errors = take_number(&from, UINT64_MAX); break;
		case NUMBER(9): ret->clients_plus_one = take_number(&from, CLIENTS_MAX + 1); break;
		default: from.odd = true;
		}
	return !from.odd;
}

static bool read_dns(struct cursor from, struct dns *ret)
{
	while (!is_over(&from))
		switch (*from.at++) {
		case NUMBER(1): ret->offset_ms = take_number(&from, OFFSET_MAX_MS); break;
		case PART(2): take_address(&from, &ret->resolver); break;
		case NUMBER(3): ret->question = take_number(&from, DNS_ABSENT); break;
		case NUMBER(4): ret->outcome = take_number(&from, DNS_OUTCOME_COUNT - 1); break;
		case NUMBER(5): ret->rtt_us = take_number(&from, RTT_MAX_US); break;
		default: from.odd = true;
		}
	if (from.odd || !ret->resolver.length || !ret->question || !ret->outcome)
		return false;
	if (ret->outcome == (ret->question == DNS_PRESENT ? DNS_HIJACKED : DNS_ANSWERED))
		return false;
	return !ret->rtt_us || (ret->outcome != DNS_TIMEOUT && ret->outcome != DNS_UNSENT);
}

static bool read_stamp(struct cursor from, struct stamp *ret)
{
	while (!is_over(&from))
		switch (*from.at++) {
		case NUMBER(1): ret->sent = take_number(&from, SLOT_STAMP_MAX); break;
		case NUMBER(2): ret->lost_out = take_number(&from, SLOT_STAMP_MAX); break;
		case NUMBER(3): ret->lost_back = take_number(&from, SLOT_STAMP_MAX); break;
		case NUMBER(4): ret->forged = take_number(&from, UINT32_MAX); break;
		default: from.odd = true;
		}
	return !from.odd && ret->sent && ret->lost_out + ret->lost_back <= ret->sent;
}

static bool read_boot(struct cursor from, struct quick_slot *slot)
{
	if (from.odd || from.end - from.at != BOOT_BYTES)
		return false;
	memcpy(slot->boot, from.at, BOOT_BYTES);
	slot->has_boot = true;
	return true;
}

static bool read_wan(struct cursor from, struct quick_slot *slot)
{
	size_t length = (size_t)(from.end - from.at);

	if (from.odd || length < 1 || length > WAN_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		uint8_t c = from.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
			    c == '-'))
			return false;
	}
	memset(slot->wan, 0, sizeof(slot->wan));
	memcpy(slot->wan, from.at, length);
	return true;
}

static bool add_target(struct cursor from, struct quick_slot *slot)
{
	struct target *target = &slot->targets[slot->target_count];

	if (slot->target_count == SLOT_TARGETS_MAX)
		return false;
	slot->target_count++;
	memset(target, 0, sizeof(*target));
	return read_target(from, target);
}

static bool add_probe(struct cursor from, struct quick_slot *slot)
{
	struct probe *probe = &slot->probes[slot->probe_count];

	if (slot->probe_count == PROBES_MAX)
		return false;
	slot->probe_count++;
	memset(probe, 0, sizeof(*probe));
	return read_probe(from, probe);
}

/* A second one would be merged with the first. */
static bool add_facts(struct cursor from, struct quick_slot *slot)
{
	bool first = !slot->has_facts;

	slot->has_facts = true;
	return first && read_facts(from, &slot->facts);
}

static bool add_dns(struct cursor from, struct quick_slot *slot)
{
	struct dns *dns = &slot->dns[slot->dns_count];

	if (slot->dns_count == SLOT_DNS_MAX)
		return false;
	slot->dns_count++;
	memset(dns, 0, sizeof(*dns));
	return read_dns(from, dns);
}

static bool add_stamp(struct cursor from, struct quick_slot *slot)
{
	bool first = !slot->has_stamp;

	slot->has_stamp = true;
	return first && read_stamp(from, &slot->stamp);
}

/* ---- the slot */

static bool read_field(uint8_t tag, struct cursor *from, struct quick_slot *slot)
{
	switch (tag) {
	case PART(1): return read_boot(take_part(from), slot);
	case NUMBER(2): slot->start_us = take_number(from, MONO_MAX_US); return true;
	case NUMBER(3): slot->length_ms = take_number(from, SLOT_LENGTH_MAX_MS); return true;
	case PART(4): return read_wan(take_part(from), slot);
	case NUMBER(5): slot->rounds_due = take_number(from, SLOT_ROUNDS_MAX); return true;
	case PART(6): return add_target(take_part(from), slot);
	case PART(7): return add_probe(take_part(from), slot);
	case PART(8): return add_facts(take_part(from), slot);
	case PART(10): return add_dns(take_part(from), slot);
	case PART(11): return add_stamp(take_part(from), slot);
	default: return false;
	}
}

static bool is_sound(const struct quick_slot *slot)
{
	if (!slot->has_boot || !slot->wan[0] || slot->length_ms < SLOT_LENGTH_MIN_MS)
		return false;
	for (size_t i = 0; i < slot->probe_count; i++)
		if (slot->probes[i].target >= slot->target_count)
			return false;
	return true;
}

/* Into zeroed memory, padding too: so records can be compared as bytes. */
static void give(const struct quick_slot *from, struct record *ret_record)
{
	struct slot *slot = &ret_record->slot;

	memset(ret_record, 0, sizeof(*ret_record));
	ret_record->kind = RECORD_SLOT;
	memcpy(slot->boot, from->boot, BOOT_BYTES);
	slot->start_us = from->start_us;
	slot->length_ms = from->length_ms;
	memcpy(slot->wan, from->wan, sizeof(slot->wan));
	slot->rounds_due = from->rounds_due;
	slot->target_count = from->target_count;
	slot->probe_count = from->probe_count;
	slot->dns_count = from->dns_count;
	memcpy(slot->targets, from->targets, from->target_count * sizeof(from->targets[0]));
	memcpy(slot->probes, from->probes, from->probe_count * sizeof(from->probes[0]));
	memcpy(slot->dns, from->dns, from->dns_count * sizeof(from->dns[0]));
	slot->stamp = from->stamp;
	memcpy(&slot->facts, &from->facts, sizeof(slot->facts));
}

static bool read_record(const uint8_t *bytes, size_t length, struct quick_slot *slot)
{
	struct cursor from = {bytes, bytes, false};

	if (length < 2 || *from.at++ != PART(RECORD_SLOT))
		return false;
	from.end += length;
	if (take_number(&from, length) != (uint64_t)(from.end - from.at))
		return false;
	memset(slot, 0, offsetof(struct quick_slot, targets));
	while (!is_over(&from))
		if (!read_field(*from.at++, &from, slot))
			return false;
	return !from.odd && is_sound(slot);
}

bool codec_quick_slot(const uint8_t *bytes, size_t length, struct record *ret_record)
{
	SCRATCH struct quick_slot slot;

	if (!read_record(bytes, length, &slot))
		return false;
	give(&slot, ret_record);
	return true;
}

bool codec_quick_check(const uint8_t *bytes, size_t length)
{
	SCRATCH struct quick_slot slot;

	return read_record(bytes, length, &slot);
}
