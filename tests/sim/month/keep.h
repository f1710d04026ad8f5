/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the router keeps until the collector has it: the spool's own policy (agent/core/held) over
 * records in memory instead of a flash. Of each record it is known what became of it.
 */
#ifndef PANTAU_TESTS_SIM_MONTH_KEEP_H
#define PANTAU_TESTS_SIM_MONTH_KEEP_H

#include "agent/core/held.h"
#include "common/buf.h"
#include "tests/sim/facts.h"

struct letter { /* a record; its fact is the one of the same number */
	uint64_t from_us, to_us; /* true time; 0 to 0 for all but slots */
	bool is_stored; /* on the router */
	bool has_arrived; /* at the collector */
	bool is_dropped; /* the spool was full */
	unsigned died; /* not durable yet: in what, bits of enum unknown_cause; 0: no */
	size_t offset, length; /* of its bytes, where they are kept */
};

struct keep_run {
	uint32_t run;
	uint64_t nonce;
	uint8_t boot[BOOT_BYTES];
};

struct keep {
	uint64_t seed;
	size_t capacity; /* records */
	struct held *held;
	struct facts facts;
	struct letter *letters;
	size_t room;
	size_t oldest; /* nothing before it is stored */
	size_t stored;
	size_t durable; /* letters before it survive a power cut */
	size_t waiting; /* every one before it is acknowledged, or gone */
	struct keep_run *runs;
	size_t run_count, run_room;
	uint64_t now_us; /* set by who sends */
	size_t *arrived; /* letters in the order in which they came, doubles too */
	uint64_t *arrived_us;
	size_t arrived_count, arrived_room;
	uint64_t dropped; /* records */
	bool keeps_bytes; /* of every record: for a journal */
	struct buf bytes; /* a slot's are appended by who adds it, just before */
	size_t bytes_from; /* of the next letter */
};

void keep_init(struct keep *keep, size_t capacity, uint64_t seed);
void keep_done(struct keep *keep);
uint64_t keep_nonce(const struct keep *keep, uint32_t run);

void keep_begin_run(struct keep *keep, const struct keep_run *run);
/* Copies. */
void keep_add(struct keep *keep, const struct fact *fact, const struct letter *letter);
void keep_sync(struct keep *keep);
/* What was not durable is gone, and the policy is read anew from what is left. `why`: bits. */
void keep_cut_power(struct keep *keep, unsigned why);
/* All that waits goes to the collector; `is_acked`: and the router hears of it. */
void keep_send(struct keep *keep, bool is_acked);
bool keep_has_news(const struct keep *keep);

#endif
