/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two devices with one identity, as the ledger remembers them: pairs of boots of one agent that
 * were alive at once (ledger/twin.h). From the first second in which both were, nobody knows which
 * of them measures the link: all slots of the agent are doubted until people have decided
 * (ledger_settlement.h) about a time that reaches to the last such second. What the table has is
 * said of facts, and can be made anew.
 */
#ifndef PANTAU_STORE_LEDGER_TWIN_H
#define PANTAU_STORE_LEDGER_TWIN_H

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_settlement.h"

extern const char ledger_twin_schema[];

/* ---- the writer's part */

/* The boot's life may have grown into another one's: looked at by settle_twins(). */
int twin_suspect(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err);
/* A boot of the agent is there. */
void newest_boot_note(struct ledger_writer *writer, uint32_t agent, int64_t boot);
/* Records of the boot came: suspect, if it is not the newest one or lags behind another. */
int newest_boot_look(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err);
/* It was looked at: whether it ends before another boot that lies beside it does. */
void newest_boot_judged(struct ledger_writer *writer, const struct moved_boot *boot, bool behind);
struct newest_boots *newest_boots_new(void); /* NULL: out of memory */
void newest_boots_free(struct newest_boots *newest);
void newest_boots_clear(struct newest_boots *newest);
/* After what came has become pages. What is doubted from now on, or no more, is touched. */
int settle_twins(struct ledger_writer *writer, struct err *err);
/* What people said of a time has come or gone: what it ended is touched. */
int twins_touch(struct ledger_writer *writer, uint32_t agent, int64_t from_s, struct err *err);

/* ---- the readers' part */

struct doubt { /* the agent's slots that touch it count as disputed, or as people decided */
	uint32_t agent;
	int64_t from_s, to_s; /* SPAN_FOREVER: nobody has decided */
};

struct doubts {
	struct doubt *items;
	size_t count;
};

/* Those of the agents that ever measured the link (0: of all agents). */
int doubts_load(struct db *db, int64_t link, const struct settlements *settlements,
	struct doubts *ret_doubts, struct err *err);
void doubts_done(struct doubts *doubts);
/* Agents about which nobody has decided. */
int doubts_count(struct ledger_db *db, int64_t *ret_agents, struct err *err);
bool doubts_cover(const struct doubts *doubts, uint32_t agent, const struct span *at);

#endif
