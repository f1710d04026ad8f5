/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many records each segment of the journal holds, from the ledger's place on: what turns two
 * places into a number of records. Pure.
 */
#ifndef PANTAU_COLLECTOR_INGEST_TALLY_H
#define PANTAU_COLLECTOR_INGEST_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "common/seglog.h"

struct tally {
	struct seglog_pos *ends; /* by segment: the highest place seen in each */
	size_t count, room;
};

void tally_init(struct tally *tally);
void tally_done(struct tally *tally);
/* The newest place of its segment. -ENOMEM: the lag will be too low. */
int tally_note(struct tally *tally, struct seglog_pos pos);
/* Segments below this place count no more. */
void tally_forget(struct tally *tally, struct seglog_pos below);
/* Records noted behind the place. */
uint64_t tally_behind(const struct tally *tally, struct seglog_pos pos);

#endif
