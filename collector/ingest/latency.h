/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long acknowledging took, over the last one to two minutes: a histogram in steps of an eighth
 * of a doubling, in two windows that take turns. Pure.
 */
#ifndef PANTAU_COLLECTOR_INGEST_LATENCY_H
#define PANTAU_COLLECTOR_INGEST_LATENCY_H

#include <stdint.h>

#define LATENCY_STEPS 8 /* to a doubling: values are known to an eighth */
#define LATENCY_BUCKETS 256 /* up to 2^32 us, over an hour */

struct latency {
	uint32_t counts[2][LATENCY_BUCKETS];
	uint64_t total[2];
	unsigned now; /* the window that is being filled */
};

void latency_init(struct latency *latency);
void latency_add(struct latency *latency, uint64_t us);
/* Begins a new window; the older one is forgotten. */
void latency_turn(struct latency *latency);
/* The bound under which `permille` of the values lie; 0 when there are none. */
uint64_t latency_quantile_us(const struct latency *latency, unsigned permille);

#endif
