/* SPDX-License-Identifier: Apache-2.0 */
/* The whole program: what is made, in which order, and undone in reverse. */
#ifndef PANTAU_SWARM_SWARM_H
#define PANTAU_SWARM_SWARM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct swarm_options {
	const char *agents; /* the folder of their folders */
	const char *scenario, *ledger, *memory; /* files; NULL: none */
	char host[64];
	unsigned port;
	unsigned for_s; /* after all of them have caught up; 0: until a signal */
	unsigned slot_s, round_s;
	unsigned sources; /* IPv4: connect from so many loopback addresses; 0: as it comes */
	int64_t since_ms; /* their lives begin so long before now */
	double loss_percent; /* of every kind of link; below 0: as their profiles say */
};

/* 0: all that was recorded was acknowledged; 1: not all; or a negative errno with words. */
int swarm_run(const struct swarm_options *options, struct err *err);

#endif
