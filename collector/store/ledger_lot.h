/* SPDX-License-Identifier: Apache-2.0 */
/* A stretch of the journal behind the ledger's cursor of which some agents' records are in the
 * ledger already: it is taken part by part, and the cursor moves with the last one. */
#ifndef PANTAU_STORE_LEDGER_LOT_H
#define PANTAU_STORE_LEDGER_LOT_H

#include "collector/store/ledger_writer.h"

struct lot {
	struct seglog_pos end;
	uint32_t part, parts; /* the one that is next; parts 0: there is no lot */
};

int ledger_lot(struct ledger_db *db, struct lot *ret_lot, struct err *err);
/* Inside a batch. */
int ledger_put_lot(struct ledger_writer *writer, const struct lot *lot, struct err *err);

#endif
