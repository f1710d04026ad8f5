/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/speech.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/codec.h"

#define ROUNDS 6 /* of a minute's slot */
#define MQTT_ANSWER_BYTES 4 /* of CONNACK and PUBACK alike */
#define HTTP_OK "HTTP/1.1 2"
#define HTTP_END "\r\n\r\n" /* behind the head; 204 has no body */

/* A healthy minute of an agent: six rounds, each answered. Encoded once. */
static const struct buf *slot_bytes(void)
{
	static struct buf bytes;
	static struct record record = {.kind = RECORD_SLOT};
	struct slot *slot = &record.slot;

	if (buf_length(&bytes) > 0)
		return &bytes;
	buf_init(&bytes, RECORD_MAX);
	memset(slot->boot, 'L', BOOT_BYTES);
	slot->start_us = 86400000000;
	slot->length_ms = SLOT_LENGTH_MAX_MS;
	snprintf(slot->wan, sizeof(slot->wan), "wan");
	slot->rounds_due = slot->probe_count = ROUNDS;
	slot->target_count = 3;
	for (uint8_t i = 0; i < 3; i++)
		slot->targets[i] = (struct target){
			.class = CLASS_INTERNET, .address = {4, {192, 0, 2, i}}};
	for (uint16_t i = 0; i < ROUNDS; i++)
		slot->probes[i] = (struct probe){.round = i,
			.offset_ms = 10000 * i + 7,
			.target = (uint8_t)(i % 3),
			.kind = PROBE_ICMP,
			.outcome = OUTCOME_ANSWERED,
			.rtt_us = 21000 + 371U * i};
	slot->facts = (struct wan_facts){.carrier = CARRIER_UP,
		.gateway = NEIGHBOUR_RESOLVED,
		.rx_bytes = 48000000,
		.tx_bytes = 5100000,
		.rx_packets = 39000,
		.tx_packets = 21000};
	if (codec_record_encode(&record, &bytes) < 0)
		abort();
	return &bytes;
}

/* ---- pantau/1 */

static void say(const struct message *message, struct buf *out)
{
	if (codec_message_encode(message, out) < 0)
		abort();
}

static void pantau_greet(struct talk *talk, struct buf *out)
{
	struct message message = {.kind = MESSAGE_HELLO};

	snprintf(message.hello.software, sizeof(message.hello.software), "load 1");
	snprintf(message.hello.wan, sizeof(message.hello.wan), "wan");
	message.hello.run_count = 1;
	message.hello.runs[0] = (struct held_run){talk->run, talk->id, 1, 1};
	say(&message, out);
}

static void pantau_report(struct talk *talk, unsigned count, struct buf *out)
{
	const struct buf *slot = slot_bytes();
	static struct message message = {.kind = MESSAGE_REPORT};

	message.report.entry_count = count;
	for (unsigned i = 0; i < count; i++)
		message.report.entries[i] = (struct entry){.key = {talk->run, ++talk->sent},
			.record = buf_peek(slot),
			.record_length = buf_length(slot)};
	say(&message, out);
}

static int pantau_hear(struct talk *talk, const uint8_t *bytes, size_t length)
{
	struct frame_input input = {bytes, length};
	static struct message message;
	const uint8_t *payload;
	int answers = 0;
	size_t size;

	while (frame_next(&talk->reader, &input, &payload, &size) > 0) {
		if (codec_from_collector_decode(payload, size, &message, NULL) < 0)
			return -1;
		if (message.kind == MESSAGE_WELCOME) {
			talk->comeback_s = message.welcome.comeback_s;
			answers++;
		} else if (message.kind == MESSAGE_ACK) {
			answers += (int)(message.ack.up_to - talk->answered);
			talk->answered = message.ack.up_to;
		} else {
			return -1;
		}
	}
	return answers;
}

/* ---- MQTT */

static void put_byte(struct buf *out, unsigned byte)
{
	uint8_t one = (uint8_t)byte;

	buf_append(out, &one, 1);
}

static void put_short(struct buf *out, unsigned number)
{
	put_byte(out, number >> 8);
	put_byte(out, number);
}

static void put_string(struct buf *out, const char *text)
{
	put_short(out, (unsigned)strlen(text));
	buf_append(out, text, strlen(text));
}

static void put_length(struct buf *out, size_t length)
{
	for (; length >= 128; length /= 128)
		put_byte(out, (unsigned)(length % 128) | 128);
	put_byte(out, (unsigned)length);
}

static void mqtt_greet(struct talk *talk, struct buf *out)
{
	char name[32];

	snprintf(name, sizeof(name), "agent-%u", talk->id);
	put_byte(out, 0x10); /* CONNECT */
	put_length(out, 10 + 2 + strlen(name));
	put_string(out, "MQTT");
	put_byte(out, 4); /* 3.1.1 */
	put_byte(out, 2); /* clean session */
	put_short(out, 300); /* keep alive, s */
	put_string(out, name);
}

static void mqtt_report(struct talk *talk, unsigned count, struct buf *out)
{
	const struct buf *slot = slot_bytes();
	char topic[32];

	snprintf(topic, sizeof(topic), "r/%u", talk->id);
	for (; count > 0; count--) {
		put_byte(out, 0x32); /* PUBLISH, QoS 1 */
		put_length(out, 2 + strlen(topic) + 2 + buf_length(slot));
		put_string(out, topic);
		put_short(out, talk->sent++ % 65535 + 1);
		buf_append(out, buf_peek(slot), buf_length(slot));
	}
}

static int mqtt_hear(struct talk *talk, const uint8_t *bytes, size_t length)
{
	int answers = 0;

	for (size_t i = 0; i < length; i++) {
		if (talk->state == 0 && bytes[i] != 0x20 && bytes[i] != 0x40)
			return -1;
		talk->state = (talk->state + 1) % MQTT_ANSWER_BYTES;
		answers += talk->state == 0;
	}
	return answers;
}

/* ---- HTTP */

static void http_greet(struct talk *talk, struct buf *out)
{
}

static void http_report(struct talk *talk, unsigned count, struct buf *out)
{
	const struct buf *slot = slot_bytes();
	char head[128];
	int length = snprintf(head, sizeof(head),
		"POST /r/%u HTTP/1.1\r\nHost: pantau-collector\r\nContent-Length: %zu\r\n\r\n",
		talk->id, buf_length(slot));

	for (; count > 0; count--) {
		buf_append(out, head, (size_t)length);
		buf_append(out, buf_peek(slot), buf_length(slot));
	}
}

/* `state` counts the bytes of HTTP_OK, then those of HTTP_END. */
static int http_hear(struct talk *talk, const uint8_t *bytes, size_t length)
{
	const unsigned begun = sizeof(HTTP_OK) - 1, whole = begun + sizeof(HTTP_END) - 1;
	int answers = 0;

	for (size_t i = 0; i < length; i++) {
		if (talk->state < begun) {
			if (bytes[i] != HTTP_OK[talk->state++])
				return -1;
		} else if (bytes[i] == HTTP_END[talk->state - begun]) {
			talk->state++;
		} else {
			talk->state = begun + (bytes[i] == HTTP_END[0]);
		}
		if (talk->state == whole) {
			talk->state = 0;
			answers++;
		}
	}
	return answers;
}

/* ---- all */

static const struct speech speeches[] = {
	{"pantau", "\x08pantau/1", true, pantau_greet, pantau_report, pantau_hear},
	{"mqtt", NULL, true, mqtt_greet, mqtt_report, mqtt_hear},
	{"http", NULL, false, http_greet, http_report, http_hear},
};

const struct speech *speech_find(const char *name)
{
	for (size_t i = 0; i < sizeof(speeches) / sizeof(*speeches); i++)
		if (strcmp(speeches[i].name, name) == 0)
			return &speeches[i];
	return NULL;
}

void talk_init(struct talk *talk, uint32_t id, uint32_t run)
{
	*talk = (struct talk){.id = id, .run = run};
	frame_reader_init(&talk->reader);
}

void talk_done(struct talk *talk)
{
	frame_reader_done(&talk->reader);
}
