/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's replica of what people decided about disputed slots (registry_decision.h): where an
 * agent's contents of one boot count again. Private to collector/store, but for the writer's part.
 */
#ifndef PANTAU_STORE_LEDGER_SETTLEMENT_H
#define PANTAU_STORE_LEDGER_SETTLEMENT_H

#include "collector/store/ledger_writer.h"
#include "collector/store/registry_decision.h"

struct db;

/* Inside a batch, beside ledger_follow(): what came or went touches the links of its agent. Items
 * that are revoked are passed over. */
int ledger_follow_settlements(struct ledger_writer *writer, const struct registry_settlement *items,
	size_t count, struct err *err);

/* Other contents of the agent came, or its anchors change: what is settled of it is touched. */
int settlements_touch(struct ledger_writer *writer, uint32_t agent, struct err *err);

struct settled {
	uint32_t agent;
	int64_t from_s, to_s;
	uint8_t boot[BOOT_BYTES]; /* whose contents count; all 0: nobody's */
	int64_t boot_row; /* 0: nothing of it ever came */
};

struct settlements { /* by agent and beginning */
	struct settled *items;
	size_t count;
};

int settlements_load(struct db *db, struct settlements *ret_settlements, struct err *err);
void settlements_done(struct settlements *settlements);
bool settled_for_none(const struct settled *settled); /* no device's word counts there */
/* The one about the agent's disputed slot that is placed there; NULL: there is none. */
const struct settled *settlements_find(
	const struct settlements *settlements, uint32_t agent, int64_t from_s, int64_t to_s);
/* The span grows until every settlement of the link's agents that reaches into it lies in it. */
int settlements_widen(struct db *db, struct ledger_span *span, struct err *err);

extern const char ledger_settlement_schema[];

#endif
