/* SPDX-License-Identifier: Apache-2.0 */
/* What sender.c and sender_say.c share. */
#ifndef PANTAU_PROTO_SENDER_PRIVATE_H
#define PANTAU_PROTO_SENDER_PRIVATE_H

#include "proto/frame.h"
#include "proto/sender.h"
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
	uint32_t comeback_s; /* as the last WELCOME said */
	uint64_t asked_us; /* `sent_us` of the question about time that is still open; 0: none */
	struct window window;
	struct batch batch;
};

/* The run's index; run_count if HELLO did not name it. */
size_t sender_find_run(const struct sender *sender, uint32_t run);
/* Whatever the words came from (NULL: none): what travels is printable ASCII. */
void sender_fill_trouble(const char *words, char *ret_text, size_t size);

#endif
