/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void usage(void)
{
	fprintf(stderr, "usage: [--seeds N] [--from SEED] [--seed SEED] [--verbose]\n");
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

struct sim_options sim_options(int argc, char **argv, const char *variable, uint64_t usual)
{
	static const struct option names[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"from", required_argument, NULL, 'f'},
		{"seed", required_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *wanted = getenv(variable);
	struct sim_options options = {1, wanted ? number(wanted) : usual, false};
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

void sim_folder(char *path, size_t size)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	snprintf(path, size, "%s/pantau-sim-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(path)) {
		perror(path);
		exit(2);
	}
}
