/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bindings of a WAN have changed: what other links have now, or have no more. No slot is
 * written again for it. First each change is noted, while the old ones stand; when the new ones do,
 * all are applied.
 */
#ifndef PANTAU_STORE_LEDGER_REBOUND_H
#define PANTAU_STORE_LEDGER_REBOUND_H

#include "collector/store/ledger_bound.h"

struct wan_change { /* the bindings of one agent's WAN, before and after; at least one in all */
	const struct registry_binding *old, *now;
	size_t old_count, now_count;
};

struct rebound { /* a link gained or lost an agent's WAN for a time */
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	struct ledger_span span;
	struct starts starts; /* of the link's slots in it, before */
};

struct rebounds {
	struct rebound *items;
	size_t count, room;
};

int rebound_note(struct ledger_writer *writer, struct rebounds *rebounds,
	const struct wan_change *change, struct err *err);
int rebounds_apply(struct ledger_writer *writer, const struct rebounds *rebounds, struct err *err);
void rebounds_done(struct rebounds *rebounds);

#endif
