/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection over the bad link, in virtual time: bytes in order, each way, after a delay; in
 * pieces of any size; until it is cut, when whatever is under way is lost and nobody is told.
 *
 *   wire_send(TO_COLLECTOR) -> | bytes, due 12.3 s | bytes, due 14.0 s |  -> wire_take() at 12.3 s
 */
#ifndef PANTAU_TESTS_SIM_WIRE_H
#define PANTAU_TESTS_SIM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "tests/sim/draw.h"

#define WIRE_NEVER UINT64_MAX
#define WIRE_PARCELS 1024 /* under way each way; beyond it the newest grows */

enum wire_way { WIRE_TO_COLLECTOR, WIRE_TO_AGENT };

struct wire_parcel {
	uint64_t due_us;
	size_t length;
};

struct wire_lane {
	struct buf bytes;
	struct wire_parcel parcels[WIRE_PARCELS]; /* a ring */
	size_t first, count;
	uint64_t last_due_us;
};

struct wire {
	struct draw *draw; /* borrowed */
	uint64_t delay_us; /* one way, at best */
	unsigned loss_percent; /* of a parcel: it is sent again, a while later */
	bool cut;
	struct wire_lane lanes[2];
};

void wire_init(struct wire *wire, struct draw *draw, uint64_t delay_us, unsigned loss_percent);
void wire_done(struct wire *wire);
/* A new connection: nothing is under way. */
void wire_open(struct wire *wire);
void wire_cut(struct wire *wire);
/* Moves all the bytes out of `bytes`, whether they will arrive or not. */
void wire_send(struct wire *wire, enum wire_way way, struct buf *bytes, uint64_t now_us);
/* When the next bytes arrive. */
uint64_t wire_due(const struct wire *wire, enum wire_way way);
/* Bytes that have arrived, borrowed until the next call; 0: none now. */
size_t wire_take(struct wire *wire, enum wire_way way, uint64_t now_us, const uint8_t **ret_bytes);

#endif
