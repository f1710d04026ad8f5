/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program `pantau-collector ledger`: follows the journal and the registry, writes ledger.db,
 * keeps the live states and feeds the time-series store.
 *
 *	main thread	signals, STATE/ledger.sock
 *	follower	journal, registry -> ledger.db (its only writer)
 *	exporter	outbox -> time-series store; tells the follower how far it is
 */
#ifndef PANTAU_COLLECTOR_LEDGERD_H
#define PANTAU_COLLECTOR_LEDGERD_H

#include "collector/settings.h"
#include "common/err.h"

/* Runs until SIGTERM or SIGINT. 0, or what kept it from starting. Borrows both. */
int ledgerd_run(const char *state, const struct settings *settings, struct err *err);

#endif
