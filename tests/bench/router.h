/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An invented router and its agent: every record that it makes, one after the other, and when the
 * collector gets it. Nothing is kept of what was made: a year costs no more memory than a day.
 *
 *   boot -> Start, Anchor, slots with an Anchor an hour -> dark (power cut; or Stop) -> boot ...
 */
#ifndef PANTAU_TESTS_BENCH_ROUTER_H
#define PANTAU_TESTS_BENCH_ROUTER_H

#include "proto/model.h"
#include "tests/bench/minute.h"
#include "tests/bench/trouble.h"

struct router_plan {
	const struct nature *nature; /* borrowed */
	uint64_t seed;
	uint32_t agent;
	int64_t from_s, to_s; /* UTC */
	uint32_t report_s; /* it reports this often: 60 is live */
};

enum router_stage { ROUTER_DARK, ROUTER_STARTED, ROUTER_SLOTS, ROUTER_OVER };

struct router {
	struct router_plan plan;
	struct trouble trouble;
	struct minute minute;
	enum router_stage stage;
	int64_t booted_us; /* UTC */
	uint64_t at_us; /* monotonic: up to here it has been told */
	uint64_t anchor_us; /* monotonic: when the next one is due */
	bool reboots; /* the next start is in another boot */
	uint8_t boot[BOOT_BYTES];
	uint64_t nonce;
	struct record_key key;
};

struct router_told {
	struct record_key key;
	uint64_t nonce;
	int64_t from_s; /* of what it tells of, UTC */
	int64_t arrives_s; /* at the collector */
};

void router_init(struct router *router, const struct router_plan *plan);
/* The next record; false: the plan's end is reached. */
bool router_next(struct router *router, struct record *ret_record, struct router_told *ret_told);

#endif
