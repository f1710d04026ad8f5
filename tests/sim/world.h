/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One simulated day from a seed: a router and a collector joined by a bad link, in virtual time,
 * and what must hold at its end:
 *
 *   - every slot that the agent made is in the ledger once, or lies in a gap that the agent told
 *     of, or died in a power cut before it was synced;
 *   - nothing that was acknowledged is missing;
 *   - slots lie where they were, give or take what an anchor may err;
 *   - the figures are the same bytes for any order of arrival;
 *   - the router is never taken for two devices, and one that lived the day before beside it is.
 */
#ifndef PANTAU_TESTS_SIM_WORLD_H
#define PANTAU_TESTS_SIM_WORLD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/sim/twins.h"

struct world_sum { /* over all days */
	uint64_t days, slots, arrived, dropped, died, unplaced;
	uint64_t journal_records, doubled, sessions;
	struct twins_sum twins;
	struct facts before; /* of the day before, for a second device */
};

/* Runs the day and its check; ends the program with words when something does not hold. Adds to
 * *sum. `folder` is an empty one that the day may use. `trace`, if not NULL, gets a line for each
 * mishap. */
void world_run(uint64_t seed, const char *folder, FILE *trace, struct world_sum *sum);

#endif
