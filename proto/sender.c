/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/sender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"
#include "proto/window.h"

enum sender_state { SENDER_IDLE, SENDER_GREETED, SENDER_WELCOMED, SENDER_OVER };

struct batch { /* taken from the source, not in a frame yet; the frame may not have fitted `out` */
	struct buf bytes;
	size_t count;
	struct record_key keys[ENTRIES_MAX];
	uint32_t lengths[ENTRIES_MAX];
};

struct sender {
	struct sender_source source;
	struct sender_events events;
	enum sender_state state;
	struct frame_reader reader;
	struct held_run *runs; /* of this session's HELLO; `last` rises with what is sent */
	uint32_t *durable; /* one for each run: what the collector has said is safe */
	size_t run_count;
	uint64_t asked_us; /* `sent_us` of the question about time that is still open; 0: none */
	struct window window;
	struct batch batch;
};

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

/* The run's index; run_count if HELLO did not name it. */
static size_t find_run(const struct sender *sender, uint32_t run)
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

/* Whatever the words came from: what travels is printable ASCII. */
static void fill_trouble(const char *words, char *ret_text, size_t size)
{
	size_t i;

	for (i = 0; words && words[i] && i + 1 < size; i++)
		ret_text[i] = words[i] >= 0x20 && words[i] < 0x7f ? words[i] : '?';
	ret_text[i] = '\0';
}

static void fill_hello(struct hello *hello, const struct sender_greeting *greeting)
{
	snprintf(hello->software, sizeof(hello->software), "%s", greeting->software);
	memcpy(hello->boot, greeting->boot, BOOT_BYTES);
	snprintf(hello->wan, sizeof(hello->wan), "%s", greeting->wan);
	hello->sent_us = greeting->now_us;
	hello->configuration = greeting->configuration;
	hello->configuration_refused = greeting->configuration_refused;
	fill_trouble(greeting->configuration_trouble, hello->configuration_trouble,
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
		size_t at = find_run(sender, key.run);

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
	size_t at = find_run(sender, ack->run);
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

/* ---- what the agent says */

static bool window_open(const struct sender *sender)
{
	const struct batch *batch = &sender->batch;

	return batch->count < ENTRIES_MAX &&
		window_fits(
			&sender->window, batch->count + 1, buf_length(&batch->bytes) + RECORD_MAX);
}

/* Copies, because the source lends one record at a time. */
static int add_to_batch(struct sender *sender, const struct entry *entry)
{
	struct batch *batch = &sender->batch;
	size_t at = find_run(sender, entry->key.run);
	int failed;

	if (at == sender->run_count)
		return -ESTALE; /* a run that began after HELLO: the next session will name it */
	if (entry->key.sequence <= sender->durable[at])
		return 0;
	if (entry->record_length > RECORD_MAX)
		return -EMSGSIZE;
	failed = buf_append(&batch->bytes, entry->record, entry->record_length);
	if (failed)
		return failed;
	batch->keys[batch->count] = entry->key;
	batch->lengths[batch->count] = (uint32_t)entry->record_length;
	batch->count++;
	return 0;
}

static int fill_batch(struct sender *sender)
{
	struct entry entry;
	int r = 0;

	while (window_open(sender)) {
		r = sender->source.next(sender->source.arg, &entry);
		if (r <= 0)
			break;
		r = add_to_batch(sender, &entry);
		if (r < 0)
			break;
	}
	return r < 0 ? r : 0;
}

static int encode_batch(const struct batch *batch, struct buf *out)
{
	const uint8_t *bytes = buf_peek(&batch->bytes);
	struct message message;
	size_t i;

	message.kind = MESSAGE_REPORT;
	message.report.entry_count = batch->count;
	for (i = 0; i < batch->count; i++) {
		message.report.entries[i] = (struct entry){
			.key = batch->keys[i],
			.record = bytes,
			.record_length = batch->lengths[i],
		};
		bytes += batch->lengths[i];
	}
	return codec_message_encode(&message, out);
}

/* The batch left: it is in flight from now on. */
static void launch_batch(struct sender *sender)
{
	struct batch *batch = &sender->batch;
	size_t i;

	for (i = 0; i < batch->count; i++) {
		size_t at = find_run(sender, batch->keys[i].run);

		window_launch(&sender->window, batch->keys[i], batch->lengths[i]);
		if (sender->runs[at].last < batch->keys[i].sequence)
			sender->runs[at].last = batch->keys[i].sequence;
	}
	batch->count = 0;
	buf_done(&batch->bytes);
}

int sender_pump(struct sender *sender, struct buf *out)
{
	int failed;

	if (sender->state != SENDER_WELCOMED)
		return 0;
	for (;;) {
		failed = fill_batch(sender);
		if (failed)
			return failed;
		if (sender->batch.count == 0)
			return 0;
		failed = encode_batch(&sender->batch, out);
		if (failed)
			return failed == -ENOBUFS ? 0 : failed; /* later, when `out` has room */
		launch_batch(sender);
	}
}

int sender_ping(struct sender *sender, uint64_t now_us, struct buf *out)
{
	struct message message = {.kind = MESSAGE_PING, .ping = {.sent_us = now_us}};
	int failed;

	if (sender->state != SENDER_WELCOMED)
		return -ENOTCONN;
	failed = codec_message_encode(&message, out);
	if (failed == 0)
		sender->asked_us = now_us;
	return failed;
}

int sender_lease_request(struct sender *sender, uint32_t number, const char *wan, struct buf *out)
{
	struct message message = {.kind = MESSAGE_LEASE_REQUEST, .lease_request.number = number};

	if (sender->state != SENDER_WELCOMED)
		return -ENOTCONN;
	snprintf(message.lease_request.wan, sizeof(message.lease_request.wan), "%s", wan);
	return codec_message_encode(&message, out);
}

int sender_following(
	struct sender *sender, const struct sender_following *following, struct buf *out)
{
	struct message message = {.kind = MESSAGE_FOLLOWING,
		.following = {.version = following->version, .refused = following->refused}};

	if (!sender_welcomed(sender))
		return -ENOTCONN;
	fill_trouble(
		following->trouble, message.following.trouble, sizeof(message.following.trouble));
	return codec_message_encode(&message, out);
}

int sender_lease_return(struct sender *sender, uint32_t number, struct buf *out)
{
	struct message message = {.kind = MESSAGE_LEASE_RETURN, .lease_return.number = number};

	return sender->state == SENDER_WELCOMED ? codec_message_encode(&message, out) : -ENOTCONN;
}

bool sender_welcomed(const struct sender *sender)
{
	return sender->state == SENDER_WELCOMED;
}

size_t sender_unacked(const struct sender *sender)
{
	return sender->window.count;
}
