/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that an agent with its defaults records in a village, minute by minute: slots with DNS, STAMP
 * and clients in them, anchors, pages, speed tests, and a modem's signal every five minutes.
 */
#ifndef PANTAU_TESTS_BENCH_VILLAGE_H
#define PANTAU_TESTS_BENCH_VILLAGE_H

#include "proto/model.h"
#include "tests/sim/draw.h"

#define VILLAGE_MINUTE_US 60000000ULL
#define VILLAGE_DAY 1440 /* minutes */

enum village_link { VILLAGE_UP, VILLAGE_DOWN, VILLAGE_FLAPS /* every twenty seconds */ };

struct village {
	struct draw draw;
	uint8_t boot[BOOT_BYTES];
	uint32_t rtt_us[8]; /* the usual ones, by target */
	uint32_t late_ms; /* of what is being asked */
	struct record record; /* the one being told */
};

struct village_ear { /* hears each record; the time is when it is complete, monotonic */
	void *arg;
	void (*hear)(void *arg, const struct record *record, uint64_t at_us);
};

struct village *village_new(uint64_t seed);
void village_free(struct village *village);
void village_start(struct village *village, const struct village_ear *ear);
/* The records of minute `number` since the boot. */
void village_live(struct village *village, uint32_t number, enum village_link link,
	const struct village_ear *ear);

#endif
