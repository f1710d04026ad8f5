/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/receiver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/scratch.h"
#include "proto/frame.h"

enum receiver_state { RECEIVER_NEW, RECEIVER_GREETED, RECEIVER_OVER };

struct known_run {
	struct held_run held; /* first: what is sorted and searched by */
	uint32_t told; /* the highest `up_to` that the agent was told */
};

struct receiver {
	struct receiver_owner owner;
	enum receiver_state state;
	struct frame_reader reader;
	struct known_run *runs; /* of HELLO, by rising run */
	size_t run_count;
};

int receiver_new(const struct receiver_owner *owner, struct receiver **ret_receiver)
{
	struct receiver *receiver = calloc(1, sizeof(*receiver));

	if (!receiver)
		return -ENOMEM;
	receiver->owner = *owner;
	frame_reader_init(&receiver->reader);
	*ret_receiver = receiver;
	return 0;
}

size_t receiver_held(const struct receiver *receiver)
{
	return receiver->reader.kept.cap + receiver->run_count * sizeof(*receiver->runs);
}

void receiver_free(struct receiver *receiver)
{
	if (!receiver)
		return;
	frame_reader_done(&receiver->reader);
	free(receiver->runs);
	free(receiver);
}

/* ---- the runs that HELLO named */

static int compare_runs(const void *a, const void *b)
{
	const struct known_run *left = a, *right = b;

	return left->held.run < right->held.run ? -1 : left->held.run > right->held.run;
}

/* NULL for a run that HELLO did not name. */
static struct known_run *find_run(const struct receiver *receiver, uint32_t run)
{
	struct known_run key = {.held.run = run};

	return bsearch(&key, receiver->runs, receiver->run_count, sizeof(key), compare_runs);
}

static int keep_runs(struct receiver *receiver, const struct hello *hello, struct err *err)
{
	struct known_run *runs = calloc(hello->run_count + 1, sizeof(*runs));
	size_t i;

	if (!runs)
		return err_set(
			err, -ENOMEM, "no memory for a session of %zu runs", hello->run_count);
	receiver->runs = runs;
	for (i = 0; i < hello->run_count; i++)
		runs[i].held = hello->runs[i];
	qsort(runs, hello->run_count, sizeof(*runs), compare_runs);
	for (i = 1; i < hello->run_count; i++)
		if (runs[i].held.run == runs[i - 1].held.run)
			return err_set(err, -EPROTO, "hello.runs: run %u stands there twice",
				runs[i].held.run);
	receiver->run_count = hello->run_count;
	return 0;
}

/* ---- what the agent says */

static struct time_answer answer_time(const struct receiver_clock *clock, uint64_t echo_us)
{
	return (struct time_answer){
		.present = clock->trusted,
		.echo_us = echo_us,
		.received_utc_us = clock->utc_us,
		.sent_utc_us = clock->utc_us,
		.error_us = clock->error_us,
	};
}

static int take_hello(struct receiver *receiver, const struct hello *hello,
	const struct receiver_clock *clock, struct buf *out, struct err *err)
{
	struct message message = {.kind = MESSAGE_WELCOME};
	size_t i;
	int failed = keep_runs(receiver, hello, err);

	if (failed)
		return failed;
	receiver->owner.hello(receiver->owner.arg, hello);
	message.welcome.durable_count = receiver->run_count;
	for (i = 0; i < receiver->run_count; i++) {
		struct known_run *run = &receiver->runs[i];

		run->told = receiver->owner.durable(receiver->owner.arg, &run->held);
		message.welcome.durable[i] = (struct ack){.run = run->held.run, .up_to = run->told};
	}
	message.welcome.time = answer_time(clock, hello->sent_us);
	message.welcome.comeback_s = receiver->owner.comeback_s;
	if (receiver->owner.configuration)
		receiver->owner.configuration(receiver->owner.arg, &message.welcome.configuration);
	failed = codec_message_encode(&message, out);
	if (failed)
		return err_set(err, failed, "WELCOME could not be written");
	receiver->state = RECEIVER_GREETED;
	return 0;
}

/* A gap record must begin where it says: its own sequence is the first that was dropped. */
static int check_against_key(const struct record *record, struct record_key key, struct err *err)
{
	const struct dropped *dropped = &record->dropped;

	if (record->kind != RECORD_DROPPED)
		return 0;
	if (dropped->last >= key.sequence && dropped->records <= dropped->last - key.sequence + 1)
		return 0;
	err_set(err, -EINVAL, "dropped.last = %u, dropped.records = %u: with sequence %u",
		dropped->last, dropped->records, key.sequence);
	return REJECT_INVALID;
}

/* 0 and up to which sequence the record stands; an enum reject_code with words; -ENOMEM. */
static int check_record(const struct entry *entry, uint32_t *ret_last, struct err *err)
{
	SCRATCH struct record record; /* 12 KiB that most records do not need */
	int code = 0;

	*ret_last = entry->key.sequence;
	if (codec_record_is_slot(entry->record, entry->record_length))
		return 0;
	code = codec_record_decode(entry->record, entry->record_length, &record, err);
	if (code == 0)
		code = check_against_key(&record, entry->key, err);
	if (code == 0 && record.kind == RECORD_DROPPED)
		*ret_last = record.dropped.last;
	return code;
}

static int take_entry(struct receiver *receiver, const struct entry *entry, struct err *err)
{
	const struct known_run *run = find_run(receiver, entry->key.run);
	struct err why = {.text = ""};
	struct entry known = *entry;
	int code;

	if (entry->key.run == 0 || entry->key.sequence == 0)
		return err_set(err, -EPROTO, "entry of run %u, sequence %u: both begin with 1",
			entry->key.run, entry->key.sequence);
	if (!run)
		return err_set(
			err, -EPROTO, "entry of run %u, which HELLO did not name", entry->key.run);
	code = check_record(entry, &known.last, &why);
	if (code < 0)
		return err_set(err, code, "%s", why.text);
	code = receiver->owner.entry(receiver->owner.arg, &known, &run->held, code, why.text);
	if (code < 0)
		return err_errno(err, code, "the record cannot be kept");
	return 0;
}

static int take_report(struct receiver *receiver, const struct report *report, struct err *err)
{
	size_t i;
	int failed = 0;

	for (i = 0; i < report->entry_count && failed == 0; i++)
		failed = take_entry(receiver, &report->entries[i], err);
	return failed;
}

static int take_ping(uint64_t sent_us, const struct receiver_clock *clock, struct buf *out)
{
	struct message message = {.kind = MESSAGE_PONG};

	message.pong = answer_time(clock, sent_us);
	return codec_message_encode(&message, out);
}

/* An owner without leases gives no answer, as a collector of old. */
static int take_lease_request(
	struct receiver *receiver, const struct message *request, struct buf *out)
{
	struct message answer = {.kind = MESSAGE_LEASE};

	if (!receiver->owner.lease_request)
		return 0;
	answer.lease.number = request->lease_request.number;
	receiver->owner.lease_request(
		receiver->owner.arg, request->lease_request.wan, &answer.lease);
	return codec_message_encode(&answer, out);
}

static int take_message(struct receiver *receiver, const struct message *message,
	const struct receiver_clock *clock, struct buf *out, struct err *err)
{
	bool greeted = receiver->state == RECEIVER_GREETED;

	if (greeted == (message->kind == MESSAGE_HELLO))
		return err_set(err, -EPROTO,
			greeted ? "a second HELLO" : "the first message is not HELLO");
	switch (message->kind) {
	case MESSAGE_HELLO: return take_hello(receiver, &message->hello, clock, out, err);
	case MESSAGE_REPORT: return take_report(receiver, &message->report, err);
	case MESSAGE_PING: return take_ping(message->ping.sent_us, clock, out);
	case MESSAGE_LEASE_REQUEST: return take_lease_request(receiver, message, out);
	case MESSAGE_LEASE_RETURN:
		if (receiver->owner.lease_return)
			receiver->owner.lease_return(
				receiver->owner.arg, message->lease_return.number);
		return 0;
	case MESSAGE_FOLLOWING:
		if (receiver->owner.following)
			receiver->owner.following(receiver->owner.arg, &message->following);
		return 0;
	default: return 0; /* of a newer agent */
	}
}

/* The peer is told, as far as `out` has room; the caller hears the same. */
static void give_up(struct receiver *receiver, int failed, struct buf *out, struct err *err)
{
	receiver->state = RECEIVER_OVER;
	if (!err->text[0])
		err_errno(err, failed, "the session cannot go on");
	receiver_refuse(failed == -EPROTO ? REFUSE_PROTOCOL : REFUSE_BUSY, err->text, out);
}

int receiver_feed(struct receiver *receiver, const struct receiver_input *input, struct buf *out,
	struct err *err)
{
	struct frame_input stream = {.bytes = input->bytes, .length = input->length};
	SCRATCH struct message message;
	struct err why = {.text = ""};
	const uint8_t *payload;
	size_t payload_length;
	int r;

	if (receiver->state == RECEIVER_OVER)
		return err_set(err, -EPROTO, "bytes after the session was refused");
	while ((r = frame_next(&receiver->reader, &stream, &payload, &payload_length)) > 0) {
		r = codec_from_agent_decode(payload, payload_length, &message, &why);
		if (r == 0)
			r = take_message(receiver, &message, input->clock, out, &why);
		if (r < 0)
			break;
	}
	if (r == -EMSGSIZE)
		r = err_set(&why, -EPROTO, "a frame of no length or over %d bytes", FRAME_MAX);
	if (r == 0)
		return 0;
	give_up(receiver, r, out, &why);
	return err_set(err, r, "%s", why.text);
}

/* ---- what the collector says by itself */

int receiver_committed(struct receiver *receiver, uint32_t run, uint32_t up_to, struct buf *out)
{
	SCRATCH struct message message;
	struct known_run *known;
	int failed;

	if (receiver->state != RECEIVER_GREETED)
		return 0;
	known = find_run(receiver, run);
	if (!known || up_to <= known->told)
		return 0;
	message.kind = MESSAGE_ACK;
	message.ack = (struct ack){.run = run, .up_to = up_to};
	failed = codec_message_encode(&message, out);
	if (failed == 0)
		known->told = up_to;
	return failed;
}

int receiver_recheck(struct receiver *receiver, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < receiver->run_count; i++) {
		const struct held_run *held = &receiver->runs[i].held;

		r = receiver_committed(receiver, held->run,
			receiver->owner.durable(receiver->owner.arg, held), out);
	}
	return r;
}

int receiver_rejected(struct receiver *receiver, struct record_key key, int code, const char *why,
	struct buf *out)
{
	struct message message = {.kind = MESSAGE_REJECT, .reject = {.key = key, .code = code}};

	if (receiver->state != RECEIVER_GREETED)
		return 0;
	snprintf(message.reject.text, sizeof(message.reject.text), "%s", why);
	return codec_message_encode(&message, out);
}

int receiver_configure(
	struct receiver *receiver, const struct configuration *configuration, struct buf *out)
{
	SCRATCH struct message message;

	if (receiver->state != RECEIVER_GREETED)
		return 0;
	message.kind = MESSAGE_CONFIGURATION;
	message.configuration = *configuration;
	return codec_message_encode(&message, out);
}

int receiver_refuse(enum refuse_code code, const char *text, struct buf *out)
{
	struct message message = {.kind = MESSAGE_REFUSE, .refuse = {.code = code}};

	snprintf(message.refuse.text, sizeof(message.refuse.text), "%s", text);
	return codec_message_encode(&message, out);
}

bool receiver_greeted(const struct receiver *receiver)
{
	return receiver->state == RECEIVER_GREETED;
}
