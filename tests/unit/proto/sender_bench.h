/* SPDX-License-Identifier: Apache-2.0 */
/* A sender over a source of made-up records, and what both said. */
#ifndef PANTAU_TESTS_PROTO_SENDER_BENCH_H
#define PANTAU_TESTS_PROTO_SENDER_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/sender.h"

#define NOW 5000000ULL

/* A source of records of `size` bytes, all of run 3, from first to last; what the sender told. */
struct bench {
	struct sender *sender;
	struct buf out, in;
	struct err err;
	uint32_t first, last, next, run;
	uint64_t gap_last; /* the record at `last` stands for all up to here, if not 0 */
	size_t size;
	uint32_t acked_up_to;
	unsigned acked_calls, rejected, refused, times;
	struct time_answer time;
	unsigned configured, leases;
	uint32_t version; /* of the last configuration, and its text */
	char text[64];
	struct lease lease;
	uint8_t record[RECORD_MAX];
	struct message heard;
};

int bench_setup(void **state);
int bench_teardown(void **state);
/* Takes the next frame out of bench->out into bench->heard; false if there is none. */
bool hear(struct bench *bench);
int say(struct bench *bench, const struct message *message);
int say_welcome(struct bench *bench, uint32_t up_to);
int say_ack(struct bench *bench, uint32_t run, uint32_t up_to);
int say_reject(struct bench *bench, uint32_t sequence);
void begin(struct bench *bench);
/* How many records all the frames in bench->out bring, in order from `sequence` on. */
size_t hear_records(struct bench *bench, uint32_t sequence);

#endif
