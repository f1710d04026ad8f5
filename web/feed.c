/* SPDX-License-Identifier: Apache-2.0 */
#include "web/feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/store/ledger_db.h"
#include "common/clock.h"
#include "common/log.h"
#include "web/batch.h"
#include "web/limits.h"
#include "web/ring.h"
#include "web/sse.h"

enum greeting { GREET_NOT, GREET_HELLO, GREET_RESET };

struct client { /* all under the feed's lock, but for what read() alone uses */
	struct feed *feed;
	struct stream_wake wake; /* not set before begin() */
	struct client *next, **link;
	int64_t seen; /* has everything up to this id, or will when `waiting` is sent */
	enum greeting greeting;
	bool beat; /* a heartbeat is due */
	struct buf waiting; /* text on its way; read() alone */
};

struct feed {
	const char *state;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t stop; /* on the monotonic clock */
	atomic_bool stopping;
	struct ring ring;
	struct client *clients;
	struct feed_counts counts;
	bool failing; /* the last read failed: said once */
};

/* ---- clients */

static int greet(struct client *client, struct buf *out)
{
	bool reset = client->greeting == GREET_RESET;
	int r = sse_retry(out, EVENTS_RETRY_MS);

	client->greeting = GREET_NOT;
	client->feed->counts.resets += reset;
	if (r == 0)
		r = sse_event(out, reset ? "reset" : "hello", client->seen, "{}", 2);
	return r;
}

/* The comment is for proxies; scripts cannot see it, so there is an event beside it. */
static int beat(struct buf *out)
{
	int r = sse_comment(out, "still here");

	return r < 0 ? r : sse_event(out, "beat", SSE_NO_ID, "{}", 2);
}

/* Starts over: the page must load everything anew. */
static int start_over(struct client *client, struct buf *out)
{
	client->seen = client->feed->ring.head;
	client->greeting = GREET_RESET;
	return greet(client, out);
}

/* What is too old for the memory. Without the lock: it reads the ledger. */
static int catch_up(struct client *client, struct batch *batch)
{
	struct ledger_db *db;
	int r = ledger_db_open(client->feed->state, &db, NULL);

	if (r < 0)
		return r;
	r = batch_read(db, client->seen, batch, NULL);
	ledger_db_close(db);
	return r;
}

static int take_batch(struct client *client, struct batch *batch)
{
	if (batch->first == 0 || batch_has_gap(batch))
		return start_over(client, &client->waiting);
	client->seen = batch->last;
	return buf_append(&client->waiting, buf_peek(&batch->text), buf_length(&batch->text));
}

/* Under the lock, which is given up while the ledger is read. */
static int fill_from_ledger(struct client *client)
{
	struct feed *feed = client->feed;
	struct batch batch;
	int r;

	if (feed->ring.head - client->seen > EVENTS_LAG_MAX)
		return start_over(client, &client->waiting);
	batch_init(&batch);
	pthread_mutex_unlock(&feed->lock);
	r = catch_up(client, &batch);
	pthread_mutex_lock(&feed->lock);
	if (r == 0)
		r = take_batch(client, &batch);
	batch_done(&batch);
	return r;
}

static int fill_from_ring(struct client *client)
{
	const struct ring *ring = &client->feed->ring;
	const struct ring_entry *entry = ring_after(ring, client->seen);

	if (!entry) {
		client->seen = ring->head;
		return 0;
	}
	client->seen = entry->last;
	return buf_append(&client->waiting, entry->text, entry->length);
}

/* Puts what comes next for the client into its waiting text; none when it has seen everything. */
static int fill(struct client *client)
{
	const struct ring *ring = &client->feed->ring;
	int r = 0;

	if (client->greeting != GREET_NOT)
		return greet(client, &client->waiting);
	if (client->seen > ring->head)
		return start_over(client, &client->waiting);
	while (r == 0 && buf_length(&client->waiting) == 0 && client->seen < ring->head)
		r = client->seen < ring->floor ? fill_from_ledger(client)
					       : fill_from_ring(client);
	if (r == 0 && buf_length(&client->waiting) == 0 && client->beat)
		r = beat(&client->waiting);
	client->beat = false;
	return r;
}

static ssize_t client_read(void *arg, char *room, size_t size)
{
	struct client *client = arg;
	size_t length;

	if (buf_length(&client->waiting) == 0) {
		int r;

		pthread_mutex_lock(&client->feed->lock);
		r = fill(client);
		if (r < 0)
			client->feed->counts.dropped++;
		pthread_mutex_unlock(&client->feed->lock);
		if (r < 0)
			return -1; /* it comes back with its Last-Event-ID */
	}
	length = buf_length(&client->waiting);
	if (length > size)
		length = size;
	if (length == 0)
		return 0;
	memcpy(room, buf_peek(&client->waiting), length);
	buf_consume(&client->waiting, length);
	buf_release(&client->waiting);
	return (ssize_t)length;
}

static void client_begin(void *arg, struct stream_wake wake)
{
	struct client *client = arg;

	pthread_mutex_lock(&client->feed->lock);
	client->wake = wake;
	pthread_mutex_unlock(&client->feed->lock);
}

static void client_close(void *arg)
{
	struct client *client = arg;
	struct feed *feed = client->feed;

	pthread_mutex_lock(&feed->lock);
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	feed->counts.clients--;
	pthread_mutex_unlock(&feed->lock);
	buf_done(&client->waiting);
	free(client);
}

static void wake_all(struct feed *feed, bool beat)
{
	for (struct client *client = feed->clients; client; client = client->next) {
		client->beat |= beat;
		if (client->wake.wake)
			client->wake.wake(client->wake.arg);
	}
}

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

	pthread_mutex_lock(&feed->lock);
	if (batch_has_gap(batch))
		ring_reset(&feed->ring, batch->first - 1);
	r = ring_push(
		&feed->ring, batch->last, buf_peek(&batch->text), buf_length(&batch->text));
	if (r == 0)
		wake_all(feed, false);
	pthread_mutex_unlock(&feed->lock);
	return r;
}

static void start_at(struct feed *feed, int64_t head)
{
	pthread_mutex_lock(&feed->lock);
	ring_reset(&feed->ring, head);
	wake_all(feed, false);
	pthread_mutex_unlock(&feed->lock);
}

static int follow(struct feed *feed, struct ledger_db *db, struct err *err)
{
	struct batch batch;
	int64_t head = 0;
	int r = read_head(db, &head, err);

	if (r < 0)
		return r;
	/* Another ledger, or the first look at this one: what is older is not kept in memory. */
	if (feed->ring.head > head || (feed->ring.head == 0 && head > 0))
		start_at(feed, head);
	batch_init(&batch);
	do {
		r = batch_read(db, feed->ring.head, &batch, err);
		if (r == 0 && batch.first)
			r = take(feed, &batch);
	} while (r == 0 && batch.first && !feed->stopping);
	batch_done(&batch);
	return r;
}

/* The ledger is opened anew each time: it may have been replaced since. */
static void look(struct feed *feed)
{
	struct err err = {0};
	struct ledger_db *db;
	int r = ledger_db_open(feed->state, &db, &err);

	if (r == 0) {
		r = follow(feed, db, &err);
		ledger_db_close(db);
	}
	if (r < 0 && r != -ENOENT && !feed->failing)
		log_warn("events stand still: %s", err.text);
	feed->failing = r < 0;
}

static void wait_ms(struct feed *feed, unsigned wait_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)wait_ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!feed->stopping &&
		pthread_cond_timedwait(&feed->stop, &feed->lock, &until) != ETIMEDOUT)
		;
}

static void *feed_run(void *arg)
{
	const uint64_t beat_us = EVENTS_HEARTBEAT_S * 1000000ULL;
	struct feed *feed = arg;
	uint64_t next_beat_us = clock_boot_us() + beat_us;

	pthread_mutex_lock(&feed->lock);
	while (!feed->stopping) {
		pthread_mutex_unlock(&feed->lock);
		look(feed);
		pthread_mutex_lock(&feed->lock);
		if (clock_boot_us() >= next_beat_us) {
			wake_all(feed, true);
			next_beat_us = clock_boot_us() + beat_us;
		}
		wait_ms(feed, EVENTS_POLL_MS);
	}
	pthread_mutex_unlock(&feed->lock);
	return NULL;
}

/* ---- life */

int feed_start(const char *state, struct feed **ret_feed, struct err *err)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	pthread_condattr_t attributes;
	int r;

	if (!feed)
		return err_errno(err, -ENOMEM, "events");
	feed->state = state;
	pthread_mutex_init(&feed->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&feed->stop, &attributes);
	pthread_condattr_destroy(&attributes);
	look(feed); /* so that the first client finds the head */
	r = -pthread_create(&feed->thread, NULL, feed_run, feed);
	if (r < 0) {
		ring_done(&feed->ring);
		pthread_cond_destroy(&feed->stop);
		pthread_mutex_destroy(&feed->lock);
		free(feed);
		return err_errno(err, r, "cannot start the thread of the events");
	}
	*ret_feed = feed;
	return 0;
}

int feed_watch(struct feed *feed, int64_t seen, struct stream *ret_stream)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return -ENOMEM;
	client->feed = feed;
	buf_init(&client->waiting, EVENTS_BATCH_BYTES + 1024);
	pthread_mutex_lock(&feed->lock);
	if (feed->counts.clients == EVENTS_CLIENTS_MAX) {
		pthread_mutex_unlock(&feed->lock);
		free(client);
		return -EBUSY;
	}
	client->seen = seen == FEED_FROM_NOW ? feed->ring.head : seen;
	client->greeting = seen == FEED_FROM_NOW ? GREET_HELLO : GREET_NOT;
	client->next = feed->clients;
	client->link = &feed->clients;
	if (client->next)
		client->next->link = &client->next;
	feed->clients = client;
	feed->counts.clients++;
	feed->counts.served++;
	pthread_mutex_unlock(&feed->lock);
	*ret_stream = (struct stream){.arg = client,
		.begin = client_begin,
		.read = client_read,
		.close = client_close};
	return 0;
}

struct feed_counts feed_counts(struct feed *feed)
{
	struct feed_counts counts;

	pthread_mutex_lock(&feed->lock);
	counts = feed->counts;
	counts.head = feed->ring.head;
	pthread_mutex_unlock(&feed->lock);
	return counts;
}

void feed_stop(struct feed *feed)
{
	if (!feed)
		return;
	pthread_mutex_lock(&feed->lock);
	feed->stopping = true;
	pthread_cond_signal(&feed->stop);
	pthread_mutex_unlock(&feed->lock);
	pthread_join(feed->thread, NULL);
	ring_done(&feed->ring);
	pthread_cond_destroy(&feed->stop);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}
