/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a swarm remembers from one time to the next, a text file:
 *
 *   start UTC_US                                   moment 0 of its scenario
 *   FOLDER RUN BOOT BOOTED_US LIVED_US             each agent, by its folder's name
 */
#ifndef PANTAU_SWARM_MEMORY_H
#define PANTAU_SWARM_MEMORY_H

#include "swarm/life.h"
#include "swarm/roll.h"

struct memory {
	int64_t start_us; /* 0: nothing is remembered */
	struct life_memory *lives; /* as many as the roll has, in its order; run 0: not known */
	size_t count;
};

int memory_init(struct memory *memory, size_t count);
void memory_done(struct memory *memory);
/* A file that is not there is no error. Errors name file, line and value. */
int memory_read(const char *path, const struct roll *roll, struct memory *memory, struct err *err);
/* Replaces the file. */
int memory_write(
	const char *path, const struct roll *roll, const struct memory *memory, struct err *err);

#endif
