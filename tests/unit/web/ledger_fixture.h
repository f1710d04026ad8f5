/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger on disk whose outbox holds what a test says. */
#ifndef PANTAU_TESTS_LEDGER_FIXTURE_H
#define PANTAU_TESTS_LEDGER_FIXTURE_H

#include "collector/store/ledger_db.h"

struct ledger_fixture {
	char state[64]; /* the folder */
	struct ledger_writer *writer;
};

/* An empty folder; the ledger is made by fixture_create(). */
void fixture_init(struct ledger_fixture *fixture);
void fixture_create(struct ledger_fixture *fixture);
/* Closes and deletes everything. */
void fixture_done(struct ledger_fixture *fixture);
/* Each adds one row to the outbox. */
void fixture_live(struct ledger_fixture *fixture, int64_t link, enum live_state state);
void fixture_slot(struct ledger_fixture *fixture, int64_t link, enum outbox_kind kind);
/* Deletes the rows up to the id, as the ledger does after a while. */
void fixture_forget(struct ledger_fixture *fixture, int64_t id);

#endif
