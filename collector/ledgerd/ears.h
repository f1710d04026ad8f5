/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the process ingest hears agents and keeps what they say, asked once a second in a thread
 * of its own; what it could not hear becomes intervals of the ledger (store/own_outage.h), over
 * restarts of either process and of the machine.
 *
 *	well up to here      ingest's "since"
 *	------|-------------------|------------------ well again
 *	      <---- own outage --->
 */
#ifndef PANTAU_LEDGERD_EARS_H
#define PANTAU_LEDGERD_EARS_H

#include "collector/ledgerd/desk.h"
#include "collector/store/own_outage.h"

#define EARS_OUTAGES 32 /* at hand: the latest */
#define EARS_LEAST_S 3 /* shorter ones are none: nobody is missed so soon */

struct ears;

/* Reads what is known so far. Copies the path, borrows the desk. */
int ears_new(const char *state, struct desk *desk, struct ledger_db *db, struct ears **ret_ears,
	struct err *err);
/* Asks from now on, until the desk stops. */
int ears_start(struct ears *ears, struct err *err);
/* The desk must have stopped. NULL is accepted. */
void ears_free(struct ears *ears);

struct ears_answer {
	int64_t at_s; /* when it was asked; 0: not yet */
	bool well;
	int64_t since_s; /* well: when ingest began */
	int64_t before_s; /* the last that is known of its life before that; 0: nothing */
	char why[OUTAGE_WHY_BYTES]; /* not well */
};
/* What the answer means. Pure, but for what it remembers. */
void ears_hear(struct ears *ears, const struct ears_answer *answer);
/* In the follower's thread: takes the last answer. True: there is something to be written. */
bool ears_look(struct ears *ears);
/* Inside a batch; and when it is in the ledger. */
int ears_write(struct ears *ears, struct ledger_writer *writer, struct err *err);
void ears_commit(struct ears *ears);

/* The latest first; one that goes on has grown up to the last answer. Borrowed until the next
 * look. */
const struct own_outage *ears_outages(const struct ears *ears, size_t *ret_count);

#endif
