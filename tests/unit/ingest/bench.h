/* SPDX-License-Identifier: Apache-2.0 */
/* A commit on a loop and a disk of its own, that counts what it is told. */
#ifndef PANTAU_TESTS_UNIT_INGEST_BENCH_H
#define PANTAU_TESTS_UNIT_INGEST_BENCH_H

#include "collector/ingest/commit.h"
#include "tests/unit/ingest/disk.h"

struct bench {
	struct disk disk;
	uv_loop_t loop;
	struct journal *journal;
	struct commit *commit;
	uint64_t durable, tries, batches;
	size_t lost;
	bool drained;
	uint64_t expected; /* the loop stops when so many are durable; 0: after a try */
};

void bench_init(struct bench *bench, uint64_t reserve_bytes);
void bench_done(struct bench *bench);
/* One record of 200 bytes. */
void bench_add(struct bench *bench, uint32_t sequence);
/* Sends off what waits and runs the loop until it stops, see `expected`. */
void bench_go(struct bench *bench);
/* How many records a reader finds. */
uint64_t bench_on_disk(const struct bench *bench);

#endif
