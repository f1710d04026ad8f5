/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/codec_arena.h"
#include "proto/codec_check.h"
#include "proto/codec_report.h"
#include "proto/pantau.pb-c.h"

struct span { /* the message's own bytes */
	const void *at;
	size_t length;
};

/* A field of the conversation itself out of its range: the peer cannot be talked to. */
static int broken(struct err *err)
{
	if (err)
		err->code = -EPROTO;
	return -EPROTO;
}

static int explain_failure(const struct arena *arena, const char *what, struct err *err)
{
	if (arena->no_memory)
		return err_set(err, -ENOMEM, "message: no memory to read it");
	if (arena->exhausted)
		return err_set(
			err, -EPROTO, "message: takes more than %d bytes to read", UNPACK_BUDGET);
	return err_set(err, -EPROTO, "message: not a %s", what);
}

/* ---- from an agent */

static int check_held(const Pantau__V1__HeldRun *held, struct err *err)
{
	int code;

	if ((code = check_range("run", held->run, 1, UINT32_MAX, err)))
		return code;
	if ((code = check_range("first", held->first, 1, UINT32_MAX, err)))
		return code;
	/* first - 1: the run holds nothing now, its next record will be `first` */
	return check_range("last", held->last, held->first - 1, UINT32_MAX, err);
}

static int check_hello(const Pantau__V1__Hello *hello, struct err *err)
{
	size_t i;

	if (check_text("hello.software", hello->software, SOFTWARE_MAX, err) ||
		check_boot("hello.boot", hello->boot.len, err) ||
		check_range("hello.sent_us", hello->sent_us, 0, MONO_MAX_US, err) ||
		(hello->wan[0] && check_wan("hello.wan", hello->wan, err)) ||
		check_range("hello.runs' number", hello->n_runs, 0, RUNS_MAX, err) ||
		check_text("hello.configuration_trouble", hello->configuration_trouble,
			CONFIGURATION_TROUBLE_MAX, err))
		return broken(err);
	for (i = 0; i < hello->n_runs; i++)
		if (check_held(hello->runs[i], err)) {
			err_prefix(err, "hello.runs[%zu]", i);
			return broken(err);
		}
	return 0;
}

static void read_hello(const Pantau__V1__Hello *hello, struct hello *ret)
{
	size_t i;

	snprintf(ret->software, sizeof(ret->software), "%s", hello->software);
	memcpy(ret->boot, hello->boot.data, BOOT_BYTES);
	ret->sent_us = hello->sent_us;
	snprintf(ret->wan, sizeof(ret->wan), "%s", hello->wan);
	ret->run_count = hello->n_runs;
	for (i = 0; i < hello->n_runs; i++)
		ret->runs[i] = (struct held_run){
			.run = hello->runs[i]->run,
			.nonce = hello->runs[i]->nonce,
			.first = hello->runs[i]->first,
			.last = hello->runs[i]->last,
		};
	ret->configuration = hello->configuration;
	ret->configuration_refused = hello->configuration_refused;
	snprintf(ret->configuration_trouble, sizeof(ret->configuration_trouble), "%s",
		hello->configuration_trouble);
}

static int read_lease_request(
	const Pantau__V1__LeaseRequest *wire, struct message *ret, struct err *err)
{
	if (check_range("lease_request.number", wire->number, 1, UINT32_MAX, err) ||
		check_wan("lease_request.wan", wire->wan, err))
		return broken(err);
	ret->kind = MESSAGE_LEASE_REQUEST;
	ret->lease_request.number = wire->number;
	snprintf(ret->lease_request.wan, sizeof(ret->lease_request.wan), "%s", wire->wan);
	return 0;
}

static int read_following(const Pantau__V1__Following *wire, struct message *ret, struct err *err)
{
	if (check_text("following.configuration_trouble", wire->configuration_trouble,
		    CONFIGURATION_TROUBLE_MAX, err))
		return broken(err);
	ret->kind = MESSAGE_FOLLOWING;
	ret->following.version = wire->configuration;
	ret->following.refused = wire->configuration_refused;
	snprintf(ret->following.trouble, sizeof(ret->following.trouble), "%s",
		wire->configuration_trouble);
	return 0;
}

static int read_from_agent(const Pantau__V1__FromAgent *wire, struct message *ret, struct err *err)
{
	int failed;

	switch (wire->message_case) {
	case PANTAU__V1__FROM_AGENT__MESSAGE_HELLO:
		failed = check_hello(wire->hello, err);
		if (failed)
			return failed;
		ret->kind = MESSAGE_HELLO;
		read_hello(wire->hello, &ret->hello);
		return 0;
	case PANTAU__V1__FROM_AGENT__MESSAGE_PING:
		if (check_range("ping.sent_us", wire->ping->sent_us, 0, MONO_MAX_US, err))
			return broken(err);
		ret->kind = MESSAGE_PING;
		ret->ping.sent_us = wire->ping->sent_us;
		return 0;
	case PANTAU__V1__FROM_AGENT__MESSAGE_LEASE_REQUEST:
		return read_lease_request(wire->lease_request, ret, err);
	case PANTAU__V1__FROM_AGENT__MESSAGE_LEASE_RETURN:
		ret->kind = MESSAGE_LEASE_RETURN;
		ret->lease_return.number = wire->lease_return->number;
		return 0;
	case PANTAU__V1__FROM_AGENT__MESSAGE_FOLLOWING:
		return read_following(wire->following, ret, err);
	default: ret->kind = MESSAGE_UNKNOWN; return 0;
	}
}

int codec_from_agent_decode(
	const void *bytes, size_t length, struct message *ret_message, struct err *err)
{
	Pantau__V1__FromAgent *wire;
	struct arena arena;
	int failed;

	if (codec_report_peek(bytes, length) == PANTAU__V1__FROM_AGENT__MESSAGE_REPORT) {
		failed = codec_report_read(bytes, length, &ret_message->report, err);
		if (failed == 0)
			ret_message->kind = MESSAGE_REPORT;
		return failed;
	}
	arena_init(&arena, UNPACK_BUDGET);
	wire = pantau__v1__from_agent__unpack(&arena.allocator, length, bytes);
	failed = wire ? read_from_agent(wire, ret_message, err)
		      : explain_failure(&arena, "FromAgent", err);
	arena_done(&arena);
	return failed;
}

/* ---- from a collector */

static struct time_answer read_time(const Pantau__V1__Time *time)
{
	/* A collector whose clock is nonsense gives no time; its records' safety is not in doubt.
	 * */
	if (!time || check_time("time", time->received_utc_us, NULL) ||
		check_time("time", time->sent_utc_us, NULL) ||
		time->sent_utc_us < time->received_utc_us)
		return (struct time_answer){.present = false};
	return (struct time_answer){
		.present = true,
		.echo_us = time->echo_us,
		.received_utc_us = time->received_utc_us,
		.sent_utc_us = time->sent_utc_us,
		.error_us = time->error_us,
	};
}

static bool is_text(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if ((text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') || text[i] == 0x7f)
			return false;
	return true;
}

static bool is_cut(const char *end, struct span bytes)
{
	const char *behind = (const char *)bytes.at + bytes.length;

	return end < behind && *end == '\0';
}

/* A text beyond the limits is the agent's to refuse, and no reason to part. What protobuf-c copied
 * goes with the arena; the same text stands in the message itself. */
static struct configuration read_configuration(
	const Pantau__V1__Configuration *wire, struct span bytes)
{
	struct configuration configuration = {.version = wire ? wire->version : 0};
	size_t length;

	if (configuration.version == 0)
		return configuration;
	length = strlen(wire->text);
	if (length <= CONFIGURATION_MAX && is_text(wire->text, length)) {
		configuration.text = memmem(bytes.at, bytes.length, wire->text, length);
		/* A string that was cut at a NUL goes on behind it; a tag is never 0. */
		if (configuration.text && is_cut(configuration.text + length, bytes))
			configuration.text = NULL;
		configuration.length = configuration.text ? length : 0;
	}
	return configuration;
}

static int read_welcome(const Pantau__V1__Welcome *welcome, struct welcome *ret, struct err *err)
{
	size_t i;

	if (check_range("welcome.durable's number", welcome->n_durable, 0, RUNS_MAX, err))
		return broken(err);
	ret->durable_count = welcome->n_durable;
	for (i = 0; i < welcome->n_durable; i++)
		ret->durable[i] = (struct ack){
			.run = welcome->durable[i]->run,
			.up_to = welcome->durable[i]->up_to,
		};
	ret->time = read_time(welcome->time);
	ret->comeback_s = welcome->comeback_s < COMEBACK_MAX_S ? welcome->comeback_s
							       : COMEBACK_MAX_S;
	return 0;
}

/* For a log: cut to size, nothing but printable ASCII. */
static void read_text(const char *text, char *ret_text, size_t size)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++)
		ret_text[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
	ret_text[i] = '\0';
}

static void read_reject(const Pantau__V1__Reject *reject, struct message *ret)
{
	ret->kind = MESSAGE_REJECT;
	ret->reject.key = (struct record_key){.run = reject->run, .sequence = reject->sequence};
	ret->reject.code = (int)reject->code;
	read_text(reject->text, ret->reject.text, sizeof(ret->reject.text));
}

/* Longer than the longest is the longest. */
static void read_lease(const Pantau__V1__Lease *lease, struct message *ret)
{
	uint32_t seconds = lease->seconds;

	ret->kind = MESSAGE_LEASE;
	ret->lease.number = lease->number;
	ret->lease.granted = lease->granted;
	ret->lease.seconds = seconds < LEASE_SECONDS_MAX ? seconds : LEASE_SECONDS_MAX;
}

static void read_refuse(const Pantau__V1__Refuse *refuse, struct message *ret)
{
	ret->kind = MESSAGE_REFUSE;
	ret->refuse.code = (int)refuse->code;
	read_text(refuse->text, ret->refuse.text, sizeof(ret->refuse.text));
}

static int read_from_collector(const Pantau__V1__FromCollector *wire, struct span bytes,
	struct message *ret, struct err *err)
{
	int failed;

	switch (wire->message_case) {
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_WELCOME:
		failed = read_welcome(wire->welcome, &ret->welcome, err);
		if (failed)
			return failed;
		ret->kind = MESSAGE_WELCOME;
		ret->welcome.configuration = read_configuration(
			wire->welcome->configuration, bytes);
		return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_ACK:
		ret->kind = MESSAGE_ACK;
		ret->ack = (struct ack){.run = wire->ack->run, .up_to = wire->ack->up_to};
		return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_REJECT: read_reject(wire->reject, ret); return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_PONG:
		ret->kind = MESSAGE_PONG;
		ret->pong = read_time(wire->pong->time);
		return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_REFUSE: read_refuse(wire->refuse, ret); return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_LEASE: read_lease(wire->lease, ret); return 0;
	case PANTAU__V1__FROM_COLLECTOR__MESSAGE_CONFIGURATION:
		ret->configuration = read_configuration(wire->configuration, bytes);
		/* one without a version says nothing */
		ret->kind = ret->configuration.version ? MESSAGE_CONFIGURATION : MESSAGE_UNKNOWN;
		return 0;
	default: ret->kind = MESSAGE_UNKNOWN; return 0;
	}
}

int codec_from_collector_decode(
	const void *bytes, size_t length, struct message *ret_message, struct err *err)
{
	Pantau__V1__FromCollector *wire;
	struct arena arena;
	int failed;

	arena_init(&arena, UNPACK_BUDGET);
	wire = pantau__v1__from_collector__unpack(&arena.allocator, length, bytes);
	failed = wire ? read_from_collector(wire, (struct span){bytes, length}, ret_message, err)
		      : explain_failure(&arena, "FromCollector", err);
	arena_done(&arena);
	return failed;
}
