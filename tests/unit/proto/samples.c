/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#include <stdlib.h>
#include <string.h>

#include "proto/codec.h"

const uint8_t sample_boot[BOOT_BYTES] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19,
	0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f};

static void begin(struct record *record, enum record_kind kind, uint8_t *boot)
{
	memset(record, 0, sizeof(*record));
	record->kind = kind;
	memcpy(boot, sample_boot, BOOT_BYTES);
}

static void set_target(
	struct target *target, enum target_class class, uint8_t last_byte, uint16_t port)
{
	const uint8_t bytes[4] = {192, 0, 2, last_byte};

	target->class = class;
	target->address.length = sizeof(bytes);
	memcpy(target->address.bytes, bytes, sizeof(bytes));
	target->port = port;
}

static void set_probe(struct probe *probe, uint32_t offset_ms, uint32_t rtt_us)
{
	probe->offset_ms = offset_ms;
	probe->rtt_us = rtt_us;
	probe->kind = PROBE_ICMP;
	probe->outcome = OUTCOME_ANSWERED;
}

static void set_event(struct event *event, uint32_t offset_ms, int64_t value)
{
	event->kind = EVENT_CLOCK_STEP;
	event->offset_ms = offset_ms;
	event->value = value;
}

static void set_probes(struct slot *slot)
{
	struct probe *last = &slot->probes[6];
	size_t i;

	slot->probe_count = 7;
	for (i = 0; i < 6; i++) {
		set_probe(&slot->probes[i], (uint32_t)(i * 10000 + 7), (uint32_t)(20000 + i));
		slot->probes[i].round = (uint16_t)i;
		slot->probes[i].target = (uint8_t)(i % 3);
	}
	slot->probes[5].outcome = OUTCOME_LOST;
	slot->probes[5].rtt_us = 0;
	set_probe(last, 56000, 0);
	last->round = 5;
	last->target = 3;
	last->kind = PROBE_TCP;
	last->outcome = OUTCOME_REFUSED;
	last->refusal = REFUSAL_ROUTE;
	last->follow_up = true;
}

static void set_facts(struct wan_facts *facts)
{
	facts->carrier = CARRIER_UP;
	facts->gateway = NEIGHBOUR_RESOLVED;
	facts->address.length = 4;
	memcpy(facts->address.bytes, "\x0a\0\0\2", 4);
	facts->rx_bytes = 1ULL << 40;
	facts->tx_bytes = 2;
	facts->rx_packets = 3;
	facts->tx_packets = 4;
	facts->errors = 5;
	facts->clients_plus_one = 24;
}

static void set_dns(struct dns *dns, uint8_t question, uint8_t outcome, uint32_t rtt_us)
{
	dns->offset_ms = 30000;
	dns->rtt_us = rtt_us;
	dns->resolver = (struct address){4, {10, 0, 0, 1}};
	dns->question = question;
	dns->outcome = outcome;
}

void sample_slot(struct record *ret_record)
{
	struct slot *slot = &ret_record->slot;

	begin(ret_record, RECORD_SLOT, slot->boot);
	slot->start_us = 3600000000;
	slot->length_ms = 60000;
	strcpy(slot->wan, "wan");
	slot->rounds_due = 6;
	slot->target_count = 4;
	set_target(&slot->targets[0], CLASS_GATEWAY, 1, 0);
	set_target(&slot->targets[1], CLASS_INTERNET, 10, 0);
	set_target(&slot->targets[2], CLASS_INTERNET, 20, 0);
	set_target(&slot->targets[3], CLASS_INTERNET, 30, 443);
	slot->targets[2].address.length = 16;
	set_probes(slot);
	slot->event_count = 1;
	set_event(&slot->events[0], 1234, -5000000);
	set_facts(&slot->facts);
	slot->dns_count = 2;
	set_dns(&slot->dns[0], DNS_PRESENT, DNS_ANSWERED, 31000);
	set_dns(&slot->dns[1], DNS_ABSENT, DNS_HIJACKED, 32000);
	slot->stamp = (struct stamp){6, 1, 2, 3};
}

void sample_full_slot(struct record *ret_record)
{
	struct slot *slot = &ret_record->slot;
	size_t i;

	sample_slot(ret_record);
	slot->start_us = MONO_MAX_US;
	strcpy(slot->wan, "wan-of-16-bytes_");
	slot->target_count = SLOT_TARGETS_MAX;
	for (i = 0; i < SLOT_TARGETS_MAX; i++) {
		set_target(&slot->targets[i], CLASS_INTERNET, (uint8_t)i, UINT16_MAX);
		slot->targets[i].address.length = 16;
	}
	slot->probe_count = SLOT_PROBES_MAX;
	for (i = 0; i < SLOT_PROBES_MAX; i++) {
		set_probe(&slot->probes[i], OFFSET_MAX_MS, RTT_MAX_US);
		slot->probes[i].round = SLOT_ROUNDS_MAX - 1;
		slot->probes[i].target = SLOT_TARGETS_MAX - 1;
		slot->probes[i].kind = PROBE_STAMP;
		slot->probes[i].outcome = OUTCOME_ANSWERED;
		slot->probes[i].refusal = REFUSAL_OTHER;
		slot->probes[i].follow_up = true;
	}
	slot->event_count = SLOT_EVENTS_MAX;
	for (i = 0; i < SLOT_EVENTS_MAX; i++)
		set_event(&slot->events[i], OFFSET_MAX_MS, INT64_MIN);
	slot->facts.rx_bytes = slot->facts.tx_bytes = UINT64_MAX;
	slot->facts.rx_packets = slot->facts.tx_packets = slot->facts.errors = UINT64_MAX;
	slot->facts.clients_plus_one = CLIENTS_MAX + 1;
	slot->dns_count = SLOT_DNS_MAX;
	for (i = 0; i < SLOT_DNS_MAX; i++) {
		set_dns(&slot->dns[i], DNS_ABSENT, DNS_EMPTY, RTT_MAX_US);
		slot->dns[i].offset_ms = OFFSET_MAX_MS;
		slot->dns[i].resolver.length = 16;
	}
	slot->stamp = (struct stamp){SLOT_STAMP_MAX, 0, SLOT_STAMP_MAX, UINT32_MAX};
}

void sample_anchor(struct record *ret_record)
{
	begin(ret_record, RECORD_ANCHOR, ret_record->anchor.boot);
	ret_record->anchor.mono_us = 3600000000;
	ret_record->anchor.utc_us = 1774972800000000;
	ret_record->anchor.error_us = 12000;
	ret_record->anchor.source = ANCHOR_COLLECTOR;
}

void sample_dropped(struct record *ret_record, uint32_t first, uint32_t last)
{
	begin(ret_record, RECORD_DROPPED, ret_record->dropped.boot);
	ret_record->dropped.last = last;
	ret_record->dropped.records = last - first + 1;
	ret_record->dropped.from_us = 60000000;
	ret_record->dropped.to_us = 600000000;
}

void sample_start(struct record *ret_record)
{
	begin(ret_record, RECORD_START, ret_record->start.boot);
	ret_record->start.mono_us = 25000000;
	ret_record->start.nonce = 0x0123456789abcdef;
	strcpy(ret_record->start.software, "pantau-agent 0.1.0");
	ret_record->start.reset = RESET_WATCHDOG;
}

void sample_stop(struct record *ret_record)
{
	begin(ret_record, RECORD_STOP, ret_record->stop.boot);
	ret_record->stop.mono_us = 7200000000;
}

void sample_speed(struct record *ret_record)
{
	struct speed *speed = &ret_record->speed;

	begin(ret_record, RECORD_SPEED, speed->boot);
	speed->start_us = 5400000000;
	strcpy(speed->wan, "wan");
	speed->outcome = SPEED_DONE;
	strcpy(speed->server, "https://speed.example/10M");
	speed->address = (struct address){4, {192, 0, 2, 80}};
	speed->port = 443;
	speed->down = (struct speed_run){19400, 4100, 9942500, 31000, 12, 0x7123456789abcdef};
	speed->up = (struct speed_run){4800, 5000, 3000000, 64000, 1};
	speed->rtt_idle_us = 24000;
	speed->rtt_loaded_us = 180000;
	speed->other_rx_bytes = 120000;
	speed->other_tx_bytes = 9000;
}

void sample_http(struct record *ret_record)
{
	struct http *http = &ret_record->http;

	begin(ret_record, RECORD_HTTP, http->boot);
	http->start_us = 5400000000;
	strcpy(http->wan, "wan");
	strcpy(http->url, "https://desa.example/");
	http->outcome = HTTP_STATUS;
	http->status = 503;
	http->address = (struct address){4, {192, 0, 2, 80}};
	http->port = 443;
	http->name_us = 21000;
	http->connect_us = 22000;
	http->tls_us = 46000;
	http->first_byte_us = 25000;
	http->total_us = 130000;
	http->bytes = 5120;
}

void sample_observation(struct record *ret_record)
{
	struct observation *observation = &ret_record->observation;

	begin(ret_record, RECORD_OBSERVATION, observation->boot);
	observation->mono_us = 5400000000;
	strcpy(observation->source, "modem");
	observation->item_count = 2;
	strcpy(observation->items[0].key, "rsrp_dbm");
	strcpy(observation->items[0].value, "-97");
	strcpy(observation->items[1].key, "operator");
	strcpy(observation->items[1].value, "A \"B\" = C");
}

void sample_full_observation(struct record *ret_record)
{
	struct observation *observation = &ret_record->observation;

	begin(ret_record, RECORD_OBSERVATION, observation->boot);
	observation->mono_us = MONO_MAX_US;
	memset(observation->source, 's', OBSERVATION_SOURCE_MAX);
	observation->item_count = OBSERVATION_ITEMS_MAX;
	for (size_t i = 0; i < OBSERVATION_ITEMS_MAX; i++) {
		memset(observation->items[i].key, 'k', OBSERVATION_KEY_MAX);
		memset(observation->items[i].value, '~', OBSERVATION_VALUE_MAX);
	}
}

void sample_encode(const struct record *record, struct buf *out)
{
	if (codec_record_encode(record, out) < 0)
		abort(); /* the sample itself is wrong */
}
