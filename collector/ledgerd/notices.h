/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person must hear of once, with the agent's name: slots of a WAN that no binding covers,
 * records whose key came with other content, agents that are two devices, and slots that wait for
 * the time of their router. Looks at the ledger now and then and logs what is new.
 */
#ifndef PANTAU_LEDGERD_NOTICES_H
#define PANTAU_LEDGERD_NOTICES_H

#include "collector/store/ledger_db.h"

struct notices;

int notices_new(struct notices **ret_notices);
void notices_free(struct notices *notices); /* NULL is accepted */

/* Logs what has come since the last look; the first one only learns what is known already. Borrows
 * the ledger for the call. */
int notices_look(struct notices *notices, struct ledger_db *db, struct err *err);
/* Records have come. */
void notices_expect(struct notices *notices);
/* Once a second: looks when records have come, and not more often than makes sense. */
int notices_step(struct notices *notices, struct ledger_db *db, uint64_t at_us, struct err *err);

#endif
