/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as whatever a peer or a disk may hand to proto. The first byte says as what. What is
 * taken must come back as it was after encoding; what is refused must have words.
 */
#include <errno.h>
#include <string.h>

#include "proto/codec.h"
#include "proto/codec_quick.h"
#include "proto/frame.h"
#include "proto/journal_record.h"
#include "proto/marks.h"
#include "proto/receiver.h"
#include "proto/sender.h"
#include "tests/fuzz/fuzz.h"

#define OUT_BYTES (1U << 20)

static void try_record(const uint8_t *bytes, size_t size)
{
	static struct record record, again;
	struct err err = {.text = ""};
	struct buf out;
	int code = codec_record_decode(bytes, size, &record, &err);

	/* both ways of reading say the same */
	FUZZ_CHECK(codec_plain_record(bytes, size, &again, &err) == code);
	FUZZ_CHECK(code || !memcmp(&record, &again, sizeof record));
	if (code) {
		FUZZ_CHECK(code >= REJECT_MALFORMED && code <= REJECT_UNSUPPORTED);
		FUZZ_CHECK(err.text[0]);
		return;
	}
	buf_init(&out, OUT_BYTES);
	FUZZ_CHECK(codec_record_encode(&record, &out) == 0);
	FUZZ_CHECK(codec_record_decode(buf_peek(&out), buf_length(&out), &again, &err) == 0);
	FUZZ_CHECK(!memcmp(&record, &again, sizeof record));
	buf_done(&out);
}

/* Encodes, decodes and encodes again: the same bytes. */
static void check_message(const struct message *message, bool from_agent)
{
	static struct message again;
	struct err err = {.text = ""};
	struct buf first, second;
	const uint8_t *payload;
	size_t length;
	int r;

	buf_init(&first, OUT_BYTES);
	buf_init(&second, OUT_BYTES);
	r = codec_message_encode(message, &first);
	FUZZ_CHECK(r == 0 || r == -EMSGSIZE); /* a longer input than a frame has */
	if (r == 0) {
		payload = buf_peek(&first) + FRAME_HEADER;
		length = buf_length(&first) - FRAME_HEADER;
		r = from_agent ? codec_from_agent_decode(payload, length, &again, &err)
			       : codec_from_collector_decode(payload, length, &again, &err);
		FUZZ_CHECK(r == 0 && again.kind == message->kind);
		FUZZ_CHECK(codec_message_encode(&again, &second) == 0);
		FUZZ_CHECK(buf_length(&first) == buf_length(&second));
		FUZZ_CHECK(!memcmp(buf_peek(&first), buf_peek(&second), buf_length(&first)));
	}
	buf_done(&first);
	buf_done(&second);
}

static void try_message(const uint8_t *bytes, size_t size, bool from_agent)
{
	static struct message message;
	struct err err = {.text = ""};
	int r = from_agent ? codec_from_agent_decode(bytes, size, &message, &err)
			   : codec_from_collector_decode(bytes, size, &message, &err);

	if (r < 0)
		FUZZ_CHECK(r == -EPROTO && err.text[0]);
	else if (message.kind != MESSAGE_UNKNOWN)
		check_message(&message, from_agent);
}

/* ---- both halves of the conversation, fed with a whole stream */

static uint32_t durable_nothing(void *arg, const struct held_run *held)
{
	return held->first - 1;
}

static int take_entry(void *arg, const struct entry *entry, const struct held_run *held, int code,
	const char *why)
{
	FUZZ_CHECK(entry->key.run == held->run && entry->last >= entry->key.sequence);
	FUZZ_CHECK(!code == !why[0]);
	return 0;
}

static void take_hello(void *arg, const struct hello *hello)
{
	FUZZ_CHECK(hello->run_count <= RUNS_MAX);
}

static void ask_nothing(void *arg, struct configuration *ret_configuration)
{
	FUZZ_CHECK(ret_configuration->version == 0);
}

static void give_lease(void *arg, const char *wan, struct lease *ret_lease)
{
	FUZZ_CHECK(wan[0] && strlen(wan) <= WAN_NAME_MAX && ret_lease->number);
}

static void take_lease_back(void *arg, uint32_t number)
{
	FUZZ_CHECK(arg == NULL && number <= UINT32_MAX);
}

static void try_receiver(const uint8_t *bytes, size_t size)
{
	static const struct receiver_owner owner = {NULL, durable_nothing, take_entry, take_hello,
		ask_nothing, give_lease, take_lease_back};
	static const struct receiver_clock clock = {true, UTC_MIN_US, 1};
	struct receiver_input input = {bytes, size, &clock};
	struct err err = {.text = ""};
	struct receiver *receiver;
	struct buf out;
	int r;

	buf_init(&out, OUT_BYTES);
	if (receiver_new(&owner, &receiver) == 0) {
		r = receiver_feed(receiver, &input, &out, &err);
		FUZZ_CHECK(r == 0 || (r == -EPROTO && err.text[0] && buf_length(&out)) ||
			r == -ENOBUFS);
		receiver_free(receiver);
	}
	buf_done(&out);
}

static size_t give_runs(void *arg, struct held_run *ret_runs)
{
	ret_runs[0] = (struct held_run){1, 1, 1, 5};
	return 1;
}

static void go_back(void *arg)
{
	*(uint32_t *)arg = 0;
}

static int give_next(void *arg, struct entry *ret_entry)
{
	uint32_t *given = arg;

	if (*given == 5)
		return 0;
	*ret_entry = (struct entry){
		.key = {1, ++*given}, .record = (const uint8_t *)"x", .record_length = 1};
	return 1;
}

static void take_acked(void *arg, uint32_t run, uint32_t up_to)
{
	FUZZ_CHECK(run == 1 && up_to >= 1 && up_to <= 5); /* never more than is held */
}

static void take_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	FUZZ_CHECK(answer->present && answer->received_utc_us >= UTC_MIN_US);
}

static void take_rejected(void *arg, struct record_key key, int code, const char *text)
{
	FUZZ_CHECK(key.run == 1 && key.sequence >= 1 && key.sequence <= 5);
}

static void take_refused(void *arg, int code, const char *text)
{
	FUZZ_CHECK(strlen(text) < 128);
}

/* The text lies in what was fed: every byte of it can be read, and is text. */
static void take_configured(void *arg, const struct configuration *configuration)
{
	FUZZ_CHECK(configuration->length <= CONFIGURATION_MAX);
	for (size_t i = 0; i < configuration->length; i++)
		FUZZ_CHECK(configuration->text[i] != '\0');
}

static void take_lease(void *arg, const struct lease *lease)
{
	FUZZ_CHECK(lease->seconds <= LEASE_SECONDS_MAX);
}

static void try_sender(const uint8_t *bytes, size_t size)
{
	static const uint8_t boot[BOOT_BYTES];
	static const struct sender_greeting greeting = {"fuzz", "wan", boot, 7};
	uint32_t given = 0;
	struct sender_source source = {&given, give_runs, go_back, give_next, take_acked};
	struct sender_events events = {
		NULL, take_time, take_rejected, take_refused, take_configured, take_lease};
	struct err err = {.text = ""};
	struct sender *sender;
	struct buf out;
	size_t half = size / 2;

	buf_init(&out, OUT_BYTES);
	if (sender_new(&source, &events, &sender) == 0) {
		FUZZ_CHECK(sender_begin(sender, &greeting, &out) == 0);
		if (sender_feed(sender, bytes, half, 9, &err) == 0) {
			sender_pump(sender, &out);
			sender_feed(sender, bytes + half, size - half, 9, &err);
		}
		sender_free(sender);
	}
	buf_done(&out);
}

/* ---- what lies on the collector's disk */

static void try_marks(const uint8_t *bytes, size_t size)
{
	struct marks marks;
	struct buf out;
	size_t taken;

	marks_init(&marks);
	if (marks_decode(bytes, size, &marks, &taken) < 0)
		return;
	buf_init(&out, OUT_BYTES);
	FUZZ_CHECK(marks_encode(&marks, &out) == 0);
	FUZZ_CHECK(buf_length(&out) == taken && !memcmp(buf_peek(&out), bytes, taken));
	buf_done(&out);
	marks_done(&marks);
}

static void try_journal_record(const uint8_t *bytes, size_t size)
{
	struct journal_record record;
	struct buf out;

	if (journal_record_decode(bytes, size, &record) < 0)
		return;
	buf_init(&out, OUT_BYTES);
	FUZZ_CHECK(journal_record_encode(&record, &out) == 0);
	FUZZ_CHECK(buf_length(&out) <= size);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1 || size > FRAME_MAX)
		return 0;
	switch (bytes[0]) {
	case 'r': try_record(bytes + 1, size - 1); break;
	case 'a': try_message(bytes + 1, size - 1, true); break;
	case 'c': try_message(bytes + 1, size - 1, false); break;
	case 'R': try_receiver(bytes + 1, size - 1); break;
	case 'S': try_sender(bytes + 1, size - 1); break;
	case 'm': try_marks(bytes + 1, size - 1); break;
	case 'j': try_journal_record(bytes + 1, size - 1); break;
	default: break;
	}
	return 0;
}
