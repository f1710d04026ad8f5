/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runs of the agents as the writer has them at hand: which numbers came, so that of a record
 * that is new nobody need look for another one, and the slots of the batch until they become pages.
 * Everything is in the tables too; what is at hand can be forgotten between batches.
 */
#ifndef PANTAU_STORE_LEDGER_RUN_H
#define PANTAU_STORE_LEDGER_RUN_H

#include "collector/store/hot.h"
#include "collector/store/ledger_private.h"
#include "proto/marks.h"

#define OPEN_MAX 2 /* pages that still grow: one a WAN */

struct open_page { /* small and not packed: the next slot of its WAN goes there too */
	int64_t id; /* 0: none */
	char wan[WAN_NAME_MAX + 1];
	uint64_t start_us, end_us;
	size_t bytes;
};

struct sheaf { /* slots of the batch, of one WAN, close to each other */
	struct sheaf *next;
	char wan[WAN_NAME_MAX + 1];
	uint64_t start_us, end_us;
	int64_t received_from, received_to;
	uint32_t slots;
	uint8_t ever;
	struct buf body;
};

struct run { /* of an agent within one boot */
	struct run *next; /* of the same hash */
	struct run *next_dirty;
	uint32_t agent, run;
	int64_t boot;
	uint8_t boot_id[BOOT_BYTES];
	struct marks seen;
	uint32_t last_sequence, stop_sequence;
	int64_t records, slots, received_us;
	struct open_page open[OPEN_MAX];
	struct sheaf *sheaves; /* the newest first */
	bool dirty;
};

struct run_cache *run_cache_new(void);
void run_cache_free(struct run_cache *cache);
/* Forgets everything: as after a rollback, or when it has grown. */
void run_cache_clear(struct run_cache *cache);
bool run_cache_full(const struct run_cache *cache);
/* An open page was rewritten: nothing is added to it any more. */
void run_cache_close(struct run_cache *cache, uint32_t agent, uint32_t run);

/* Whether a record with this key may be there already. */
int run_seen(struct ledger_writer *writer, const struct journal_record *journal, bool *ret_seen,
	struct err *err);
/* The run of the record within its boot, made if it is new. Borrowed until the end of the batch. */
int run_get(struct ledger_writer *writer, const struct taken *taken, struct run **ret_run,
	struct err *err);
/* The record is in it from now on; it will be written. `fresh`: its key was not there before. */
int run_note(struct ledger_writer *writer, struct run *run, const struct taken *taken, bool fresh,
	struct err *err);
/* Copies a slot to those that wait to become a page. */
int run_add_slot(struct ledger_writer *writer, struct run *run, const struct hot_entry *entry,
	const char *wan, struct err *err);
/* Everything that waits of the agent's run becomes pages, so that it can be looked up. */
int run_flush_key(struct ledger_writer *writer, uint32_t agent, uint32_t run, struct err *err);
/* All runs, pages first. */
int runs_flush(struct ledger_writer *writer, struct err *err);

/* ledger_sheaf.c: makes a page of it, touches what it touches, and frees it. */
int sheaf_flush(
	struct ledger_writer *writer, struct run *run, struct sheaf *sheaf, struct err *err);
void sheaf_free(struct sheaf *sheaf);

#endif
