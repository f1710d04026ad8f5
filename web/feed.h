/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live events for every open page. One thread follows the ledger's outbox and keeps the newest in
 * memory; each client has its own place and takes what it missed from memory or, further back, from
 * the ledger. Nobody waits for a slow client.
 */
#ifndef PANTAU_WEB_FEED_H
#define PANTAU_WEB_FEED_H

#include <stdint.h>

#include "common/err.h"
#include "web/http.h"

struct feed;

#define FEED_FROM_NOW (-1)

struct feed_counts {
	uint64_t clients, served, dropped, resets;
	int64_t head; /* id of the newest event */
};

/* Starts the thread. Borrows `state`. */
int feed_start(const char *state, struct feed **ret_feed, struct err *err);
/* A stream for a client that has seen everything up to the id. -EBUSY: EVENTS_CLIENTS_MAX watch. */
int feed_watch(struct feed *feed, int64_t seen, struct stream *ret_stream);
struct feed_counts feed_counts(struct feed *feed);
/* Every stream must be closed before. */
void feed_stop(struct feed *feed);

#endif
