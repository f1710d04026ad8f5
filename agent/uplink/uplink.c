/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/uplink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/pace.h"
#include "agent/uplink/lessons.h"
#include "agent/uplink/reach.h"
#include "agent/uplink/session.h"
#include "common/backoff.h"
#include "common/clock.h"
#include "common/log.h"

#define BACKOFF_FLOOR_MS 1000 /* a collector that restarts is back in about a second */
#define BACKOFF_CEILING_MS 60000 /* a thousand routers then make some 30 tries a second */
#define STABLE_MS 30000 /* a session that lasted this long was a good one */
#define CONNECT_MS 10000 /* a bad satellite link */
#define CONNECT_NEXT_MS 3000 /* while there is another address to try */
#define REVOKED_MS 3600000U /* that is not taken back: a sign of life now and then */
#define MS_PER_S 1000

struct uplink {
	struct uplink_settings settings;
	struct uplink_events events;
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	size_t collector; /* being tried */
	struct sender *sender;
	struct session *session;
	struct backoff backoff;
	struct uplink_figures figures;
	struct session_following following;
	uint64_t opened_ms; /* 0: this session was not open yet */
	bool first_time; /* the next time is the session's first */
	bool finishing, closing;
	struct reach *reach;
	struct pace pace;
	bool finding; /* the collector's addresses are looked for */
	struct lessons lessons;
	int refusal; /* heard in this session; 0: none */
	uv_timer_t timer; /* the next try, or the end of finishing */
	unsigned handles; /* timer and session that still refer to us */
};

static void attempt(struct uplink *uplink);

/* ---- ending */

static void release(struct uplink *uplink)
{
	if (--uplink->handles)
		return;
	sender_free(uplink->sender);
	free(uplink);
}

static void finish(struct uplink *uplink)
{
	if (!uplink->finishing)
		return;
	uplink->finishing = false;
	uv_timer_stop(&uplink->timer);
	uplink->events.finished(uplink->events.arg);
}

/* ---- waiting */

static void find(struct uplink *uplink)
{
	const struct settings_collector *collector = &uplink->collectors[uplink->collector];

	if (uplink->session || uplink->finding || uplink->closing)
		return;
	uplink->finding = true;
	snprintf(uplink->figures.collector, sizeof(uplink->figures.collector), "%.60s:%s",
		collector->host, collector->port);
	reach_find(uplink->reach, collector);
}

static void on_retry(uv_timer_t *timer)
{
	find(timer->data);
}

static void on_limit(uv_timer_t *timer)
{
	finish(timer->data);
}

/* Says why and when the next try is. While finishing there is none. */
static void wait_and_retry(struct uplink *uplink, enum trouble trouble, const char *reason)
{
	uint32_t width_ms = lessons_width_ms(&uplink->lessons, sender_comeback_s(uplink->sender));
	uint32_t wait_ms = backoff_next_within(&uplink->backoff, width_ms, backoff_draw());

	if (trouble == TROUBLE_REVOKED)
		wait_ms = REVOKED_MS / 2 + backoff_draw() % (REVOKED_MS / 2);
	uplink->figures.trouble = trouble;
	snprintf(uplink->figures.words, sizeof(uplink->figures.words), "%s", reason);
	uplink->collector = (uplink->collector + 1) % uplink->settings.collector_count;
	if (uplink->closing || uplink->finishing) {
		finish(uplink);
		return;
	}
	log_warn("%s %s: %s; next try in %u.%u s",
		uplink->opened_ms ? "disconnected from" : "cannot report to",
		uplink->figures.collector, reason, wait_ms / MS_PER_S, wait_ms % MS_PER_S / 100);
	uplink->opened_ms = 0;
	uplink->events.changed(uplink->events.arg);
	uv_timer_start(&uplink->timer, on_retry, wait_ms, 0);
}

/* ---- the session's events */

static const char *on_wan_of(void *arg, const struct sockaddr *own)
{
	struct uplink *uplink = arg;

	return uplink->events.wan_of(uplink->events.arg, own);
}

static void on_opened(void *arg)
{
	struct uplink *uplink = arg;

	lessons_opened(&uplink->lessons);
	reach_worked(uplink->reach);
	uplink->figures.open = true;
	uplink->figures.trouble = TROUBLE_NONE;
	uplink->figures.words[0] = '\0';
	uplink->opened_ms = uv_now(uplink->settings.loop);
	log_info("connected to %s", uplink->figures.collector);
	uplink->events.changed(uplink->events.arg);
}

static void on_heard(void *arg)
{
	struct uplink *uplink = arg;

	if (uplink->events.heard)
		uplink->events.heard(uplink->events.arg);
}

static void on_acked(void *arg, size_t count, uint64_t after_ms)
{
	struct uplink *uplink = arg;

	uplink->figures.acked += count;
	uplink->figures.acked_utc_us = clock_utc_us();
	uplink->figures.acked_us = clock_boot_us();
	log_info("reported %zu record%s, acknowledged after %llu ms", count, count == 1 ? "" : "s",
		(unsigned long long)after_ms);
	uplink->events.changed(uplink->events.arg);
	finish(uplink);
}

static void on_ended(void *arg, const struct session_end *end)
{
	struct uplink *uplink = arg;

	uplink->session = NULL;
	uplink->figures.open = false;
	if (end->opened && uv_now(uplink->settings.loop) - uplink->opened_ms >= STABLE_MS)
		backoff_reset(&uplink->backoff);
	if (end->opened)
		backoff_widen(&uplink->backoff, sender_comeback_s(uplink->sender) * MS_PER_S);
	lessons_ended(&uplink->lessons, end, uplink->refusal || uplink->closing);
	if (!uplink->closing) {
		/* A name's other addresses are tried at once. */
		if (!end->opened && reach_has_next(uplink->reach))
			attempt(uplink);
		else
			wait_and_retry(
				uplink, trouble_of(end, uplink->refusal), end->stream.reason);
	}
	release(uplink);
}

/* ---- connecting */

static void attempt(struct uplink *uplink)
{
	const struct sockaddr *to = reach_next(uplink->reach);
	const struct session_settings settings = {
		.loop = uplink->settings.loop,
		.tls = uplink->settings.tls,
		.sender = uplink->sender,
		.software = uplink->settings.software,
		.boot = uplink->settings.boot,
		.following = &uplink->following,
		.keepalive = &uplink->lessons.keepalive,
		.to = to,
		.connect_ms = reach_has_next(uplink->reach) ? CONNECT_NEXT_MS : CONNECT_MS,
		.segment_bytes = path_mtu_segment(&uplink->lessons.path),
	};
	const struct session_events events = {
		.arg = uplink,
		.wan_of = on_wan_of,
		.opened = on_opened,
		.heard = on_heard,
		.acked = on_acked,
		.ended = on_ended,
	};
	int status = session_new(&settings, &events, &uplink->session);

	uplink->first_time = true;
	uplink->refusal = 0;
	if (status == 0)
		uplink->handles++;
	else
		wait_and_retry(uplink, TROUBLE_OTHER, strerror(-status));
}

static void on_found(void *arg, size_t count, const char *reason)
{
	struct uplink *uplink = arg;

	uplink->finding = false;
	if (count)
		attempt(uplink);
	else
		wait_and_retry(uplink, TROUBLE_NAME, reason);
}

/* ---- the sender's events */

static void on_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	struct uplink *uplink = arg;
	bool first = uplink->first_time;

	uplink->first_time = false;
	uplink->events.time(uplink->events.arg, answer, now_us, first);
}

static void on_configured(void *arg, const struct configuration *configuration)
{
	struct uplink *uplink = arg;

	if (uplink->events.configured)
		uplink->events.configured(uplink->events.arg, configuration);
}

static void on_lease(void *arg, const struct lease *lease)
{
	struct uplink *uplink = arg;

	if (uplink->events.lease)
		uplink->events.lease(uplink->events.arg, lease);
}

static void on_rejected(void *arg, struct record_key key, int code, const char *text)
{
	struct uplink *uplink = arg;

	uplink->figures.rejected++;
	log_warn("the collector will never take record %u of run %u (%d): %s", key.sequence,
		key.run, code, text);
}

/* The session ends with the same words. */
static void on_refused(void *arg, int code, const char *text)
{
	struct uplink *uplink = arg;

	uplink->refusal = code;
	log_debug("refused (%d): %s", code, text);
}

/* ---- life */

int uplink_new(const struct uplink_settings *settings, const struct sender_source *source,
	const struct uplink_events *events, struct uplink **ret_uplink)
{
	struct uplink *uplink = calloc(1, sizeof(*uplink));
	const struct sender_events sender_events = {
		.arg = uplink,
		.time = on_time,
		.rejected = on_rejected,
		.refused = on_refused,
		.configured = on_configured,
		.lease = on_lease,
	};
	const struct reach_settings reach = {
		.loop = settings->loop, .state_folder = settings->state_folder};
	int status;

	if (!uplink)
		return -ENOMEM;
	uplink->settings = *settings;
	uplink->events = *events;
	memcpy(uplink->collectors, settings->collectors,
		settings->collector_count * sizeof(uplink->collectors[0]));
	status = sender_new(source, &sender_events, &uplink->sender);
	if (status == 0)
		status = reach_new(&reach, on_found, uplink, &uplink->reach);
	if (status < 0) {
		sender_free(uplink->sender);
		free(uplink);
		return status;
	}
	lessons_init(&uplink->lessons);
	uplink_set_pace(uplink, settings->report_ms, settings->slot_ms);
	backoff_init(&uplink->backoff, BACKOFF_FLOOR_MS, BACKOFF_CEILING_MS);
	uv_timer_init(settings->loop, &uplink->timer);
	uplink->timer.data = uplink;
	uplink->handles = 1;
	uv_timer_start(&uplink->timer, on_retry, 0, 0);
	*ret_uplink = uplink;
	return 0;
}

void uplink_wake(struct uplink *uplink, bool urgent)
{
	if (pace_due(&uplink->pace, clock_boot_us() / 1000, urgent) && uplink->session)
		session_pump(uplink->session);
}

void uplink_set_pace(struct uplink *uplink, uint64_t report_ms, uint64_t slot_ms)
{
	pace_init(&uplink->pace, report_ms, slot_ms, clock_boot_us() / 1000);
}

void uplink_ask(struct uplink *uplink)
{
	if (uplink->session)
		session_ping(uplink->session);
}

void uplink_reconnect(struct uplink *uplink)
{
	if (uplink->session)
		session_end(uplink->session, "the certificate was renewed");
	else if (!uplink->closing && !uplink->finishing)
		uv_timer_start(&uplink->timer, on_retry, BACKOFF_FLOOR_MS, 0);
}

void uplink_set_configuration(
	struct uplink *uplink, uint32_t version, uint32_t refused, const char *trouble)
{
	struct session_following *following = &uplink->following;

	following->version = version;
	following->refused = refused;
	snprintf(following->trouble, sizeof(following->trouble), "%s", trouble ? trouble : "");
	if (uplink->session)
		session_tell_following(uplink->session);
}

int uplink_lease_request(struct uplink *uplink, uint32_t number, const char *wan)
{
	return uplink->session ? session_lease_request(uplink->session, number, wan) : -ENOTCONN;
}

int uplink_lease_return(struct uplink *uplink, uint32_t number)
{
	return uplink->session ? session_lease_return(uplink->session, number) : -ENOTCONN;
}

void uplink_finish(struct uplink *uplink, unsigned limit_ms)
{
	uplink->finishing = true;
	uv_timer_start(&uplink->timer, on_limit, limit_ms, 0);
	if (!uplink->session) {
		find(uplink);
		return;
	}
	session_pump(uplink->session);
	if (session_is_open(uplink->session) && sender_unacked(uplink->sender) == 0)
		finish(uplink);
}

struct uplink_figures uplink_figures(const struct uplink *uplink)
{
	struct uplink_figures figures = uplink->figures;

	figures.configuration = uplink->following.version;
	figures.configuration_refused = uplink->following.refused;
	figures.segment_bytes = path_mtu_segment(&uplink->lessons.path);
	return figures;
}

static void on_timer_closed(uv_handle_t *handle)
{
	release(handle->data);
}

void uplink_close(struct uplink *uplink)
{
	if (!uplink)
		return;
	uplink->closing = true;
	uplink->finishing = false;
	if (uplink->session)
		session_end(uplink->session, "the agent stops");
	reach_close(uplink->reach);
	uv_close((uv_handle_t *)&uplink->timer, on_timer_closed);
}
