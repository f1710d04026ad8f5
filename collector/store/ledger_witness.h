/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind a slot: the anchor that placed it and those beside that one, and what else
 * came under its key. For those who must show it, not for those who count.
 */
#ifndef PANTAU_STORE_LEDGER_WITNESS_H
#define PANTAU_STORE_LEDGER_WITNESS_H

#include "collector/store/ledger_db.h"

struct ledger_anchor {
	bool there; /* false: there is none, and nothing below says anything */
	uint32_t run, sequence;
	uint64_t mono_us;
	int64_t utc_us;
	uint64_t error_us;
	enum anchor_source source;
	int64_t received_us;
};

struct ledger_clock { /* a moment of a boot */
	size_t anchors, usable; /* of the boot */
	struct ledger_anchor used; /* places the moment */
	struct ledger_anchor before, after; /* the usable ones beside it */
};

/* By the same choice that places the slot's beginning (place.h). */
int ledger_clock_of(struct ledger_db *db, const struct ledger_slot *slot,
	struct ledger_clock *ret_clock, struct err *err);

struct ledger_conflict { /* another content of the slot's key; the smallest digest stands */
	int64_t received_us;
	char via_wan[WAN_NAME_MAX + 1];
	size_t bytes;
	bool is_slot; /* or else nothing below says anything */
	uint8_t boot[BOOT_BYTES];
	struct address address; /* of the WAN */
	bool placed; /* its boot has an anchor */
	int64_t from_s, to_s;
};

/* Those that are kept beside the pages, by when they came. */
int ledger_conflicts(struct ledger_db *db, const struct ledger_slot *slot,
	int (*each)(void *arg, const struct ledger_conflict *conflict), void *arg, struct err *err);

/* The boot of the agent whose id in hexadecimal begins so. -ENOENT; -EEXIST: several do. */
int ledger_find_boot(struct ledger_db *db, uint32_t agent, const char *prefix,
	uint8_t ret_boot[BOOT_BYTES], struct err *err);

/* Agents of which any key came with several contents. */
int ledger_doubted_agents(
	struct ledger_db *db, int (*each)(void *arg, uint32_t agent), void *arg, struct err *err);

/* ---- two devices with one identity (ledger_twin.h) */

struct ledger_twin { /* two boots of the agent that were alive at once */
	uint32_t agent;
	uint8_t boots[2][BOOT_BYTES];
	int64_t from_s, to_s; /* in which both were */
	int64_t until_s; /* a person's decision ends the doubt; SPAN_FOREVER: there is none */
};
/* By agent and beginning. */
int ledger_twins_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_twin *twin),
	void *arg, struct err *err);

#endif
