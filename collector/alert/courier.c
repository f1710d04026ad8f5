/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/courier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"

#define RETRY_S 5 /* after the first failure; doubles */
#define RETRY_MAX_S 300
#define TRIES_SHIFT_MAX 6
#define PATIENCE_S 1 /* how late a refresh or a retry may be */
#define NS_PER_MS 1000000
#define MS_PER_S 1000

struct courier {
	struct office *office;
	size_t place;
	const struct channel_kind *kind;
	void *channel;
	pthread_t thread;
	bool started;
	uint64_t sent, failed, refused;
	char trouble[ERR_TEXT_BYTES]; /* why the last one failed; "" it did not */
	int64_t paused_until_s; /* the server asked for it */
};

static int64_t now_s(void)
{
	return clock_utc_us() / 1000000;
}

/* ---- what is to be said */

static bool is_due(const struct courier *courier, const struct alarm *alarm, int64_t at_s)
{
	const struct alarm_sent *sent = &alarm->sent[courier->place];

	if (!alarm->version || sent->retry_s > at_s)
		return false;
	if (sent->version != alarm->version)
		return true;
	return courier->kind->refresh_s && alarm->phase == ALARM_TOLD &&
		at_s - sent->sent_s >= courier->kind->refresh_s;
}

static struct alarm *find_due(const struct courier *courier, int64_t at_s)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(courier->office->desk, &count);

	if (!courier->office->atlas || courier->paused_until_s > at_s)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (is_due(courier, alarms[i], at_s))
			return alarms[i];
	return NULL;
}

static struct alarm *find_id(const struct courier *courier, uint64_t id)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(courier->office->desk, &count);

	for (size_t i = 0; i < count; i++)
		if (alarms[i]->id == id)
			return alarms[i];
	return NULL; /* forgotten meanwhile */
}

/* ---- how it went */

static bool stop_asked(void *arg)
{
	struct courier *courier = arg;

	return __atomic_load_n(&courier->office->stopping, __ATOMIC_RELAXED);
}

static void postpone(
	struct courier *courier, struct alarm_sent *sent, const struct delivery *delivery)
{
	unsigned shift = sent->tries < TRIES_SHIFT_MAX ? sent->tries : TRIES_SHIFT_MAX;
	int64_t wait_s = (int64_t)RETRY_S << shift;

	sent->tries++;
	sent->retry_s = now_s() + (wait_s < RETRY_MAX_S ? wait_s : RETRY_MAX_S);
	if (delivery->retry_after_s) /* it means all messages */
		courier->paused_until_s = now_s() + delivery->retry_after_s;
}

static void note(struct courier *courier, int result, const struct err *err)
{
	if (result == 0) {
		if (courier->trouble[0])
			log_info("alert: %s works again", courier->kind->name);
		courier->trouble[0] = '\0';
		courier->sent++;
	} else if (result == -EBADMSG) {
		log_error("alert: %s refuses a message: %s", courier->kind->name, err->text);
		courier->refused++;
	} else {
		if (!courier->trouble[0])
			log_warn("alert: %s: %s", courier->kind->name, err->text);
		snprintf(courier->trouble, sizeof(courier->trouble), "%s", err->text);
		courier->failed++;
	}
}

/* Under the lock again. */
static void conclude(struct courier *courier, const struct notice *notice,
	const struct delivery *delivery, int result)
{
	struct alarm *alarm = find_id(courier, notice->id);
	struct alarm_sent *sent;

	if (!alarm)
		return;
	sent = &alarm->sent[courier->place];
	snprintf(sent->ref, sizeof(sent->ref), "%s", delivery->ref);
	if (result == 0 || result == -EBADMSG) {
		sent->version = notice->version;
		sent->sent_s = now_s();
		sent->tries = 0;
		sent->retry_s = 0;
	} else {
		postpone(courier, sent, delivery);
	}
	courier->office->keep(courier->office->arg);
}

/* ---- the round */

/* Under the lock, which it gives away while it sends. */
static void deliver(struct courier *courier, struct alarm *alarm)
{
	struct office *office = courier->office;
	struct delivery delivery = {0};
	struct notice notice;
	struct err err = {0};
	int r = notice_write(alarm, office->atlas, &office->style, &notice);

	snprintf(delivery.ref, sizeof(delivery.ref), "%s", alarm->sent[courier->place].ref);
	pthread_mutex_unlock(&office->lock);
	if (r < 0)
		err_errno(&err, r, "a message");
	else
		r = courier->kind->send(courier->channel, &notice, &delivery, &err);
	pthread_mutex_lock(&office->lock);
	if (!office->stopping || r == 0)
		note(courier, r, &err);
	conclude(courier, &notice, &delivery, r);
	notice_done(&notice);
}

static void wait(struct courier *courier, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / MS_PER_S;
	until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
	if (until.tv_nsec >= MS_PER_S * (long)NS_PER_MS) {
		until.tv_nsec -= MS_PER_S * (long)NS_PER_MS;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&courier->office->news, &courier->office->lock, &until);
}

static void *run(void *arg)
{
	struct courier *courier = arg;
	struct office *office = courier->office;
	uint64_t free_us = 0; /* when the next message may go */

	pthread_mutex_lock(&office->lock);
	while (!office->stopping) {
		uint64_t at_us = clock_boot_us();
		struct alarm *alarm = at_us >= free_us ? find_due(courier, now_s()) : NULL;

		if (!alarm) {
			wait(courier, PATIENCE_S * MS_PER_S);
			continue;
		}
		deliver(courier, alarm);
		free_us = clock_boot_us() + (uint64_t)courier->kind->pace_ms * MS_PER_S;
	}
	pthread_mutex_unlock(&office->lock);
	return NULL;
}

/* ---- life */

int courier_start(struct office *office, size_t place, const struct settings *settings,
	struct courier **ret_courier, struct err *err)
{
	struct courier *courier = calloc(1, sizeof(*courier));
	struct channel_stop stop = {stop_asked, courier};
	int r;

	if (!courier)
		return err_errno(err, -ENOMEM, "alert");
	courier->office = office;
	courier->place = place;
	courier->kind = channel_kinds[place];
	r = courier->kind->open(settings, &stop, &courier->channel, err);
	if (r == 0) {
		r = -pthread_create(&courier->thread, NULL, run, courier);
		if (r < 0)
			err_errno(err, r, "thread of %s", courier->kind->name);
	}
	courier->started = r == 0;
	if (r < 0) {
		courier_end(courier);
		return r;
	}
	*ret_courier = courier;
	return 0;
}

void courier_end(struct courier *courier)
{
	if (!courier)
		return;
	if (courier->started)
		pthread_join(courier->thread, NULL);
	if (courier->channel)
		courier->kind->close(courier->channel);
	free(courier);
}

void courier_status(const struct courier *courier, struct json *json)
{
	json_object(json, NULL);
	json_text(json, "name", courier->kind->name);
	json_number(json, "sent", (int64_t)courier->sent);
	json_number(json, "failed", (int64_t)courier->failed);
	json_number(json, "refused", (int64_t)courier->refused);
	json_text(json, "trouble", courier->trouble[0] ? courier->trouble : NULL);
	json_object_end(json);
}
