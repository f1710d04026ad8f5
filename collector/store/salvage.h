/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every record that can still be read in a damaged ledger.db, one after the other, as an agent sent
 * it: what ledger_facts.h is for a sound one. It knows its place, so that a salvage that was
 * interrupted goes on there; a few records may then come again.
 */
#ifndef PANTAU_STORE_SALVAGE_H
#define PANTAU_STORE_SALVAGE_H

#include "collector/store/ledger_mend.h"
#include "proto/journal_record.h"

struct salvage;

/* Opens STATE/NAME. -EBADMSG and others: nothing can be read in it. */
int salvage_open(const char *state, const struct mending *mending, struct salvage **ret_salvage,
	struct err *err);
void salvage_close(struct salvage *salvage);

/* 1: a record, borrowed until the next call; 0: there are no more; -ENOMEM. */
int salvage_next(struct salvage *salvage, struct journal_record *ret_record);
/* The record given last is another content of a key that was disputed. */
bool salvage_is_beside(const struct salvage *salvage);
/* All of the row that the last record came from was given: a place to go on from. */
bool salvage_row_ends(const struct salvage *salvage);
/* Its place, and how many stretches could not be read up to there. */
void salvage_tell(const struct salvage *salvage, struct mending *mending);

/* The runs of the agents as the damaged ledger counted them, as far as it can still be read. */
struct salvage_run {
	uint32_t agent, run;
	int64_t records;
	bool placed;
	int64_t from_s, to_s; /* of the boot, where it was placed */
};
/* 1; 0: no more. Not to be mixed with salvage_next(). */
int salvage_run_next(struct salvage *salvage, struct salvage_run *ret_run);

#endif
