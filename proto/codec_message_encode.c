/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/scratch.h"
#include "proto/codec_arena.h"
#include "proto/codec_check.h"
#include "proto/codec_report.h"
#include "proto/frame.h"
#include "proto/pantau.pb-c.h"

_Static_assert((int)REJECT_UNSUPPORTED == PANTAU__V1__REJECT_CODE__REJECT_UNSUPPORTED, "reject");
_Static_assert((int)REFUSE_REPLACED == PANTAU__V1__REFUSE_CODE__REFUSE_REPLACED, "refuse");

/* ---- encode */

static int pack_frame(const ProtobufCMessage *wire, struct buf *out)
{
	size_t size = protobuf_c_message_get_packed_size(wire);
	uint8_t *room;
	int failed;

	if (size > FRAME_MAX)
		return -EMSGSIZE;
	failed = buf_reserve(out, FRAME_HEADER + size, &room);
	if (failed)
		return failed;
	frame_put_header(room, size);
	protobuf_c_message_pack(wire, room + FRAME_HEADER);
	buf_commit(out, FRAME_HEADER + size);
	return 0;
}

static int pack_from_agent(Pantau__V1__FromAgent *wire, int member, struct buf *out)
{
	wire->message_case = (Pantau__V1__FromAgent__MessageCase)member;
	return pack_frame(&wire->base, out);
}

static int pack_from_collector(Pantau__V1__FromCollector *wire, int member, struct buf *out)
{
	wire->message_case = (Pantau__V1__FromCollector__MessageCase)member;
	return pack_frame(&wire->base, out);
}

static int pack_hello(const struct hello *hello, struct arena *arena, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__Hello body = PANTAU__V1__HELLO__INIT;
	Pantau__V1__HeldRun *runs = arena_take(arena, hello->run_count * sizeof(*runs));
	Pantau__V1__HeldRun **list = arena_take(arena, hello->run_count * sizeof(*list));
	size_t i;

	if (!runs || !list)
		return -ENOMEM;
	for (i = 0; i < hello->run_count; i++) {
		pantau__v1__held_run__init(&runs[i]);
		runs[i].run = hello->runs[i].run;
		runs[i].nonce = hello->runs[i].nonce;
		runs[i].first = hello->runs[i].first;
		runs[i].last = hello->runs[i].last;
		list[i] = &runs[i];
	}
	body.software = (char *)hello->software;
	body.boot.len = BOOT_BYTES;
	body.boot.data = (uint8_t *)hello->boot;
	body.sent_us = hello->sent_us;
	body.wan = (char *)hello->wan;
	body.n_runs = hello->run_count;
	body.runs = list;
	body.configuration = hello->configuration;
	body.configuration_refused = hello->configuration_refused;
	body.configuration_trouble = (char *)hello->configuration_trouble;
	wire.hello = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_HELLO, out);
}

static int pack_report(const struct report *report, struct arena *arena, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__Report body = PANTAU__V1__REPORT__INIT;
	Pantau__V1__Entry *entries = arena_take(arena, report->entry_count * sizeof(*entries));
	Pantau__V1__Entry **list = arena_take(arena, report->entry_count * sizeof(*list));
	size_t i;

	if (!entries || !list)
		return -ENOMEM;
	for (i = 0; i < report->entry_count; i++) {
		pantau__v1__entry__init(&entries[i]);
		entries[i].run = report->entries[i].key.run;
		entries[i].sequence = report->entries[i].key.sequence;
		entries[i].record.len = report->entries[i].record_length;
		entries[i].record.data = (uint8_t *)report->entries[i].record;
		list[i] = &entries[i];
	}
	body.n_entries = report->entry_count;
	body.entries = list;
	wire.report = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_REPORT, out);
}

static int pack_ping(uint64_t sent_us, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__Ping body = PANTAU__V1__PING__INIT;

	body.sent_us = sent_us;
	wire.ping = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_PING, out);
}

static int pack_lease_request(const struct message *message, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__LeaseRequest body = PANTAU__V1__LEASE_REQUEST__INIT;

	body.number = message->lease_request.number;
	body.wan = (char *)message->lease_request.wan;
	wire.lease_request = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_LEASE_REQUEST, out);
}

static int pack_lease_return(uint32_t number, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__LeaseReturn body = PANTAU__V1__LEASE_RETURN__INIT;

	body.number = number;
	wire.lease_return = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_LEASE_RETURN, out);
}

static int pack_following(const struct following *following, struct buf *out)
{
	Pantau__V1__FromAgent wire = PANTAU__V1__FROM_AGENT__INIT;
	Pantau__V1__Following body = PANTAU__V1__FOLLOWING__INIT;

	body.configuration = following->version;
	body.configuration_refused = following->refused;
	body.configuration_trouble = (char *)following->trouble;
	wire.following = &body;
	return pack_from_agent(&wire, PANTAU__V1__FROM_AGENT__MESSAGE_FOLLOWING, out);
}

static void lay_out_ack(const struct ack *ack, Pantau__V1__Ack *ret)
{
	pantau__v1__ack__init(ret);
	ret->run = ack->run;
	ret->up_to = ack->up_to;
}

/* NULL when no time is given. */
static Pantau__V1__Time *lay_out_time(const struct time_answer *time, Pantau__V1__Time *ret)
{
	if (!time->present)
		return NULL;
	pantau__v1__time__init(ret);
	ret->echo_us = time->echo_us;
	ret->received_utc_us = time->received_utc_us;
	ret->sent_utc_us = time->sent_utc_us;
	ret->error_us = time->error_us;
	return ret;
}

/* NULL when nothing is asked. The wire's text ends with a 0, which the struct's need not: it is
 * copied. */
static int lay_out_configuration(const struct configuration *configuration, struct arena *arena,
	Pantau__V1__Configuration **ret)
{
	Pantau__V1__Configuration *wire;
	char *text;

	if (configuration->version == 0)
		return 0;
	wire = arena_take(arena, sizeof(*wire));
	text = arena_take(arena, configuration->length + 1);
	if (!wire || !text)
		return -ENOMEM;
	if (configuration->length)
		memcpy(text, configuration->text, configuration->length);
	text[configuration->length] = '\0';
	pantau__v1__configuration__init(wire);
	wire->version = configuration->version;
	wire->text = text;
	*ret = wire;
	return 0;
}

static int pack_welcome(const struct welcome *welcome, struct arena *arena, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Welcome body = PANTAU__V1__WELCOME__INIT;
	Pantau__V1__Ack *acks = arena_take(arena, welcome->durable_count * sizeof(*acks));
	Pantau__V1__Ack **list = arena_take(arena, welcome->durable_count * sizeof(*list));
	Pantau__V1__Time time;
	size_t i;

	if (!acks || !list)
		return -ENOMEM;
	for (i = 0; i < welcome->durable_count; i++) {
		lay_out_ack(&welcome->durable[i], &acks[i]);
		list[i] = &acks[i];
	}
	body.n_durable = welcome->durable_count;
	body.durable = list;
	body.time = lay_out_time(&welcome->time, &time);
	body.comeback_s = welcome->comeback_s;
	if (lay_out_configuration(&welcome->configuration, arena, &body.configuration) < 0)
		return -ENOMEM;
	wire.welcome = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_WELCOME, out);
}

static int pack_ack(const struct ack *ack, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Ack body;

	lay_out_ack(ack, &body);
	wire.ack = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_ACK, out);
}

static int pack_reject(const struct message *message, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Reject body = PANTAU__V1__REJECT__INIT;

	body.run = message->reject.key.run;
	body.sequence = message->reject.key.sequence;
	body.code = (Pantau__V1__RejectCode)message->reject.code;
	body.text = (char *)message->reject.text;
	wire.reject = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_REJECT, out);
}

static int pack_pong(const struct time_answer *answer, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Pong body = PANTAU__V1__PONG__INIT;
	Pantau__V1__Time time;

	body.time = lay_out_time(answer, &time);
	wire.pong = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_PONG, out);
}

static int pack_refuse(const struct message *message, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Refuse body = PANTAU__V1__REFUSE__INIT;

	body.code = (Pantau__V1__RefuseCode)message->refuse.code;
	body.text = (char *)message->refuse.text;
	wire.refuse = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_REFUSE, out);
}

static int pack_lease(const struct lease *lease, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;
	Pantau__V1__Lease body = PANTAU__V1__LEASE__INIT;

	body.number = lease->number;
	body.granted = lease->granted;
	body.seconds = lease->seconds;
	wire.lease = &body;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_LEASE, out);
}

static int pack_configuration(
	const struct configuration *configuration, struct arena *arena, struct buf *out)
{
	Pantau__V1__FromCollector wire = PANTAU__V1__FROM_COLLECTOR__INIT;

	if (lay_out_configuration(configuration, arena, &wire.configuration) < 0)
		return -ENOMEM;
	if (!wire.configuration)
		return -EINVAL;
	return pack_from_collector(&wire, PANTAU__V1__FROM_COLLECTOR__MESSAGE_CONFIGURATION, out);
}

static bool counts_fit(const struct message *message)
{
	switch (message->kind) {
	case MESSAGE_HELLO: return message->hello.run_count <= RUNS_MAX;
	case MESSAGE_REPORT: return message->report.entry_count <= ENTRIES_MAX;
	case MESSAGE_WELCOME:
		return message->welcome.durable_count <= RUNS_MAX &&
			message->welcome.configuration.length <= CONFIGURATION_MAX;
	case MESSAGE_CONFIGURATION: return message->configuration.length <= CONFIGURATION_MAX;
	default: return true;
	}
}

static int pack_message(const struct message *message, struct arena *arena, struct buf *out)
{
	switch (message->kind) {
	case MESSAGE_HELLO: return pack_hello(&message->hello, arena, out);
	case MESSAGE_REPORT: return pack_report(&message->report, arena, out);
	case MESSAGE_PING: return pack_ping(message->ping.sent_us, out);
	case MESSAGE_WELCOME: return pack_welcome(&message->welcome, arena, out);
	case MESSAGE_ACK: return pack_ack(&message->ack, out);
	case MESSAGE_REJECT: return pack_reject(message, out);
	case MESSAGE_PONG: return pack_pong(&message->pong, out);
	case MESSAGE_REFUSE: return pack_refuse(message, out);
	case MESSAGE_LEASE_REQUEST: return pack_lease_request(message, out);
	case MESSAGE_LEASE_RETURN: return pack_lease_return(message->lease_return.number, out);
	case MESSAGE_LEASE: return pack_lease(&message->lease, out);
	case MESSAGE_FOLLOWING: return pack_following(&message->following, out);
	case MESSAGE_CONFIGURATION: return pack_configuration(&message->configuration, arena, out);
	case MESSAGE_UNKNOWN: break;
	}
	return -EINVAL;
}

int codec_message_encode(const struct message *message, struct buf *out)
{
	SCRATCH struct arena arena;
	int failed;

	if (!counts_fit(message))
		return -EINVAL;
	arena_init(&arena, UNPACK_BUDGET);
	failed = pack_message(message, &arena, out);
	arena_done(&arena);
	return failed;
}
