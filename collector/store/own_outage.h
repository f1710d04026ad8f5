/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When this collector could not hear its agents, or could not keep what they said: then their
 * silence says nothing of them.
 */
#ifndef PANTAU_STORE_OWN_OUTAGE_H
#define PANTAU_STORE_OWN_OUTAGE_H

#include "collector/store/ledger_writer.h"

extern const char own_outage_schema[];

#define OUTAGE_WHY_BYTES 120

struct own_outage {
	int64_t from_s, to_s;
	char why[OUTAGE_WHY_BYTES];
};

/* The latest first. `each` as in registry.h. */
int own_outages(struct ledger_db *db, int (*each)(void *arg, const struct own_outage *outage),
	void *arg, struct err *err);
/* Inside a batch: a new one, or how long the one with this beginning has become. */
int own_outage_put(struct ledger_writer *writer, const struct own_outage *outage, struct err *err);

/* The last second of which it is known that all was well; 0: none. */
int own_well_get(struct ledger_db *db, int64_t *ret_well_s, struct err *err);
int own_well_put(struct ledger_writer *writer, int64_t well_s, struct err *err);

#endif
