/* SPDX-License-Identifier: Apache-2.0 */
/* A receiver over an owner that remembers what it was told. */
#ifndef PANTAU_TESTS_PROTO_RECEIVER_BENCH_H
#define PANTAU_TESTS_PROTO_RECEIVER_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/receiver.h"

struct bench {
	struct receiver *receiver;
	struct receiver_clock clock;
	struct buf out, in, record;
	struct err err;
	struct message said, heard;
	struct hello hello;
	uint32_t durable;
	struct configuration configuration; /* what owner.configuration gives */
	bool grant; /* what owner.lease_request says */
	uint32_t returned; /* the last lease that came back */
	struct following following; /* what was said last */
	int refuse_entry; /* what owner.entry returns */
	unsigned entries;
	struct entry entry; /* the last one */
	uint64_t nonce;
	int code;
	char why[200];
};

int bench_setup(void **state);
int bench_teardown(void **state);
int feed(struct bench *bench, const void *bytes, size_t length);
/* Says bench->said. */
int say(struct bench *bench);
/* What the receiver answered next: its kind, MESSAGE_UNKNOWN for nothing. */
enum message_kind hear(struct bench *bench);
int say_hello(struct bench *bench);
void greet(struct bench *bench);
int say_record(struct bench *bench, uint32_t run, uint32_t sequence, const struct record *record);

#endif
