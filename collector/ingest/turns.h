/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two devices with one identity take each other's place at the door: boot X greets, then Y, then X
 * again. A router never comes back to a boot that has ended, however often it reboots, and a change
 * of its address or of its WAN is no other boot. Pure.
 */
#ifndef PANTAU_COLLECTOR_INGEST_TURNS_H
#define PANTAU_COLLECTOR_INGEST_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/model.h"

#define TURNS_KEPT \
	4 /* more than two devices with one identity, and reboots of them, are seen too */

struct turns { /* of one agent; all 0 at first */
	uint64_t boots[TURNS_KEPT]; /* the last ones, by eight of their random bytes; 0: none */
	bool told;
};

/* The agent greets from that boot. True, once: it did before, and another one has since. */
bool turns_greet(struct turns *turns, const uint8_t boot[BOOT_BYTES]);

#endif
