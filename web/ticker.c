/* SPDX-License-Identifier: Apache-2.0 */
#include "web/ticker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct ticker {
	unsigned every_ms;
	void (*tick)(void *arg);
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock; /* for `stopping` */
	pthread_cond_t stop; /* on the monotonic clock */
	bool stopping;
};

/* True when it is time to stop. Under the lock. */
static bool wait_tick(struct ticker *ticker)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ticker->every_ms / 1000;
	until.tv_nsec += (long)(ticker->every_ms % 1000) * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!ticker->stopping &&
		pthread_cond_timedwait(&ticker->stop, &ticker->lock, &until) != ETIMEDOUT)
		;
	return ticker->stopping;
}

static void *ticker_run(void *arg)
{
	struct ticker *ticker = arg;

	pthread_mutex_lock(&ticker->lock);
	while (!wait_tick(ticker)) {
		pthread_mutex_unlock(&ticker->lock);
		ticker->tick(ticker->arg);
		pthread_mutex_lock(&ticker->lock);
	}
	pthread_mutex_unlock(&ticker->lock);
	return NULL;
}

static void ticker_free(struct ticker *ticker)
{
	pthread_cond_destroy(&ticker->stop);
	pthread_mutex_destroy(&ticker->lock);
	free(ticker);
}

int ticker_start(unsigned every_ms, void (*tick)(void *arg), void *arg, struct ticker **ret_ticker,
	struct err *err)
{
	struct ticker *ticker = calloc(1, sizeof(*ticker));
	pthread_condattr_t attributes;
	int r;

	if (!ticker)
		return err_errno(err, -ENOMEM, "cannot start a thread");
	ticker->every_ms = every_ms;
	ticker->tick = tick;
	ticker->arg = arg;
	pthread_mutex_init(&ticker->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&ticker->stop, &attributes);
	pthread_condattr_destroy(&attributes);
	r = -pthread_create(&ticker->thread, NULL, ticker_run, ticker);
	if (r < 0) {
		ticker_free(ticker);
		return err_errno(err, r, "cannot start a thread");
	}
	*ret_ticker = ticker;
	return 0;
}

void ticker_stop(struct ticker *ticker)
{
	if (!ticker)
		return;
	pthread_mutex_lock(&ticker->lock);
	ticker->stopping = true;
	pthread_cond_signal(&ticker->stop);
	pthread_mutex_unlock(&ticker->lock);
	pthread_join(ticker->thread, NULL);
	ticker_free(ticker);
}
