/* SPDX-License-Identifier: Apache-2.0 */
#include "sender_bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"
#include "samples.h"

static size_t give_runs(void *arg, struct held_run *ret_runs)
{
	struct bench *bench = arg;
	uint32_t last = bench->gap_last ? (uint32_t)bench->gap_last : bench->last;

	ret_runs[0] = (struct held_run){3, 99, bench->first, last};
	return 1;
}

static void go_back(void *arg)
{
	struct bench *bench = arg;

	bench->next = bench->first;
}

static int give_next(void *arg, struct entry *ret_entry)
{
	struct bench *bench = arg;

	if (bench->next > bench->last)
		return 0;
	*ret_entry = (struct entry){
		.key = {bench->run, bench->next++},
		.record = bench->record,
		.record_length = bench->size,
	};
	return 1;
}

static void hear_acked(void *arg, uint32_t run, uint32_t up_to)
{
	struct bench *bench = arg;

	assert_int_equal(run, 3);
	assert_true(up_to > bench->acked_up_to);
	bench->acked_up_to = up_to;
	bench->acked_calls++;
}

static void hear_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	struct bench *bench = arg;

	assert_true(now_us >= NOW);
	bench->time = *answer;
	bench->times++;
}

static void hear_rejected(void *arg, struct record_key key, int code, const char *text)
{
	struct bench *bench = arg;

	assert_int_equal(code, REJECT_INVALID);
	assert_string_equal(text, "no good");
	bench->rejected++;
}

static void hear_refused(void *arg, int code, const char *text)
{
	struct bench *bench = arg;

	bench->refused = (unsigned)code;
}

static void hear_configured(void *arg, const struct configuration *configuration)
{
	struct bench *bench = arg;

	bench->configured++;
	bench->version = configuration->version;
	snprintf(bench->text, sizeof(bench->text), "%.*s", (int)configuration->length,
		configuration->text ? configuration->text : "");
}

static void hear_lease(void *arg, const struct lease *lease)
{
	struct bench *bench = arg;

	bench->leases++;
	bench->lease = *lease;
}

int bench_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct sender_source source = {bench, give_runs, go_back, give_next, hear_acked};
	struct sender_events events = {
		bench, hear_time, hear_rejected, hear_refused, hear_configured, hear_lease};

	bench->run = 3;
	bench->first = 1;
	bench->last = 10;
	bench->size = 100;
	buf_init(&bench->out, 1 << 20);
	buf_init(&bench->in, 1 << 20);
	*state = bench;
	return sender_new(&source, &events, &bench->sender);
}

int bench_teardown(void **state)
{
	struct bench *bench = *state;

	sender_free(bench->sender);
	sender_free(NULL);
	buf_done(&bench->out);
	buf_done(&bench->in);
	free(bench);
	return 0;
}

bool hear(struct bench *bench)
{
	const uint8_t *frame = buf_peek(&bench->out);
	size_t length;

	if (buf_length(&bench->out) == 0)
		return false;
	length = (size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3];
	assert_int_equal(codec_from_agent_decode(frame + 4, length, &bench->heard, NULL), 0);
	buf_consume(&bench->out, length + 4);
	return true;
}

int say(struct bench *bench, const struct message *message)
{
	int r;

	buf_clear(&bench->in);
	assert_int_equal(codec_message_encode(message, &bench->in), 0);
	r = sender_feed(bench->sender, buf_peek(&bench->in), buf_length(&bench->in), NOW + 40000,
		&bench->err);
	return r;
}

int say_welcome(struct bench *bench, uint32_t up_to)
{
	struct message message = {.kind = MESSAGE_WELCOME};

	message.welcome.durable_count = 1;
	message.welcome.durable[0] = (struct ack){3, up_to};
	message.welcome.comeback_s = 7;
	return say(bench, &message);
}

int say_ack(struct bench *bench, uint32_t run, uint32_t up_to)
{
	struct message message = {.kind = MESSAGE_ACK, .ack = {run, up_to}};

	return say(bench, &message);
}

int say_reject(struct bench *bench, uint32_t sequence)
{
	struct message message = {.kind = MESSAGE_REJECT};

	message.reject.key = (struct record_key){3, sequence};
	message.reject.code = REJECT_INVALID;
	strcpy(message.reject.text, "no good");
	return say(bench, &message);
}

void begin(struct bench *bench)
{
	const struct sender_greeting greeting = {
		"test", "wan", sample_boot, NOW, 7, 8, "not\nallowed"};

	assert_int_equal(sender_begin(bench->sender, &greeting, &bench->out), 0);
	assert_true(hear(bench));
	assert_int_equal(bench->heard.kind, MESSAGE_HELLO);
}

size_t hear_records(struct bench *bench, uint32_t sequence)
{
	size_t count = 0, i;

	while (hear(bench)) {
		assert_int_equal(bench->heard.kind, MESSAGE_REPORT);
		for (i = 0; i < bench->heard.report.entry_count; i++)
			assert_int_equal(bench->heard.report.entries[i].key.sequence, sequence++);
		count += bench->heard.report.entry_count;
	}
	return count;
}
