/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects outcomes, events and the WAN's facts into slots. A probe belongs to the slot in which
 * its round was due, so a slot stays open after its end until its last round is over; one that
 * was slept through is not made at all.
 *
 *   collecting -- slots_turn() at its end --> ended -- its rounds are over --> slots_take()
 */
#ifndef PANTAU_AGENT_CORE_SLOTS_H
#define PANTAU_AGENT_CORE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/grid.h"
#include "agent/core/question.h"

#define SLOTS_OPEN_MAX 16 /* slots of a second whose rounds stay open for 12 s, and slack */
#define SLOTS_CUT_MAX 8 /* no cut beyond: a clock that is set all the time takes no slot's place */

/* What the kernel says of the WAN's interface at a moment; counters since the interface came up. */
struct wan_reading {
	uint32_t interface; /* kernel's index; another one starts the counters anew; 0: none */
	enum carrier carrier;
	enum neighbour gateway;
	struct address address;
	uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, errors;
};

struct slots;

/* Copies all. `reading` is that of the grid's start. */
int slots_new(const struct grid *grid, const char *wan, const uint8_t boot[BOOT_BYTES],
	const struct wan_reading *reading, struct slots **ret_slots);
void slots_free(struct slots *slots);

/* The end of the slot that collects now: call slots_turn then. */
uint64_t slots_due(const struct slots *slots);
void slots_turn(struct slots *slots, uint64_t now_us, const struct wan_reading *reading);
void slots_probe(struct slots *slots, const struct question *question, const struct answer *answer);
void slots_event(struct slots *slots, uint64_t now_us, enum event_kind kind, int64_t value);
/* Ends the collecting slot here and begins another: the clock was set, so what lies before is
 * placed by other anchors than what lies after. Nothing is cut where a part would be shorter than
 * SLOT_LENGTH_MIN_MS, or without a round: of such a part nothing would be known. */
void slots_cut(struct slots *slots, uint64_t now_us, const struct wan_reading *reading);
/* Ends the collecting slot here; less than SLOT_LENGTH_MIN_MS of one is given up. */
void slots_stop(struct slots *slots, uint64_t now_us, const struct wan_reading *reading);
/* Forgets the outcomes of a round that was cut short: it would look lost, and was not asked to
 * the end. */
void slots_forget_round(struct slots *slots, uint64_t round_us);

/* The same for one slot, wherever it is kept. */
void slots_leave_out(const struct slots *slots, uint64_t round_us, struct slot *slot);
/* The collecting slot as it would be if it ended here, or as soon as a slot may; false: there is
 * none. */
bool slots_sketch(const struct slots *slots, uint64_t now_us, const struct wan_reading *reading,
	struct slot *ret_slot);

/* The oldest ended slot, if no round before `open_since_us` is open any more; true: *ret_slot was
 * filled in and the slot is over. */
bool slots_take(struct slots *slots, uint64_t open_since_us, struct slot *ret_slot);

#endif
