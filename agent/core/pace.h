/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When to report: every so often while all is well, at once when it is not. Each report costs a
 * metered link some 300 bytes beside its records.
 */
#ifndef PANTAU_AGENT_CORE_PACE_H
#define PANTAU_AGENT_CORE_PACE_H

#include "proto/model.h"

struct pace {
	uint64_t every_ms; /* 0: each record at once */
	uint64_t reported_ms; /* the last time that pace_due() said so */
	unsigned waiting; /* records since then */
};

/* Reports that are due with every slot are not held back at all. */
void pace_init(struct pace *pace, uint64_t report_ms, uint64_t slot_ms, uint64_t now_ms);
/* There is a new record. Is a report due? Then it is counted as made. */
bool pace_due(struct pace *pace, uint64_t now_ms, bool urgent);

/* Not all is well in it: a round that was lost, no carrier, an event. */
bool pace_is_urgent(const struct slot *slot);

#endif
