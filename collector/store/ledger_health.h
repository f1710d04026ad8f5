/* SPDX-License-Identifier: Apache-2.0 */
/* How an agent fares, from what it has reported: its clock, and what its spool had to drop. */
#ifndef PANTAU_STORE_LEDGER_HEALTH_H
#define PANTAU_STORE_LEDGER_HEALTH_H

#include "collector/store/ledger_db.h"
#include "proto/model.h"

struct ledger_health {
	bool has_clock; /* the last anchor of its last boot */
	struct anchor clock; /* without the boot */
	int64_t drift_over_s; /* between the two anchors that tell its drift; 0: not known */
	int64_t drift_ppb; /* parts per billion; below 0: it runs slow */
	int64_t drift_error_ppb; /* by how much that may be off, by the anchors' own errors */
	int64_t drops,
		dropped_records; /* how often its spool was full since then, and for how much */
	int64_t dropped_us; /* when we heard of it last; 0: never */
};

/* Drops of which we heard from that second on. */
int ledger_health(struct ledger_db *db, uint32_t agent, int64_t since_s,
	struct ledger_health *ret_health, struct err *err);

#endif
