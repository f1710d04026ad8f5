/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver_bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"
#include "samples.h"

static uint32_t give_durable(void *arg, const struct held_run *held)
{
	struct bench *bench = arg;

	return bench->durable ? bench->durable : held->first - 1;
}

static int take_entry(void *arg, const struct entry *entry, const struct held_run *held, int code,
	const char *why)
{
	struct bench *bench = arg;

	bench->entries++;
	bench->entry = *entry;
	bench->nonce = held->nonce;
	bench->code = code;
	snprintf(bench->why, sizeof(bench->why), "%s", why);
	return bench->refuse_entry;
}

static void take_hello(void *arg, const struct hello *hello)
{
	struct bench *bench = arg;

	bench->hello = *hello;
}

static void give_configuration(void *arg, struct configuration *ret_configuration)
{
	struct bench *bench = arg;

	assert_int_equal(ret_configuration->version, 0);
	*ret_configuration = bench->configuration;
}

static void give_lease(void *arg, const char *wan, struct lease *ret_lease)
{
	struct bench *bench = arg;

	assert_string_equal(wan, "wan2");
	assert_false(ret_lease->granted);
	ret_lease->granted = bench->grant;
	ret_lease->seconds = 45;
}

static void take_following(void *arg, const struct following *following)
{
	struct bench *bench = arg;

	bench->following = *following;
}

static void take_lease_return(void *arg, uint32_t number)
{
	struct bench *bench = arg;

	bench->returned = number;
}

int bench_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct receiver_owner owner = {bench, give_durable, take_entry, take_hello,
		give_configuration, give_lease, take_lease_return, take_following, 33};

	buf_init(&bench->out, 1 << 20);
	buf_init(&bench->in, 1 << 20);
	buf_init(&bench->record, 1 << 20);
	bench->clock = (struct receiver_clock){true, 1774972800000000, 500};
	*state = bench;
	return receiver_new(&owner, &bench->receiver);
}

int bench_teardown(void **state)
{
	struct bench *bench = *state;

	receiver_free(bench->receiver);
	receiver_free(NULL);
	buf_done(&bench->out);
	buf_done(&bench->in);
	buf_done(&bench->record);
	free(bench);
	return 0;
}

int feed(struct bench *bench, const void *bytes, size_t length)
{
	struct receiver_input input = {bytes, length, &bench->clock};

	return receiver_feed(bench->receiver, &input, &bench->out, &bench->err);
}

int say(struct bench *bench)
{
	buf_clear(&bench->in);
	assert_int_equal(codec_message_encode(&bench->said, &bench->in), 0);
	return feed(bench, buf_peek(&bench->in), buf_length(&bench->in));
}

enum message_kind hear(struct bench *bench)
{
	const uint8_t *frame = buf_peek(&bench->out);
	size_t length;

	if (buf_length(&bench->out) == 0)
		return MESSAGE_UNKNOWN;
	length = (size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3];
	assert_int_equal(codec_from_collector_decode(frame + 4, length, &bench->heard, NULL), 0);
	buf_consume(&bench->out, length + 4);
	return bench->heard.kind;
}

int say_hello(struct bench *bench)
{
	struct hello *hello = &bench->said.hello;

	memset(&bench->said, 0, sizeof(bench->said));
	bench->said.kind = MESSAGE_HELLO;
	memcpy(hello->boot, sample_boot, BOOT_BYTES);
	hello->sent_us = 42;
	hello->run_count = 2;
	hello->runs[0] = (struct held_run){7, 70, 5, 50}; /* runs may stand in any order */
	hello->runs[1] = (struct held_run){6, 60, 1, 9};
	return say(bench);
}

void greet(struct bench *bench)
{
	assert_int_equal(say_hello(bench), 0);
	assert_int_equal(hear(bench), MESSAGE_WELCOME);
}

int say_record(struct bench *bench, uint32_t run, uint32_t sequence, const struct record *record)
{
	buf_clear(&bench->record);
	sample_encode(record, &bench->record);
	bench->said.kind = MESSAGE_REPORT;
	bench->said.report.entry_count = 1;
	bench->said.report.entries[0] = (struct entry){
		.key = {run, sequence},
		.record = buf_peek(&bench->record),
		.record_length = buf_length(&bench->record),
	};
	return say(bench);
}
