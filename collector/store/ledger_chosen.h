/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disputed slots and samples of which people have chosen a device (ledger_settlement.h). Nothing is
 * written again for that: whoever reads them takes, within the settled span, the contents of the
 * chosen boot, whether they stand or were kept in `conflict`. So it does not matter which of them
 * came first, and what is revoked leaves no trace.
 */
#ifndef PANTAU_STORE_LEDGER_CHOSEN_H
#define PANTAU_STORE_LEDGER_CHOSEN_H

#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_source.h"
#include "collector/store/ledger_twin.h"

struct chosen_slot { /* a content of the chosen boot that is kept in `conflict` */
	const struct settled *settled; /* by which */
	uint32_t agent, run, sequence;
	uint8_t hash[SHA256_BYTES];
	size_t binding; /* of the sources */
	struct evidence evidence;
	struct placed_slot placed;
	bool twice; /* the boot itself has told the slot in several ways: it stays disputed */
	bool listed; /* of samples: it is one of those that were asked for */
};

struct chosen {
	struct settlements settlements;
	struct doubts doubts;
	struct chosen_slot *items; /* by settlement, run, sequence */
	size_t count, room;
};

/* Those of the link of which the sources are, for the settlements that reach into the span. */
int chosen_load(struct ledger_db *db, const struct sources *sources, const struct ledger_span *span,
	struct chosen *ret_chosen, struct err *err);
void chosen_done(struct chosen *chosen);
/* Another item, in the order of the struct. Copies. 0 or -ENOMEM. */
int chosen_add(struct chosen *chosen, const struct chosen_slot *slot);

enum chosen_say {
	CHOSEN_DISPUTED, /* as it was: nothing is settled, or not by a content of it */
	CHOSEN_COUNTS, /* the boot chosen told it */
	CHOSEN_HIDDEN, /* another content of its key, or another device, counts in its stead */
};

struct chosen_key { /* a slot that stands in a page */
	uint32_t agent, run, sequence;
	int64_t boot; /* row id */
	bool disputed; /* its key came with other content */
};
/* Every disputed one that stands is asked for before an item that is not `twice` counts. */
enum chosen_say chosen_ask(
	struct chosen *chosen, const struct chosen_key *key, const struct span *at);

/* Decodes the content into db->record, and fills what is beside it. */
int chosen_read(struct ledger_db *db, const struct chosen_slot *slot, struct page_slot *ret_beside,
	struct err *err);

#endif
