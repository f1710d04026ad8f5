/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what was made with what arrived, and the figures of one order with those of others. */
#ifndef PANTAU_TESTS_SIM_VERDICT_H
#define PANTAU_TESTS_SIM_VERDICT_H

#include "tests/sim/draw.h"
#include "tests/sim/router.h"
#include "tests/sim/station.h"
#include "tests/sim/world.h"

struct told { /* an acknowledgement that the agent took in */
	uint32_t run, up_to;
};

struct witness { /* what was really there; borrowed */
	const struct made_slot *slots;
	size_t slot_count;
	const struct told *told; /* the highest of each run */
	size_t told_count;
	uint32_t power_cuts;
	bool was_restored; /* the collector lost acknowledged records to its backup's age */
	int64_t utc_at_zero_us;
	uint64_t day_us;
};

void verdict_check(const struct witness *witness, struct station_journal journal, struct draw *draw,
	struct world_sum *sum);

#endif
