/* SPDX-License-Identifier: Apache-2.0 */
/* The points of a period, made anew from the ledger: what fell off the outbox, what a new store
 * lacks. They are those that the outbox says. */
#ifndef PANTAU_EXPORT_POINTS_H
#define PANTAU_EXPORT_POINTS_H

#include <stdio.h>

#include "collector/export/influx.h"
#include "collector/store/ledger_db.h"

struct points_wish { /* all borrowed */
	const char *state;
	struct registry *registry;
	struct ledger_db *ledger;
	struct registry_filter filter;
	int64_t from_s, to_s; /* of slots that begin in [from, to) */
};

struct points_told {
	uint64_t links, points, refused;
};

/* Line protocol into the file. -EIO: it could not be written. */
int points_write(
	const struct points_wish *wish, FILE *out, struct points_told *ret_told, struct err *err);
/* To the store, `lines` a request; a store that can is told to forget the period first, link by
 * link, so that nothing else stays there. -EAGAIN with words: not now; what was sent may be sent
 * again. */
int points_send(const struct points_wish *wish, const struct influx_settings *store, unsigned lines,
	struct points_told *ret_told, struct err *err);

#endif
