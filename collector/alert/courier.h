/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes what the desk decided to the channels, each in its own thread: the oldest version that its
 * channel has not said, then the next. What cannot be delivered is tried again, later and later;
 * what is refused is said in the log and left.
 */
#ifndef PANTAU_ALERT_COURIER_H
#define PANTAU_ALERT_COURIER_H

#include <pthread.h>

#include "collector/alert/channel.h"
#include "common/json.h"

struct office { /* what the looking thread and the couriers share */
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t news;
	struct alarm_desk *desk;
	struct atlas *atlas; /* NULL: not read yet */
	struct notice_style style;
	bool stopping;
	/* Keeps the alarms on disk. Called under the lock, after each delivery. */
	void (*keep)(void *arg);
	void *arg;
};

struct courier;

/* Opens the channel and starts the thread. `place`: its place in an alarm's `sent`. Borrows the
 * office and the settings. */
int courier_start(struct office *office, size_t place, const struct settings *settings,
	struct courier **ret_courier, struct err *err);
/* office->stopping must be set, and news told. NULL is accepted. */
void courier_end(struct courier *courier);
/* Under the lock: an object with its name, what it has sent, refused, what is wrong. */
void courier_status(const struct courier *courier, struct json *json);

#endif
