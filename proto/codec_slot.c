/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_slot.h"

#include <errno.h>
#include <string.h>

#include "proto/codec_check.h"
#include "proto/codec_dns.h"

/* The plain enums are the wire's: one cast, no table. */
_Static_assert((int)CLASS_INTERNET == PANTAU__V1__TARGET_CLASS__CLASS_INTERNET, "class");
_Static_assert((int)PROBE_STAMP == PANTAU__V1__PROBE_KIND__PROBE_STAMP, "kind");
_Static_assert((int)OUTCOME_REFUSED == PANTAU__V1__OUTCOME__OUTCOME_REFUSED, "outcome");
_Static_assert((int)REFUSAL_OTHER == PANTAU__V1__REFUSAL__REFUSAL_OTHER, "refusal");
_Static_assert((int)CARRIER_DOWN == PANTAU__V1__CARRIER__CARRIER_DOWN, "carrier");
_Static_assert((int)NEIGHBOUR_FAILED == PANTAU__V1__NEIGHBOUR__NEIGHBOUR_FAILED, "neighbour");
_Static_assert((int)EVENT_CLOCK_STEP == PANTAU__V1__EVENT_KIND__EVENT_CLOCK_STEP, "event");

/* ---- check */

static int check_target(const Pantau__V1__Target *target, struct err *err)
{
	int code;

	if ((code = check_known("class", (int)target->class_, CLASS_GATEWAY, CLASS_INTERNET, err)))
		return code;
	if ((code = check_address("address", target->address.len, false, err)))
		return code;
	return check_range("port", target->port, 0, UINT16_MAX, err);
}

static int check_answer(const Pantau__V1__Probe *probe, struct err *err)
{
	bool answered = probe->outcome == PANTAU__V1__OUTCOME__OUTCOME_ANSWERED;
	int code;

	if ((code = check_known(
		     "outcome", (int)probe->outcome, OUTCOME_ANSWERED, OUTCOME_REFUSED, err)))
		return code;
	if ((code = check_known("refusal", (int)probe->refusal, REFUSAL_NONE, REFUSAL_OTHER, err)))
		return code;
	return check_range(answered ? "rtt_us" : "rtt_us of a probe without an answer",
		probe->rtt_us, 0, answered ? RTT_MAX_US : 0, err);
}

static int check_probe(const Pantau__V1__Probe *probe, size_t targets, struct err *err)
{
	int code;

	if (targets == 0 || probe->target >= targets) {
		err_set(err, -EINVAL, "target = %u: the slot has %zu targets", probe->target,
			targets);
		return REJECT_INVALID;
	}
	if ((code = check_range("offset_ms", probe->offset_ms, 0, OFFSET_MAX_MS, err)))
		return code;
	if ((code = check_known("kind", (int)probe->kind, PROBE_ICMP, PROBE_STAMP, err)))
		return code;
	if ((code = check_range("round", probe->round, 0, SLOT_ROUNDS_MAX - 1, err)))
		return code;
	return check_answer(probe, err);
}

static int check_event(const Pantau__V1__Event *event, struct err *err)
{
	int code;

	if ((code = check_known("kind", (int)event->kind, EVENT_CARRIER_UP, EVENT_CLOCK_STEP, err)))
		return code;
	return check_range("offset_ms", event->offset_ms, 0, OFFSET_MAX_MS, err);
}

static int check_facts(const Pantau__V1__Wan *facts, struct err *err)
{
	int code;

	if ((code = check_known("slot.facts.carrier", (int)facts->carrier, CARRIER_UNKNOWN,
		     CARRIER_DOWN, err)))
		return code;
	if ((code = check_known("slot.facts.gateway", (int)facts->gateway, NEIGHBOUR_UNKNOWN,
		     NEIGHBOUR_FAILED, err)))
		return code;
	if ((code = check_range("slot.facts.clients_plus_one", facts->clients_plus_one, 0,
		     CLIENTS_MAX + 1, err)))
		return code;
	return check_address("slot.facts.address", facts->address.len, true, err);
}

static int check_stamp(const Pantau__V1__Stamp *stamp, struct err *err)
{
	int code;

	if ((code = check_range("slot.stamp.sent", stamp->sent, 1, SLOT_STAMP_MAX, err)))
		return code;
	if ((code = check_range("slot.stamp.lost_out", stamp->lost_out, 0, stamp->sent, err)))
		return code;
	return check_range(
		"slot.stamp.lost_back", stamp->lost_back, 0, stamp->sent - stamp->lost_out, err);
}

static int check_lists(const Pantau__V1__Slot *slot, struct err *err)
{
	size_t i;
	int code;

	for (i = 0; i < slot->n_targets; i++)
		if ((code = check_target(slot->targets[i], err))) {
			err_prefix(err, "slot.targets[%zu]", i);
			return code;
		}
	for (i = 0; i < slot->n_probes; i++)
		if ((code = check_probe(slot->probes[i], slot->n_targets, err))) {
			err_prefix(err, "slot.probes[%zu]", i);
			return code;
		}
	for (i = 0; i < slot->n_events; i++)
		if ((code = check_event(slot->events[i], err))) {
			err_prefix(err, "slot.events[%zu]", i);
			return code;
		}
	for (i = 0; i < slot->n_dns; i++)
		if ((code = codec_dns_check(slot->dns[i], err))) {
			err_prefix(err, "slot.dns[%zu]", i);
			return code;
		}
	return 0;
}

static int check_counts(const Pantau__V1__Slot *slot, struct err *err)
{
	int code;

	if ((code = check_range("slot.rounds_due", slot->rounds_due, 0, SLOT_ROUNDS_MAX, err)))
		return code;
	if ((code = check_range("slot.targets' number", slot->n_targets, 0, SLOT_TARGETS_MAX, err)))
		return code;
	if ((code = check_range("slot.probes' number", slot->n_probes, 0, SLOT_PROBES_MAX, err)))
		return code;
	if ((code = check_range("slot.events' number", slot->n_events, 0, SLOT_EVENTS_MAX, err)))
		return code;
	return check_range("slot.dns' number", slot->n_dns, 0, SLOT_DNS_MAX, err);
}

int codec_slot_check(const Pantau__V1__Slot *slot, struct err *err)
{
	int code;

	if ((code = check_boot("slot.boot", slot->boot.len, err)))
		return code;
	if ((code = check_range("slot.start_us", slot->start_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_range("slot.length_ms", slot->length_ms, SLOT_LENGTH_MIN_MS,
		     SLOT_LENGTH_MAX_MS, err)))
		return code;
	if ((code = check_wan("slot.wan", slot->wan, err)))
		return code;
	if ((code = check_counts(slot, err)) || (code = check_lists(slot, err)))
		return code;
	if (slot->facts && (code = check_facts(slot->facts, err)))
		return code;
	return slot->stamp ? check_stamp(slot->stamp, err) : 0;
}

/* ---- read */

/* Member by member into zeroed memory, padding too: so records can be compared as bytes. */

static void read_address(const ProtobufCBinaryData *bytes, struct address *ret)
{
	ret->length = (uint8_t)bytes->len;
	if (bytes->len)
		memcpy(ret->bytes, bytes->data, bytes->len);
}

static void read_target(const Pantau__V1__Target *target, struct target *ret)
{
	ret->class = (enum target_class)target->class_;
	read_address(&target->address, &ret->address);
	ret->port = (uint16_t)target->port;
}

static void read_probe(const Pantau__V1__Probe *probe, struct probe *ret)
{
	ret->offset_ms = probe->offset_ms;
	ret->rtt_us = probe->rtt_us;
	ret->round = (uint16_t)probe->round;
	ret->target = (uint8_t)probe->target;
	ret->kind = (uint8_t)probe->kind;
	ret->outcome = (uint8_t)probe->outcome;
	ret->refusal = (uint8_t)probe->refusal;
	ret->follow_up = probe->follow_up;
}

static void read_event(const Pantau__V1__Event *event, struct event *ret)
{
	ret->kind = (uint8_t)event->kind;
	ret->offset_ms = event->offset_ms;
	ret->value = event->value;
}

static void read_facts(const Pantau__V1__Wan *facts, struct wan_facts *ret)
{
	ret->carrier = (uint8_t)facts->carrier;
	ret->gateway = (uint8_t)facts->gateway;
	read_address(&facts->address, &ret->address);
	ret->rx_bytes = facts->rx_bytes;
	ret->tx_bytes = facts->tx_bytes;
	ret->rx_packets = facts->rx_packets;
	ret->tx_packets = facts->tx_packets;
	ret->errors = facts->errors;
	ret->clients_plus_one = facts->clients_plus_one;
}

static void read_stamp(const Pantau__V1__Stamp *stamp, struct stamp *ret)
{
	ret->sent = stamp->sent;
	ret->lost_out = stamp->lost_out;
	ret->lost_back = stamp->lost_back;
	ret->forged = stamp->forged;
}

void codec_slot_read(const Pantau__V1__Slot *slot, struct slot *ret_slot)
{
	size_t i;

	memcpy(ret_slot->boot, slot->boot.data, BOOT_BYTES);
	ret_slot->start_us = slot->start_us;
	ret_slot->length_ms = slot->length_ms;
	memcpy(ret_slot->wan, slot->wan, strlen(slot->wan)); /* checked to fit, with its end */
	ret_slot->rounds_due = (uint16_t)slot->rounds_due;
	ret_slot->target_count = (uint16_t)slot->n_targets;
	for (i = 0; i < slot->n_targets; i++)
		read_target(slot->targets[i], &ret_slot->targets[i]);
	ret_slot->probe_count = (uint16_t)slot->n_probes;
	for (i = 0; i < slot->n_probes; i++)
		read_probe(slot->probes[i], &ret_slot->probes[i]);
	ret_slot->event_count = (uint16_t)slot->n_events;
	for (i = 0; i < slot->n_events; i++)
		read_event(slot->events[i], &ret_slot->events[i]);
	ret_slot->dns_count = (uint16_t)slot->n_dns;
	for (i = 0; i < slot->n_dns; i++)
		codec_dns_read(slot->dns[i], &ret_slot->dns[i]);
	if (slot->facts)
		read_facts(slot->facts, &ret_slot->facts);
	if (slot->stamp)
		read_stamp(slot->stamp, &ret_slot->stamp);
}

/* ---- lay out */

static ProtobufCBinaryData lay_out_address(const struct address *address)
{
	return (ProtobufCBinaryData){.len = address->length, .data = (uint8_t *)address->bytes};
}

static void lay_out_target(const struct target *target, Pantau__V1__Target *ret)
{
	pantau__v1__target__init(ret);
	ret->class_ = (Pantau__V1__TargetClass)target->class;
	ret->address = lay_out_address(&target->address);
	ret->port = target->port;
}

static void lay_out_probe(const struct probe *probe, Pantau__V1__Probe *ret)
{
	pantau__v1__probe__init(ret);
	ret->offset_ms = probe->offset_ms;
	ret->target = probe->target;
	ret->kind = (Pantau__V1__ProbeKind)probe->kind;
	ret->outcome = (Pantau__V1__Outcome)probe->outcome;
	ret->refusal = (Pantau__V1__Refusal)probe->refusal;
	ret->rtt_us = probe->rtt_us;
	ret->round = probe->round;
	ret->follow_up = probe->follow_up;
}

static void lay_out_event(const struct event *event, Pantau__V1__Event *ret)
{
	pantau__v1__event__init(ret);
	ret->kind = (Pantau__V1__EventKind)event->kind;
	ret->offset_ms = event->offset_ms;
	ret->value = event->value;
}

static void lay_out_facts(const struct wan_facts *facts, Pantau__V1__Wan *ret)
{
	pantau__v1__wan__init(ret);
	ret->carrier = (Pantau__V1__Carrier)facts->carrier;
	ret->address = lay_out_address(&facts->address);
	ret->gateway = (Pantau__V1__Neighbour)facts->gateway;
	ret->rx_bytes = facts->rx_bytes;
	ret->tx_bytes = facts->tx_bytes;
	ret->rx_packets = facts->rx_packets;
	ret->tx_packets = facts->tx_packets;
	ret->errors = facts->errors;
	ret->clients_plus_one = facts->clients_plus_one;
}

/* NULL when no STAMP target was asked. */
static Pantau__V1__Stamp *lay_out_stamp(const struct stamp *stamp, Pantau__V1__Stamp *ret)
{
	pantau__v1__stamp__init(ret);
	ret->sent = stamp->sent;
	ret->lost_out = stamp->lost_out;
	ret->lost_back = stamp->lost_back;
	ret->forged = stamp->forged;
	return stamp->sent ? ret : NULL;
}

struct slot_parts { /* one allocation from the arena for the whole slot */
	Pantau__V1__Slot slot;
	Pantau__V1__Wan facts;
	Pantau__V1__Stamp stamp;
	Pantau__V1__Target *target_list[SLOT_TARGETS_MAX];
	Pantau__V1__Event *event_list[SLOT_EVENTS_MAX];
	Pantau__V1__Dns *dns_list[SLOT_DNS_MAX];
	Pantau__V1__Target targets[SLOT_TARGETS_MAX];
	Pantau__V1__Event events[SLOT_EVENTS_MAX];
	Pantau__V1__Dns dns[SLOT_DNS_MAX];
};

static void lay_out_lists(const struct slot *slot, struct slot_parts *parts)
{
	size_t i;

	for (i = 0; i < slot->target_count; i++) {
		lay_out_target(&slot->targets[i], &parts->targets[i]);
		parts->target_list[i] = &parts->targets[i];
	}
	for (i = 0; i < slot->event_count; i++) {
		lay_out_event(&slot->events[i], &parts->events[i]);
		parts->event_list[i] = &parts->events[i];
	}
	for (i = 0; i < slot->dns_count; i++) {
		codec_dns_lay_out(&slot->dns[i], &parts->dns[i]);
		parts->dns_list[i] = &parts->dns[i];
	}
	parts->slot.n_targets = slot->target_count;
	parts->slot.targets = parts->target_list;
	parts->slot.n_events = slot->event_count;
	parts->slot.events = parts->event_list;
	parts->slot.n_dns = slot->dns_count;
	parts->slot.dns = parts->dns_list;
}

static int lay_out_probes(const struct slot *slot, struct arena *arena, Pantau__V1__Slot *ret)
{
	Pantau__V1__Probe **list = arena_take(arena, slot->probe_count * sizeof(*list));
	Pantau__V1__Probe *probes = arena_take(arena, slot->probe_count * sizeof(*probes));
	size_t i;

	if (!list || !probes)
		return -ENOMEM;
	for (i = 0; i < slot->probe_count; i++) {
		lay_out_probe(&slot->probes[i], &probes[i]);
		list[i] = &probes[i];
	}
	ret->n_probes = slot->probe_count;
	ret->probes = list;
	return 0;
}

Pantau__V1__Slot *codec_slot_lay_out(const struct slot *slot, struct arena *arena)
{
	struct slot_parts *parts = arena_take(arena, sizeof(*parts));

	if (!parts)
		return NULL;
	pantau__v1__slot__init(&parts->slot);
	if (lay_out_probes(slot, arena, &parts->slot) < 0)
		return NULL;
	lay_out_lists(slot, parts);
	lay_out_facts(&slot->facts, &parts->facts);
	parts->slot.boot.len = BOOT_BYTES;
	parts->slot.boot.data = (uint8_t *)slot->boot;
	parts->slot.start_us = slot->start_us;
	parts->slot.length_ms = slot->length_ms;
	parts->slot.wan = (char *)slot->wan;
	parts->slot.rounds_due = slot->rounds_due;
	parts->slot.facts = &parts->facts;
	parts->slot.stamp = lay_out_stamp(&slot->stamp, &parts->stamp);
	return &parts->slot;
}
