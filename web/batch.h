/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stretch of the ledger's outbox as text for the page:
 *
 *   rows    SLOT  LIVE  WAN  SLOT        text   event: state   (one a change)
 *           41    42    43   44     ->          event: slots   (one a batch), id: 44
 *
 * Only the last event bears an id, so that a client that lost its connection in the middle gets the
 * whole batch again: every event says how things are, and may be said twice.
 */
#ifndef PANTAU_WEB_BATCH_H
#define PANTAU_WEB_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/ledger_db.h"
#include "common/buf.h"
#include "common/err.h"

struct batch {
	int64_t after; /* the rows are those in (after, last] */
	int64_t first, last; /* ids; first 0 and last == after when there are none */
	struct buf text; /* empty when no row is for the page */
};

void batch_init(struct batch *batch);
void batch_done(struct batch *batch);
/* At most EVENTS_BATCH rows after the id, read as one moment. Sets the batch, or leaves it. */
int batch_read(struct ledger_db *db, int64_t after, struct batch *batch, struct err *err);
/* Rows between `after` and the batch are no longer there. */
bool batch_has_gap(const struct batch *batch);

#endif
