/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/sender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/sender_private.h"

int sender_new(const struct sender_source *source, const struct sender_events *events,
	struct sender **ret_sender)
{
	struct sender *sender = calloc(1, sizeof(*sender));

	if (!sender)
		return -ENOMEM;
	sender->source = *source;
	sender->events = *events;
	frame_reader_init(&sender->reader);
	buf_init(&sender->batch.bytes, UNACKED_MAX_BYTES);
	*ret_sender = sender;
	return 0;
}

static void forget_session(struct sender *sender)
{
	frame_reader_done(&sender->reader);
	frame_reader_init(&sender->reader);
	buf_done(&sender->batch.bytes);
	sender->batch.count = 0;
	free(sender->runs);
	free(sender->durable);
	sender->runs = NULL;
	sender->durable = NULL;
	sender->run_count = 0;
	sender->asked_us = 0;
	window_init(&sender->window);
	sender->state = SENDER_IDLE;
}

void sender_free(struct sender *sender)
{
	if (!sender)
		return;
	forget_session(sender);
	free(sender);
}

/* ---- the runs of this session */

size_t sender_find_run(const struct sender *sender, uint32_t run)
{
	size_t i;

	for (i = 0; i < sender->run_count && sender->runs[i].run != run; i++)
		;
	return i;
}

static int keep_runs(struct sender *sender, const struct hello *hello)
{
	size_t i;

	sender->runs = calloc(hello->run_count + 1, sizeof(*sender->runs));
	sender->durable = calloc(hello->run_count + 1, sizeof(*sender->durable));
	if (!sender->runs || !sender->durable)
		return -ENOMEM;
	for (i = 0; i < hello->run_count; i++) {
		sender->runs[i] = hello->runs[i];
		sender->durable[i] = hello->runs[i].first - 1;
	}
	sender->run_count = hello->run_count;
	return 0;
}

static void fill_hello(struct hello *hello, const struct sender_greeting *greeting)
{
	snprintf(hello->software, sizeof(hello->software), "%s", greeting->software);
	memcpy(hello->boot, greeting->boot, BOOT_BYTES);
	snprintf(hello->wan, sizeof(hello->wan), "%s", greeting->wan);
	hello->sent_us = greeting->now_us;
	hello->configuration = greeting->configuration;
	hello->configuration_refused = greeting->configuration_refused;
	sender_fill_trouble(greeting->configuration_trouble, hello->configuration_trouble,
		sizeof(hello->configuration_trouble));
}

int sender_begin(struct sender *sender, const struct sender_greeting *greeting, struct buf *out)
{
	struct message message;
	int failed;

	forget_session(sender);
	message.kind = MESSAGE_HELLO;
	fill_hello(&message.hello, greeting);
	message.hello.run_count = sender->source.runs(sender->source.arg, message.hello.runs);
	sender->source.rewind(sender->source.arg);
	failed = keep_runs(sender, &message.hello);
	if (failed)
		return failed;
	failed = codec_message_encode(&message, out);
	if (failed)
		return failed;
	sender->asked_us = greeting->now_us;
	sender->state = SENDER_GREETED;
	return 0;
}

/* ---- what the collector says */

/* Forgets the oldest in flight as far as they are done. Those that were rejected have to be passed
 * by the source too; of the others it was told. */
static void settle(struct sender *sender)
{
	struct record_key key;

	while (window_pop(&sender->window, &key)) {
		size_t at = sender_find_run(sender, key.run);

		if (key.sequence <= sender->durable[at])
			continue;
		sender->durable[at] = key.sequence;
		sender->source.acked(sender->source.arg, key.run, key.sequence);
	}
}

/* Records that came since HELLO: a gap record among them covers numbers beyond its own. */
static void refresh_last(struct sender *sender, struct held_run *known)
{
	struct held_run held[RUNS_MAX];
	size_t count = sender->source.runs(sender->source.arg, held);
	size_t i;

	for (i = 0; i < count; i++)
		if (held[i].run == known->run && held[i].last > known->last)
			known->last = held[i].last;
}

/* A collector may hold more of a run than the agent still does (a power cut took the end of it):
 * never more than what is held here is taken as safe. */
static int take_ack(struct sender *sender, const struct ack *ack, struct err *err)
{
	size_t at = sender_find_run(sender, ack->run);
	uint32_t up_to = ack->up_to;

	if (at == sender->run_count)
		return err_set(
			err, -EPROTO, "acknowledges run %u, which is not held here", ack->run);
	if (up_to > sender->runs[at].last)
		refresh_last(sender, &sender->runs[at]);
	if (up_to > sender->runs[at].last)
		up_to = sender->runs[at].last;
	if (up_to <= sender->durable[at])
		return 0;
	sender->durable[at] = up_to;
	window_ack(&sender->window, ack->run, up_to);
	sender->source.acked(sender->source.arg, ack->run, up_to);
	settle(sender);
	return 0;
}

static void take_reject(struct sender *sender, const struct message *message)
{
	if (!window_reject(&sender->window, message->reject.key))
		return;
	sender->events.rejected(sender->events.arg, message->reject.key, message->reject.code,
		message->reject.text);
	settle(sender);
}

static void take_time(struct sender *sender, const struct time_answer *answer, uint64_t now_us)
{
	/* Only an answer to the question asked last measures a round trip. */
	if (!answer->present || sender->asked_us == 0 || answer->echo_us != sender->asked_us ||
		now_us < answer->echo_us)
		return;
	sender->asked_us = 0;
	sender->events.time(sender->events.arg, answer, now_us);
}

static int take_welcome(
	struct sender *sender, const struct welcome *welcome, uint64_t now_us, struct err *err)
{
	size_t i;
	int failed;

	for (i = 0; i < welcome->durable_count; i++) {
		failed = take_ack(sender, &welcome->durable[i], err);
		if (failed)
			return failed;
	}
	sender->state = SENDER_WELCOMED;
	sender->comeback_s = welcome->comeback_s;
	take_time(sender, &welcome->time, now_us);
	if (sender->events.configured)
		sender->events.configured(sender->events.arg, &welcome->configuration);
	return 0;
}

static int take_refuse(struct sender *sender, const struct message *message, struct err *err)
{
	sender->state = SENDER_OVER;
	sender->events.refused(sender->events.arg, message->refuse.code, message->refuse.text);
	return err_set(err, -EPROTO, "refused by the collector (%d): %s", message->refuse.code,
		message->refuse.text);
}

static int take_message(
	struct sender *sender, const struct message *message, uint64_t now_us, struct err *err)
{
	bool greeted = sender->state == SENDER_GREETED;

	if (message->kind == MESSAGE_REFUSE)
		return take_refuse(sender, message, err);
	if (message->kind != MESSAGE_UNKNOWN && greeted != (message->kind == MESSAGE_WELCOME))
		return err_set(err, -EPROTO, "the collector said message %d %s", message->kind,
			greeted ? "before WELCOME" : "out of turn");
	switch (message->kind) {
	case MESSAGE_WELCOME: return take_welcome(sender, &message->welcome, now_us, err);
	case MESSAGE_ACK: return take_ack(sender, &message->ack, err);
	case MESSAGE_REJECT: take_reject(sender, message); return 0;
	case MESSAGE_PONG: take_time(sender, &message->pong, now_us); return 0;
	case MESSAGE_CONFIGURATION:
		if (sender->events.configured)
			sender->events.configured(sender->events.arg, &message->configuration);
		return 0;
	case MESSAGE_LEASE:
		if (sender->events.lease)
			sender->events.lease(sender->events.arg, &message->lease);
		return 0;
	default: return 0; /* of a newer collector */
	}
}

int sender_feed(
	struct sender *sender, const void *bytes, size_t length, uint64_t now_us, struct err *err)
{
	struct frame_input input = {.bytes = bytes, .length = length};
	struct message message;
	const uint8_t *payload;
	size_t payload_length;
	int r;

	if (sender->state != SENDER_GREETED && sender->state != SENDER_WELCOMED)
		return err_set(err, -EPROTO, "bytes from a collector that was not greeted");
	while ((r = frame_next(&sender->reader, &input, &payload, &payload_length)) > 0) {
		r = codec_from_collector_decode(payload, payload_length, &message, err);
		if (r == 0)
			r = take_message(sender, &message, now_us, err);
		if (r < 0)
			break;
	}
	if (r == -EMSGSIZE)
		r = err_set(err, -EPROTO, "a frame of no length or over %d bytes", FRAME_MAX);
	if (r < 0)
		sender->state = SENDER_OVER;
	return r;
}

uint32_t sender_comeback_s(const struct sender *sender)
{
	return sender->comeback_s;
}

bool sender_welcomed(const struct sender *sender)
{
	return sender->state == SENDER_WELCOMED;
}

size_t sender_unacked(const struct sender *sender)
{
	return sender->window.count;
}
