/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a link whose oldest slots are gone. Private to collector/store. */
#ifndef PANTAU_STORE_FORGET_LINK_H
#define PANTAU_STORE_FORGET_LINK_H

#include "collector/store/db.h"

/* A month begins at `until` in the easternmost zone, and so much later in the westernmost. */
#define FORGOTTEN_ZONES_S 7200

struct forgotten_link {
	int64_t until_s; /* as ledger_forgotten_until() */
	int64_t first_s; /* its first slot ever; SPAN_FOREVER: nothing is gone */
	uint8_t ever; /* what its targets had answered until then */
};
int forgotten_get(
	struct db *db, int64_t link, struct forgotten_link *ret_forgotten, struct err *err);

extern const char forget_schema[];

#endif
