/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the journal says, decoded once: the ledger's input without the probes.
 */
#ifndef PANTAU_TESTS_SIM_FACTS_H
#define PANTAU_TESTS_SIM_FACTS_H

#include "collector/ledger/evidence.h"
#include "tests/sim/station.h"

struct fact {
	struct record_key key;
	enum record_kind kind;
	uint32_t checksum; /* of the encoded record */
	uint8_t boot[BOOT_BYTES];
	uint64_t from_us, to_us; /* monotonic */
	uint32_t last; /* RECORD_DROPPED */
	int64_t utc_us; /* RECORD_ANCHOR */
	uint64_t error_us;
	uint8_t source;
	int64_t received_us;
	struct evidence evidence; /* RECORD_SLOT */
	uint8_t reset; /* RECORD_START: enum reset */
};

struct facts { /* one for each journal record, in its order */
	struct fact *items;
	size_t count;
};

void facts_read(struct station_journal journal, uint64_t seed, struct facts *ret_facts);
/* What a slot says, but for its key, boot and checksum. */
void fact_of_slot(const struct slot *slot, struct fact *fact);
void facts_done(struct facts *facts);

#endif
