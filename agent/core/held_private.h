/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of held share: the run, and how one is looked at. */
#ifndef PANTAU_AGENT_CORE_HELD_PRIVATE_H
#define PANTAU_AGENT_CORE_HELD_PRIVATE_H

#include "agent/core/held.h"

struct run {
	uint32_t run;
	uint64_t nonce;
	uint8_t boot[BOOT_BYTES];
	uint32_t first, last; /* records stored, gaps among them; first > last: none */
	uint64_t last_us; /* the time that the last one stored reaches to */
	uint32_t acked;
	struct gaps gaps;
};

struct held {
	size_t run_count; /* by rising number; the last one is written to */
	struct run *runs[RUNS_MAX];
	bool restoring; /* a run without records may get them yet */
	uint64_t lost;
};

struct run *held_find_run(const struct held *held, uint32_t number);
bool held_run_has_records(const struct run *run);
bool held_run_is_empty(const struct run *run);
/* Records and gaps that are not acknowledged. */
uint64_t held_run_waiting(const struct run *run);

#endif
