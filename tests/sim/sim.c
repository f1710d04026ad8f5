/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs simulated days: sim [--seeds N] [--from SEED] [--seed SEED] [--verbose]. The same seed is
 * the same day on every machine. PANTAU_SIM_SEEDS gives the number where no --seeds does.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/disk.h"
#include "tests/sim/world.h"

#define SEEDS_DEFAULT 100

struct options {
	uint64_t from, seeds;
	bool verbose;
};

static void usage(void)
{
	fprintf(stderr, "usage: sim [--seeds N] [--from SEED] [--seed SEED] [--verbose]\n");
	exit(2);
}

static uint64_t number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (end == text || *end)
		usage();
	return value;
}

static struct options read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"from", required_argument, NULL, 'f'},
		{"seed", required_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *wanted = getenv("PANTAU_SIM_SEEDS");
	struct options options = {1, wanted ? number(wanted) : SEEDS_DEFAULT, false};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'n': options.seeds = number(optarg); break;
		case 'f': options.from = number(optarg); break;
		case 's':
			options.from = number(optarg);
			options.seeds = 1;
			break;
		case 'v': options.verbose = true; break;
		default: usage();
		}
	}
	if (optind != argc)
		usage();
	return options;
}

/* In memory where that can be had: the days write as much as a router does. */
static void make_folder(char *path, size_t size)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	snprintf(path, size, "%s/pantau-sim-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(path)) {
		perror(path);
		exit(2);
	}
}

static void print_sum(const struct world_sum *sum)
{
	printf("%" PRIu64 " days, %" PRIu64 " slots made: %" PRIu64 " in the ledger (%" PRIu64
	       " without a place), %" PRIu64 " counted as dropped, %" PRIu64
	       " died unsynced in power cuts\n",
		sum->days, sum->slots, sum->arrived, sum->unplaced, sum->dropped, sum->died);
	printf("%" PRIu64 " records in journals, %" PRIu64 " slots came doubled, %" PRIu64
	       " sessions\n",
		sum->journal_records, sum->doubled, sum->sessions);
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	struct world_sum sum = {.days = 0};
	char folder[4096];
	uint64_t i;

	for (i = 0; i < options.seeds; i++) {
		make_folder(folder, sizeof(folder));
		world_run(options.from + i, folder, options.verbose ? stdout : NULL, &sum);
		disk_remove(folder);
		if (options.verbose) {
			printf("seed %" PRIu64 ": ", options.from + i);
			print_sum(&sum);
		}
	}
	print_sum(&sum);
	return 0;
}
