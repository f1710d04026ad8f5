/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executes the registry's wishes to close a month, one after the other, each once: a wish without a
 * result is one that waits, whatever became of the process that first saw it.
 */
#ifndef PANTAU_LEDGERD_CLOSER_H
#define PANTAU_LEDGERD_CLOSER_H

#include "collector/ledgerd/feed.h"
#include "collector/ledgerd/imports.h"
#include "collector/ledgerd/mender.h"
#include "collector/ledgerd/view.h"
#include "collector/store/ledger_writer.h"

struct closer;

/* Copies the path. */
int closer_new(const char *state, struct closer **ret_closer, struct err *err);
void closer_free(struct closer *closer);

struct closer_now { /* borrowed */
	struct feed *feed;
	const struct imports *imports;
	const struct view *view; /* the ledger has followed it */
	const struct mender *mender;
};

/* In the writing thread, outside of a batch. 1: a wish was executed; 0: none waits, or something in
 * the journal waits to be taken first. */
int closer_step(struct closer *closer, struct ledger_writer *writer, const struct closer_now *now,
	struct err *err);

#endif
