/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/wire.h"

#define WIRE_BYTES (8U << 20)
#define RESEND_US 300000 /* after which TCP tries again, at least */

void wire_init(struct wire *wire, struct draw *draw, uint64_t delay_us, unsigned loss_percent)
{
	*wire = (struct wire){.draw = draw, .delay_us = delay_us, .loss_percent = loss_percent};
	wire->cut = true;
	buf_init(&wire->lanes[0].bytes, WIRE_BYTES);
	buf_init(&wire->lanes[1].bytes, WIRE_BYTES);
}

void wire_done(struct wire *wire)
{
	buf_done(&wire->lanes[0].bytes);
	buf_done(&wire->lanes[1].bytes);
}

static void empty(struct wire_lane *lane)
{
	buf_clear(&lane->bytes);
	lane->first = 0;
	lane->count = 0;
	lane->last_due_us = 0;
}

void wire_open(struct wire *wire)
{
	empty(&wire->lanes[0]);
	empty(&wire->lanes[1]);
	wire->cut = false;
}

void wire_cut(struct wire *wire)
{
	wire->cut = true;
}

static uint64_t arrival(struct wire *wire, uint64_t now_us)
{
	uint64_t due_us = now_us + wire->delay_us + draw_between(wire->draw, 0, wire->delay_us);

	while (draw_chance(wire->draw, wire->loss_percent))
		due_us += RESEND_US + draw_between(wire->draw, 0, RESEND_US);
	return due_us;
}

void wire_send(struct wire *wire, enum wire_way way, struct buf *bytes, uint64_t now_us)
{
	struct wire_lane *lane = &wire->lanes[way];
	size_t length = buf_length(bytes);
	uint64_t due_us;

	if (length == 0)
		return;
	if (!wire->cut && buf_append(&lane->bytes, buf_peek(bytes), length) == 0) {
		due_us = arrival(wire, now_us);
		if (due_us < lane->last_due_us)
			due_us = lane->last_due_us; /* bytes do not overtake one another */
		lane->last_due_us = due_us;
		if (lane->count == WIRE_PARCELS)
			lane->parcels[(lane->first + lane->count - 1) % WIRE_PARCELS].length +=
				length;
		else
			lane->parcels[(lane->first + lane->count++) % WIRE_PARCELS] =
				(struct wire_parcel){due_us, length};
	}
	buf_clear(bytes);
}

uint64_t wire_due(const struct wire *wire, enum wire_way way)
{
	const struct wire_lane *lane = &wire->lanes[way];

	return wire->cut || lane->count == 0 ? WIRE_NEVER : lane->parcels[lane->first].due_us;
}

size_t wire_take(struct wire *wire, enum wire_way way, uint64_t now_us, const uint8_t **ret_bytes)
{
	struct wire_lane *lane = &wire->lanes[way];
	struct wire_parcel *parcel = &lane->parcels[lane->first];
	size_t taken;

	if (wire_due(wire, way) > now_us)
		return 0;
	/* in two pieces, anywhere: frames are torn */
	taken = draw_between(wire->draw, 1, parcel->length);
	*ret_bytes = buf_peek(&lane->bytes);
	buf_consume(&lane->bytes, taken);
	parcel->length -= taken;
	if (parcel->length == 0) {
		lane->first = (lane->first + 1) % WIRE_PARCELS;
		lane->count--;
	}
	return taken;
}
