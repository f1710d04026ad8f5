/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid on the monotonic clock on which slots and rounds lie: both begin at whole multiples of
 * their length since boot. Measuring begins in the middle of it, with a shorter slot and a round of
 * its own. Pure arithmetic.
 *
 *   slots   |            |########|############|############|
 *   rounds  .    .    .  *   .    .    .    .    .    .    .       * the extra one at the start
 *                        ^ start
 */
#ifndef PANTAU_AGENT_CORE_GRID_H
#define PANTAU_AGENT_CORE_GRID_H

#include <stdint.h>

struct grid {
	uint64_t start_us; /* measuring begins here; a whole millisecond */
	uint64_t slot_us, round_us;
};

/* Begins at `now`, or at the next slot if less than the shortest allowed slot is left of this
 * one. */
void grid_init(struct grid *grid, uint64_t now_us, uint32_t slot_ms, uint32_t round_ms);

/* The slot that contains the moment (at or after the start), as [start, end). */
uint64_t grid_slot_start(const struct grid *grid, uint64_t at_us);
uint64_t grid_slot_end(const struct grid *grid, uint64_t at_us);

/* The first round due at or after the moment. */
uint64_t grid_round_from(const struct grid *grid, uint64_t at_us);
/* The last round due at or before the moment, which is at or after the start. */
uint64_t grid_round_until(const struct grid *grid, uint64_t at_us);
/* How many rounds are due within [from, to). */
uint32_t grid_rounds(const struct grid *grid, uint64_t from_us, uint64_t to_us);

#endif
