/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/receiver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"

enum receiver_state { RECEIVER_NEW, RECEIVER_GREETED, RECEIVER_OVER };

struct receiver {
	struct receiver_owner owner;
	enum receiver_state state;
	struct frame_reader reader;
	struct held_run *runs; /* of HELLO, by rising run */
	uint32_t *told; /* one for each run: the highest `up_to` that the agent was told */
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

void receiver_free(struct receiver *receiver)
{
	if (!receiver)
		return;
	frame_reader_done(&receiver->reader);
	free(receiver->runs);
	free(receiver->told);
	free(receiver);
}

/* ---- the runs that HELLO named */

static int compare_runs(const void *a, const void *b)
{
	const struct held_run *left = a, *right = b;

	return left->run < right->run ? -1 : left->run > right->run;
}

/* NULL for a run that HELLO did not name. */
static const struct held_run *find_run(const struct receiver *receiver, uint32_t run)
{
	struct held_run key = {.run = run};

	return bsearch(&key, receiver->runs, receiver->run_count, sizeof(key), compare_runs);
}

static int keep_runs(struct receiver *receiver, const struct hello *hello, struct err *err)
{
	size_t size = hello->run_count * sizeof(hello->runs[0]);
	size_t i;

	receiver->runs = malloc(size + 1);
	receiver->told = calloc(hello->run_count + 1, sizeof(*receiver->told));
	if (!receiver->runs || !receiver->told)
		return err_set(
			err, -ENOMEM, "no memory for a session of %zu runs", hello->run_count);
	memcpy(receiver->runs, hello->runs, size);
	qsort(receiver->runs, hello->run_count, sizeof(hello->runs[0]), compare_runs);
	for (i = 1; i < hello->run_count; i++)
		if (receiver->runs[i].run == receiver->runs[i - 1].run)
			return err_set(err, -EPROTO, "hello.runs: run %u stands there twice",
				receiver->runs[i].run);
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
		const struct held_run *held = &receiver->runs[i];

		receiver->told[i] = receiver->owner.durable(receiver->owner.arg, held);
		message.welcome.durable[i] = (struct ack){
			.run = held->run, .up_to = receiver->told[i]};
	}
	message.welcome.time = answer_time(clock, hello->sent_us);
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

static int take_entry(struct receiver *receiver, const struct entry *entry, struct err *err)
{
	const struct held_run *held = find_run(receiver, entry->key.run);
	struct err why = {.text = ""};
	struct entry known = *entry;
	struct record record;
	int code;

	if (entry->key.run == 0 || entry->key.sequence == 0)
		return err_set(err, -EPROTO, "entry of run %u, sequence %u: both begin with 1",
			entry->key.run, entry->key.sequence);
	if (!held)
		return err_set(
			err, -EPROTO, "entry of run %u, which HELLO did not name", entry->key.run);
	code = codec_record_decode(entry->record, entry->record_length, &record, &why);
	if (code == 0)
		code = check_against_key(&record, entry->key, &why);
	if (code < 0)
		return err_set(err, code, "%s", why.text);
	known.last = known.key.sequence;
	if (code == 0 && record.kind == RECORD_DROPPED)
		known.last = record.dropped.last;
	code = receiver->owner.entry(receiver->owner.arg, &known, held, code, why.text);
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
	struct err why = {.text = ""};
	struct message message;
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
	struct message message = {.kind = MESSAGE_ACK, .ack = {.run = run, .up_to = up_to}};
	const struct held_run *held;
	uint32_t *told;
	int failed;

	if (receiver->state != RECEIVER_GREETED)
		return 0;
	held = find_run(receiver, run);
	if (!held)
		return 0;
	told = &receiver->told[held - receiver->runs];
	if (up_to <= *told)
		return 0;
	failed = codec_message_encode(&message, out);
	if (failed == 0)
		*told = up_to;
	return failed;
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
