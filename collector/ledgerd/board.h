/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wall: how every link stands, judged by what was measured and shown by the clock (a link of
 * which nothing comes is SILENT, one in an exclusion EXCLUDED). Changes go to the table of live
 * states and to the outbox within the batch; they are said in the log once the batch is safe.
 */
#ifndef PANTAU_LEDGERD_BOARD_H
#define PANTAU_LEDGERD_BOARD_H

#include "collector/ledgerd/judge.h"
#include "collector/store/own_outage.h"

struct board;

struct board *board_new(void); /* NULL: out of memory */
void board_free(struct board *board);

/* What the wall showed when the ledger last stood still; once, after the first board_follow().
 * `same_registry`: the ledger has seen the registry as it is now, so what was judged still
 * holds. */
int board_load(struct board *board, struct ledger_db *db, bool same_registry, struct err *err);
/* The registry has changed: new links come in; those with other contracts are judged as a whole. */
int board_follow(struct board *board, const struct view *view, struct err *err);
/* Something of the link may have changed in the span. */
void board_touch(struct board *board, int64_t link, const struct span *span);

/* When nobody could be heard: silence in there, and for a while after it, is nobody's fault. The
 * latest first; borrowed until the next call. */
void board_excuse(struct board *board, const struct own_outage *outages, size_t count);

/* Whether board_write() would have anything to write at this time. */
bool board_wants(const struct board *board, const struct view *view, int64_t now_us);
/* Inside a batch, after ledger_settle(): judges what was touched, writes what is shown
 * otherwise. */
int board_write(struct board *board, struct ledger_writer *writer, const struct view *view,
	int64_t now_us, struct err *err);
/* The batch is safe: one line in the log for each change of state. */
void board_commit(struct board *board, const struct view *view);
/* The batch never happened: what it touched is judged again by the next one. */
void board_rollback(struct board *board);

#endif
