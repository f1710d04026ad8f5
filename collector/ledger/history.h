/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is known of one link, as read from the store: what the witnesses said, placed on UTC.
 * The input of the timeline. The order of the arrays does not matter, except boots.
 */
#ifndef PANTAU_LEDGER_HISTORY_H
#define PANTAU_LEDGER_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/evidence.h"

struct history_slot {
	int64_t from, to; /* UTC seconds, placed and clipped to the binding */
	int64_t accepted_s; /* the agent's slots win over older agents' from this second on */
	uint64_t enrolled; /* order of enrolment: the greater is the newer agent */
	uint32_t agent, run, sequence;
	uint32_t boot; /* index into history.boots */
	struct evidence evidence;
	bool disputed; /* its key came with other content too, or its agent was two devices */
	bool twin; /* the latter alone */
};

struct history_boot { /* one boot of one agent */
	uint32_t agent;
	uint32_t first_run, last_run; /* runs of this boot that sent anything */
	int64_t booted_s; /* UTC of monotonic 0, if placed */
	int64_t alive_s; /* UTC of its last sign of life other than a slot: a Start, an anchor */
	bool placed;
	bool stopped; /* the last thing that the boot said was a Stop: it shut down in order */
	uint8_t reset; /* enum reset of its first Start: how it came about */
	bool has_unplaced; /* it has slots on this link and no anchor that places them */
};

struct history_drop { /* the agent's own gap record */
	uint32_t agent;
	int64_t from, to; /* UTC seconds */
};

struct history {
	struct history_slot *slots;
	size_t slot_count;
	struct history_boot *boots;
	size_t boot_count;
	struct history_drop *drops;
	size_t drop_count;
	struct history_drop *lost; /* where this ledger lost records of an agent; agent 0: of any */
	size_t lost_count;
	uint8_t ever; /* classes that ever answered on this link */
};

#endif
