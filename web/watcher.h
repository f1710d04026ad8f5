/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page that watches: a stream with a place of its own in the events. It takes what it missed
 * from memory or, further back, from the ledger.
 *
 *   seen == head  nothing to say    floor <= seen < head  the ring    seen < floor  the ledger
 *   what was deleted there, or an id that never was: event "reset", and on from the head
 */
#ifndef PANTAU_WEB_WATCHER_H
#define PANTAU_WEB_WATCHER_H

#include <pthread.h>

#include "web/feed.h"
#include "web/ring.h"

struct watcher;

struct hub { /* what the feed's thread and all watchers share */
	const char *state;
	pthread_mutex_t lock; /* for all below */
	struct ring ring;
	struct watcher *watchers;
	struct feed_counts counts;
};

/* See feed_watch(). */
int watcher_new(struct hub *hub, int64_t seen, struct stream *ret_stream);
/* Under the lock: there is news, or time for a heartbeat. */
void hub_wake(struct hub *hub, bool beat);

#endif
