/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller says to each kind of server, and how it recognises an answer: pantau/1, MQTT 3.1.1
 * at QoS 1, HTTP POST. The report is the same bytes for all of them.
 */
#ifndef PANTAU_TESTS_BENCH_LOAD_SPEECH_H
#define PANTAU_TESTS_BENCH_LOAD_SPEECH_H

#include "common/buf.h"
#include "proto/frame.h"

#define BURST_MAX 64
#define SAID_MAX (64 * 1024) /* bytes of a burst */

struct talk { /* one caller's conversation */
	uint32_t id; /* from 1: the agent's number */
	uint32_t run;
	uint32_t sent, answered; /* reports */
	uint32_t comeback_s; /* as WELCOME said */
	unsigned state; /* of the answer being read */
	struct frame_reader reader; /* pantau */
};

struct speech {
	const char *name;
	const char *alpn; /* NULL: none is offered */
	bool greets; /* an answer comes before the first report */
	void (*greet)(struct talk *talk, struct buf *out);
	/* `count` more reports. */
	void (*report)(struct talk *talk, unsigned count, struct buf *out);
	/* How many answers the bytes complete, or -1: they are none. */
	int (*hear)(struct talk *talk, const uint8_t *bytes, size_t length);
};

const struct speech *speech_find(const char *name);
void talk_init(struct talk *talk, uint32_t id, uint32_t run);
void talk_done(struct talk *talk);

#endif
