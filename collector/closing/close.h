/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Closing a month: what a wish in the registry comes to. Everything is gathered, compared with what
 * was issued before, written, signed and verified first; then one batch of the ledger takes it all,
 * or nothing. Runs in the ledger's one writing thread, outside of a batch, when the whole journal
 * is in the tables.
 */
#ifndef PANTAU_CLOSING_CLOSE_H
#define PANTAU_CLOSING_CLOSE_H

#include "collector/store/closed_month.h"
#include "collector/store/registry_close.h"

struct closing_desk { /* borrowed */
	const char *state;
	struct registry *registry; /* for reading */
	struct ledger_writer *writer;
	struct seglog_pos cursor; /* the journal is in the ledger up to here */
	int64_t now_s;
};

/* Executes the wish and keeps what came of it, a failure too. Negative only when not even that
 * could be written. */
int closing_execute(
	const struct closing_desk *desk, const struct registry_closing *wish, struct err *err);

#endif
