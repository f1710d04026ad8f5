/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's one writing thread: journal and registry in, ledger.db out, batch by batch. What a
 * batch reads of the journal is in the tables when its cursor is, and not before.
 */
#ifndef PANTAU_LEDGERD_FOLLOWER_H
#define PANTAU_LEDGERD_FOLLOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledgerd/desk.h"

struct follower;

/* Opens what it needs: STATE/registry.db, ledger.db; tells the desk where the exporter was. Copies
 * the path, borrows the desk. */
int follower_new(
	const char *state, struct desk *desk, struct follower **ret_follower, struct err *err);
void follower_free(struct follower *follower);
/* Slots are kept for so many months; 0: for ever. Before the start. */
void follower_keep(struct follower *follower, int64_t months);
/* So many bytes of records in one transaction, or a little more. Before the start. */
void follower_set_batch(struct follower *follower, size_t bytes);
/* Runs in a thread of its own until the desk stops. */
int follower_start(struct follower *follower, struct err *err);
/* A damaged ledger is being made anew. */
bool follower_mends(struct follower *follower);
/* It gave up: a database is damaged, and this process must be started anew. */
bool follower_ended(struct follower *follower);
/* Waits for the end of the thread; the desk must have stopped. */
void follower_join(struct follower *follower);

#endif
