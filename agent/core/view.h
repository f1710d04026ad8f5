/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a technician sees of a WAN: whether it answers, since when, and as far as where it is there.
 * Seen, not judged: what counts as an outage is the ledger's business.
 */
#ifndef PANTAU_AGENT_CORE_VIEW_H
#define PANTAU_AGENT_CORE_VIEW_H

#include "proto/model.h"

enum view_state { VIEW_UNKNOWN, VIEW_UP, VIEW_DOWN };

enum view_fault { /* how far it gets; the first thing that is not there */
	VIEW_FAULT_NONE,
	VIEW_FAULT_CARRIER, /* no carrier: the cable, or the box at its other end */
	VIEW_FAULT_ADDRESS, /* no address */
	VIEW_FAULT_ROUTE, /* no way out */
	VIEW_FAULT_GATEWAY, /* the next hop says nothing */
	VIEW_FAULT_ACCESS, /* the next hop is there, and nothing beyond it */
	VIEW_FAULT_UPSTREAM, /* the provider's network is there, the internet is not */
	VIEW_FAULT_LOSS, /* answers come, and many are missing */
	VIEW_FAULT_OTHER, /* the router itself cannot send */
	VIEW_FAULT_COUNT
};

struct view { /* of one WAN; zeroed: nothing seen yet */
	enum view_state state;
	enum view_fault fault;
	uint64_t since_us; /* monotonic: of the state */
	uint64_t answered_us; /* the last answer; 0: none yet */
	uint32_t rtt_us; /* of that one */
	unsigned made, answered; /* rounds of the last slot */
};

/* Rounds to the internet in a slot. */
void view_count_rounds(const struct slot *slot, unsigned *ret_made, unsigned *ret_answered);
/* A slot is finished. */
void view_take(struct view *view, const struct slot *slot);

#endif
