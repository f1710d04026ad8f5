/* SPDX-License-Identifier: Apache-2.0 */
/* What is written to a journal, and what a start makes of it. */
#ifndef PANTAU_TESTS_UNIT_INGEST_STARTED_H
#define PANTAU_TESTS_UNIT_INGEST_STARTED_H

#include "collector/ingest/journal.h"

struct started {
	struct journal_start start;
	uint64_t records, damaged;
};

/* All that a start would claim, once it has read the journal to its end. The caller frees it. */
struct progress *started_read(struct journal *journal, struct started *ret);
/* Records first .. last of agent 7, received at that time. */
void started_write(struct journal *journal, uint32_t first, uint32_t last, int64_t received_us);

#endif
