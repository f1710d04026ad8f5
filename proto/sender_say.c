/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent says after HELLO: records, questions, what it follows. */
#include <errno.h>
#include <stdio.h>

#include "proto/sender_private.h"

void sender_fill_trouble(const char *words, char *ret_text, size_t size)
{
	size_t i;

	for (i = 0; words && words[i] && i + 1 < size; i++)
		ret_text[i] = words[i] >= 0x20 && words[i] < 0x7f ? words[i] : '?';
	ret_text[i] = '\0';
}

/* ---- records */

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
	size_t at = sender_find_run(sender, entry->key.run);
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
		size_t at = sender_find_run(sender, batch->keys[i].run);

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

/* ---- the rest */

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
	sender_fill_trouble(
		following->trouble, message.following.trouble, sizeof(message.following.trouble));
	return codec_message_encode(&message, out);
}

int sender_lease_return(struct sender *sender, uint32_t number, struct buf *out)
{
	struct message message = {.kind = MESSAGE_LEASE_RETURN, .lease_return.number = number};

	return sender->state == SENDER_WELCOMED ? codec_message_encode(&message, out) : -ENOTCONN;
}
