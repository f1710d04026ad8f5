/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/desk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct desk {
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t woken;
	bool stopping;
	char fault[ERR_TEXT_BYTES];
	struct desk_export export;
};

struct desk *desk_new(void)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	pthread_condattr_t monotonic;

	if (!desk)
		return NULL;
	pthread_mutex_init(&desk->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&desk->woken, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return desk;
}

void desk_free(struct desk *desk)
{
	if (!desk)
		return;
	pthread_cond_destroy(&desk->woken);
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

void desk_stop(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	desk->stopping = true;
	pthread_cond_broadcast(&desk->woken);
	pthread_mutex_unlock(&desk->lock);
}

bool desk_stopping(struct desk *desk)
{
	return desk_wait_ms(desk, 0);
}

bool desk_wait_ms(struct desk *desk, unsigned wait_ms)
{
	struct timespec until;
	bool stopping;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&desk->lock);
	while (wait_ms && !desk->stopping) {
		if (pthread_cond_timedwait(&desk->woken, &desk->lock, &until))
			break;
	}
	stopping = desk->stopping;
	pthread_mutex_unlock(&desk->lock);
	return stopping;
}

void desk_put_fault(struct desk *desk, const char *words)
{
	pthread_mutex_lock(&desk->lock);
	snprintf(desk->fault, sizeof(desk->fault), "%s", words);
	pthread_mutex_unlock(&desk->lock);
}

void desk_get_fault(struct desk *desk, char ret_words[ERR_TEXT_BYTES])
{
	pthread_mutex_lock(&desk->lock);
	snprintf(ret_words, ERR_TEXT_BYTES, "%s", desk->fault);
	pthread_mutex_unlock(&desk->lock);
}

void desk_put_export(struct desk *desk, const struct desk_export *state)
{
	pthread_mutex_lock(&desk->lock);
	desk->export = *state;
	pthread_mutex_unlock(&desk->lock);
}

void desk_get_export(struct desk *desk, struct desk_export *ret_state)
{
	pthread_mutex_lock(&desk->lock);
	*ret_state = desk->export;
	pthread_mutex_unlock(&desk->lock);
}
