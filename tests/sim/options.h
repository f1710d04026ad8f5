/* SPDX-License-Identifier: Apache-2.0 */
/* What the simulations are asked on their command lines, and where they work. */
#ifndef PANTAU_TESTS_SIM_OPTIONS_H
#define PANTAU_TESTS_SIM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_options {
	uint64_t from, seeds;
	bool verbose;
};

/* How many seeds: --seeds, else the environment's variable, else the usual number. A wrong word
 * ends the program. */
struct sim_options sim_options(int argc, char **argv, const char *variable, uint64_t usual);
/* A new folder, in memory where that can be had. */
void sim_folder(char *path, size_t size);

#endif
