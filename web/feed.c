/* SPDX-License-Identifier: Apache-2.0 */
#include "web/feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "collector/store/ledger_db.h"
#include "common/clock.h"
#include "common/log.h"
#include "web/batch.h"
#include "web/limits.h"
#include "web/ticker.h"
#include "web/watcher.h"

struct feed {
	struct hub hub;
	struct ticker *ticker;
	atomic_bool stopping; /* a ledger that grows as fast as it is read does not hold us */
	/* of the ticker's thread alone */
	uint64_t next_beat_us;
	bool failing; /* the last look failed: said once */
};

/* ---- the thread that follows the outbox */

static int read_head(struct ledger_db *db, int64_t *ret_head, struct err *err)
{
	struct ledger_counts counts;
	int r = ledger_counts(db, &counts, err);

	if (r == 0)
		*ret_head = counts.outbox_last;
	return r;
}

/* Adds a batch to the memory. A gap means that rows were deleted before we read them, or that the
 * ledger is another one: what is in memory no longer joins up. */
static int take(struct feed *feed, const struct batch *batch)
{
	int r;

	pthread_mutex_lock(&feed->hub.lock);
	if (batch_has_gap(batch))
		ring_reset(&feed->hub.ring, batch->first - 1);
	r = ring_push(
		&feed->hub.ring, batch->last, buf_peek(&batch->text), buf_length(&batch->text));
	if (r == 0)
		hub_wake(&feed->hub, false);
	pthread_mutex_unlock(&feed->hub.lock);
	return r;
}

static void start_at(struct feed *feed, int64_t head)
{
	pthread_mutex_lock(&feed->hub.lock);
	ring_reset(&feed->hub.ring, head);
	hub_wake(&feed->hub, false);
	pthread_mutex_unlock(&feed->hub.lock);
}

/* Another ledger, or the first look at this one: what is older is not kept in memory. */
static int find_head(struct feed *feed, struct ledger_db *db, struct err *err)
{
	int64_t head = 0;
	int r = read_head(db, &head, err);

	if (r == 0 && (feed->hub.ring.head > head || (feed->hub.ring.head == 0 && head > 0)))
		start_at(feed, head);
	return r;
}

static int follow(struct feed *feed, struct ledger_db *db, struct err *err)
{
	struct batch batch;
	int r;

	batch_init(&batch);
	do {
		r = batch_read(db, feed->hub.ring.head, &batch, err);
		if (r == 0 && batch.first)
			r = take(feed, &batch);
	} while (r == 0 && batch.first && !feed->stopping);
	batch_done(&batch);
	return r;
}

/* The ledger is opened anew each time: it may have been replaced since. */
static void look(struct feed *feed, bool find)
{
	struct err err = {0};
	struct ledger_db *db;
	int r = ledger_db_open(feed->hub.state, &db, &err);

	if (r == 0) {
		if (find || feed->hub.ring.head == 0)
			r = find_head(feed, db, &err);
		if (r == 0)
			r = follow(feed, db, &err);
		ledger_db_close(db);
	}
	if (r < 0 && r != -ENOENT && !feed->failing)
		log_warn("events stand still: %s", err.text);
	feed->failing = r < 0;
}

static void feed_tick(void *arg)
{
	struct feed *feed = arg;
	bool beat = clock_boot_us() >= feed->next_beat_us;

	look(feed, beat);
	if (!beat)
		return;
	feed->next_beat_us = clock_boot_us() + EVENTS_HEARTBEAT_S * 1000000ULL;
	pthread_mutex_lock(&feed->hub.lock);
	hub_wake(&feed->hub, true);
	pthread_mutex_unlock(&feed->hub.lock);
}

/* ---- life */

static void feed_free(struct feed *feed)
{
	ring_done(&feed->hub.ring);
	pthread_mutex_destroy(&feed->hub.lock);
	free(feed);
}

int feed_start(const char *state, struct feed **ret_feed, struct err *err)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	int r;

	if (!feed)
		return err_errno(err, -ENOMEM, "events");
	feed->hub.state = state;
	pthread_mutex_init(&feed->hub.lock, NULL);
	feed_tick(feed); /* so that the first client finds the head */
	r = ticker_start(EVENTS_POLL_MS, feed_tick, feed, &feed->ticker, err);
	if (r < 0) {
		feed_free(feed);
		return r;
	}
	*ret_feed = feed;
	return 0;
}

int feed_watch(struct feed *feed, int64_t seen, struct stream *ret_stream)
{
	return watcher_new(&feed->hub, seen, ret_stream);
}

struct feed_counts feed_counts(struct feed *feed)
{
	struct feed_counts counts;

	pthread_mutex_lock(&feed->hub.lock);
	counts = feed->hub.counts;
	counts.head = feed->hub.ring.head;
	pthread_mutex_unlock(&feed->hub.lock);
	return counts;
}

void feed_stop(struct feed *feed)
{
	if (!feed)
		return;
	feed->stopping = true;
	ticker_stop(feed->ticker);
	feed_free(feed);
}
