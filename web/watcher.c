/* SPDX-License-Identifier: Apache-2.0 */
#include "web/watcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_db.h"
#include "web/batch.h"
#include "web/limits.h"
#include "web/sse.h"

enum greeting { GREET_NOT, GREET_HELLO, GREET_RESET };

struct watcher { /* all under the hub's lock, but for what read() alone uses */
	struct hub *hub;
	struct stream_wake wake; /* not set before begin() */
	struct watcher *next, **link;
	int64_t seen; /* has everything up to this id, or will when `waiting` is sent */
	int64_t read_to; /* read from the ledger, while the memory is behind that; else 0 */
	enum greeting greeting;
	bool beat; /* a heartbeat is due */
	struct buf waiting; /* text on its way; read() alone */
};

static int greet(struct watcher *watcher, struct buf *out)
{
	bool reset = watcher->greeting == GREET_RESET;
	int r = sse_retry(out, EVENTS_RETRY_MS);

	watcher->greeting = GREET_NOT;
	watcher->hub->counts.resets += reset;
	if (r == 0)
		r = sse_event(out, reset ? "reset" : "hello", watcher->seen, "{}", 2);
	return r;
}

/* The comment is for proxies; scripts cannot see it, so there is an event beside it. */
static int beat(struct buf *out)
{
	int r = sse_comment(out, "still here");

	return r < 0 ? r : sse_event(out, "beat", SSE_NO_ID, "{}", 2);
}

/* Starts over: the page must load everything anew. */
static int start_over(struct watcher *watcher, struct buf *out)
{
	watcher->seen = watcher->hub->ring.head;
	watcher->greeting = GREET_RESET;
	return greet(watcher, out);
}

/* What is too old for the memory. Without the lock: it reads the ledger. */
static int catch_up(struct watcher *watcher, struct batch *batch)
{
	struct ledger_db *db;
	int r = ledger_db_open(watcher->hub->state, &db, NULL);

	if (r < 0)
		return r;
	r = batch_read(db, watcher->seen, batch, NULL);
	ledger_db_close(db);
	return r;
}

static int take_batch(struct watcher *watcher, struct batch *batch)
{
	if (batch->first == 0 || batch_has_gap(batch))
		return start_over(watcher, &watcher->waiting);
	watcher->seen = watcher->read_to = batch->last;
	return buf_append(&watcher->waiting, buf_peek(&batch->text), buf_length(&batch->text));
}

/* Under the lock, which is given up while the ledger is read. */
static int fill_from_ledger(struct watcher *watcher)
{
	struct hub *hub = watcher->hub;
	struct batch batch;
	int r;

	if (hub->ring.head - watcher->seen > EVENTS_LAG_MAX)
		return start_over(watcher, &watcher->waiting);
	batch_init(&batch);
	pthread_mutex_unlock(&hub->lock);
	r = catch_up(watcher, &batch);
	pthread_mutex_lock(&hub->lock);
	if (r == 0)
		r = take_batch(watcher, &batch);
	batch_done(&batch);
	return r;
}

static int fill_from_ring(struct watcher *watcher)
{
	const struct ring *ring = &watcher->hub->ring;
	const struct ring_entry *entry = ring_after(ring, watcher->seen);

	if (!entry) {
		watcher->seen = ring->head;
		return 0;
	}
	watcher->seen = entry->last;
	return buf_append(&watcher->waiting, entry->text, entry->length);
}

/* Puts what comes next for the client into its waiting text; none when it has seen everything. */
static int fill(struct watcher *watcher)
{
	const struct ring *ring = &watcher->hub->ring;
	int r = 0;

	if (watcher->greeting != GREET_NOT)
		return greet(watcher, &watcher->waiting);
	if (watcher->seen <= ring->head)
		watcher->read_to = 0;
	else if (watcher->seen != watcher->read_to) /* the id is of another ledger */
		return start_over(watcher, &watcher->waiting);
	while (r == 0 && buf_length(&watcher->waiting) == 0 && watcher->seen < ring->head)
		r = watcher->seen < ring->floor ? fill_from_ledger(watcher)
						: fill_from_ring(watcher);
	if (r == 0 && buf_length(&watcher->waiting) == 0 && watcher->beat)
		r = beat(&watcher->waiting);
	watcher->beat = false;
	return r;
}

static ssize_t watcher_read(void *arg, char *room, size_t size)
{
	struct watcher *watcher = arg;
	size_t length;

	if (buf_length(&watcher->waiting) == 0) {
		int r;

		pthread_mutex_lock(&watcher->hub->lock);
		r = fill(watcher);
		if (r < 0)
			watcher->hub->counts.dropped++;
		pthread_mutex_unlock(&watcher->hub->lock);
		if (r < 0)
			return -1; /* it comes back with its Last-Event-ID */
	}
	length = buf_length(&watcher->waiting);
	if (length > size)
		length = size;
	if (length == 0)
		return 0;
	memcpy(room, buf_peek(&watcher->waiting), length);
	buf_consume(&watcher->waiting, length);
	buf_release(&watcher->waiting);
	return (ssize_t)length;
}

static void watcher_begin(void *arg, struct stream_wake wake)
{
	struct watcher *watcher = arg;

	pthread_mutex_lock(&watcher->hub->lock);
	watcher->wake = wake;
	pthread_mutex_unlock(&watcher->hub->lock);
}

static void watcher_close(void *arg)
{
	struct watcher *watcher = arg;
	struct hub *hub = watcher->hub;

	pthread_mutex_lock(&hub->lock);
	*watcher->link = watcher->next;
	if (watcher->next)
		watcher->next->link = watcher->link;
	hub->counts.clients--;
	pthread_mutex_unlock(&hub->lock);
	buf_done(&watcher->waiting);
	free(watcher);
}

void hub_wake(struct hub *hub, bool beat)
{
	for (struct watcher *watcher = hub->watchers; watcher; watcher = watcher->next) {
		watcher->beat |= beat;
		if (watcher->wake.wake)
			watcher->wake.wake(watcher->wake.arg);
	}
}

int watcher_new(struct hub *hub, int64_t seen, struct stream *ret_stream)
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));

	if (!watcher)
		return -ENOMEM;
	watcher->hub = hub;
	buf_init(&watcher->waiting, EVENTS_BATCH_BYTES + 1024);
	pthread_mutex_lock(&hub->lock);
	if (hub->counts.clients == EVENTS_CLIENTS_MAX) {
		pthread_mutex_unlock(&hub->lock);
		free(watcher);
		return -EBUSY;
	}
	watcher->seen = seen == FEED_FROM_NOW ? hub->ring.head : seen;
	watcher->greeting = seen == FEED_FROM_NOW ? GREET_HELLO : GREET_NOT;
	watcher->next = hub->watchers;
	watcher->link = &hub->watchers;
	if (watcher->next)
		watcher->next->link = &watcher->next;
	hub->watchers = watcher;
	hub->counts.clients++;
	hub->counts.served++;
	pthread_mutex_unlock(&hub->lock);
	*ret_stream = (struct stream){.arg = watcher,
		.begin = watcher_begin,
		.read = watcher_read,
		.close = watcher_close};
	return 0;
}
