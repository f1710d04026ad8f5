/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs simulated days: sim [--seeds N] [--from SEED] [--seed SEED] [--verbose]. The same seed is
 * the same day on every machine. PANTAU_SIM_SEEDS gives the number where no --seeds does.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tests/sim/disk.h"
#include "tests/sim/options.h"
#include "tests/sim/world.h"

#define SEEDS_DEFAULT 100

static void print_sum(const struct world_sum *sum)
{
	printf("%" PRIu64 " days, %" PRIu64 " slots made: %" PRIu64 " in the ledger (%" PRIu64
	       " without a place), %" PRIu64 " counted as dropped, %" PRIu64
	       " died unsynced in power cuts\n",
		sum->days, sum->slots, sum->arrived, sum->unplaced, sum->dropped, sum->died);
	printf("%" PRIu64 " second devices noticed, in %" PRIu64 " turns; %" PRIu64
	       " never lived beside the first at a time that is known\n",
		sum->twins.noticed, sum->twins.turns, sum->twins.unjudged);
	printf("%" PRIu64 " records in journals, %" PRIu64 " slots came doubled, %" PRIu64
	       " sessions\n",
		sum->journal_records, sum->doubled, sum->sessions);
}

int main(int argc, char **argv)
{
	struct sim_options options = sim_options(argc, argv, "PANTAU_SIM_SEEDS", SEEDS_DEFAULT);
	struct world_sum sum = {.days = 0};
	char folder[4096];
	uint64_t i;

	for (i = 0; i < options.seeds; i++) {
		sim_folder(folder, sizeof(folder));
		world_run(options.from + i, folder, options.verbose ? stdout : NULL, &sum);
		disk_remove(folder);
		if (options.verbose) {
			printf("seed %" PRIu64 ": ", options.from + i);
			print_sum(&sum);
		}
	}
	print_sum(&sum);
	facts_done(&sum.before);
	return 0;
}
