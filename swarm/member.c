/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/member.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "swarm/link.h"
#include "swarm/queue.h"

#define AHEAD_RECORDS 1024 /* that may wait while it lives its past: more than are in flight */
#define BURST_US (10 * 60 * 1000000LL) /* of its past at once: others want to live too */
#define REACHED INT64_MAX
#define DRAIN_MS 100 /* between looks whether all before the cut is acknowledged */
#define LATE_US 2000000 /* a collector's word on the time is of no use to who lives in the past */

struct member {
	struct member_settings settings;
	struct life *life;
	struct fate *outlook; /* of the present, while it lives in the past; NULL: it does not */
	int64_t cut_us; /* the same: since when the collector cannot be reached; REACHED: it can */
	struct queue *queue;
	struct link *link;
	uv_timer_t timer;
	uint64_t held_back;
	unsigned rebinds;
	bool waits; /* for room in the queue */
	bool stopped;
};

static void on_timer(uv_timer_t *timer);

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t present_us(const struct member *member)
{
	return now_utc_us(member->settings.now);
}

/* ---- records */

static void on_record(void *arg, const struct record *record, int64_t lived_us)
{
	struct member *member = arg;

	if (queue_add(member->queue, record, lived_us) < 0)
		member->held_back++;
}

static int on_run(void *arg, const struct life_memory *memory, uint64_t nonce)
{
	struct member *member = arg;

	return queue_begin(member->queue, memory, nonce);
}

static void on_acked(void *arg, uint32_t run, uint32_t first, uint32_t last, uint64_t sum)
{
	struct member *member = arg;
	const struct receipt receipt = {
		member->settings.entry->subject.agent, run, first, last, sum};

	if (member->settings.receipts)
		receipts_add(member->settings.receipts, &receipt);
	if (member->waits && !member->stopped && queue_waiting(member->queue) < AHEAD_RECORDS / 2) {
		member->waits = false;
		uv_timer_start(&member->timer, on_timer, 1, 0);
	}
}

/* ---- the connection */

static uint64_t on_clock(void *arg, const uint8_t **ret_boot)
{
	const struct member *member = arg;

	*ret_boot = life_boot(member->life);
	return life_mono_us(member->life, present_us(member));
}

static void on_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	struct member *member = arg;

	if (!member->outlook && !member->stopped)
		life_told_time(member->life, answer, now_us);
}

/* ---- the past
 *
 * What it recorded while the collector was in reach has been delivered long ago, so it is delivered
 * first; who cannot reach the collector in the present keeps what came after.
 *
 *   past --------- reached ---------|cut ----- not reached ------ present
 *        delivered, acknowledged ^  ^ then held
 */

/* Walks from the beginning to the present. */
static int find_cut(struct member *member, int64_t now_us)
{
	struct condition condition;
	int64_t at_us = member->settings.life.from_us;
	int status = 0;

	member->cut_us = REACHED;
	for (; status == 0 && at_us <= now_us; at_us = condition.until_us) {
		status = fate_at(member->outlook, at_us, &condition);
		if (status == 0 && condition.collector)
			member->cut_us = REACHED;
		else if (status == 0 && member->cut_us == REACHED)
			member->cut_us = at_us;
	}
	return status;
}

/* The present goes on while it lives its past. */
static int look_out(struct member *member, int64_t now_us)
{
	struct condition condition;
	int status = fate_at(member->outlook, now_us, &condition);

	if (status == 0 && condition.collector)
		member->cut_us = REACHED;
	else if (status == 0 && member->cut_us == REACHED)
		member->cut_us = now_us;
	return status;
}

static bool is_at_cut(const struct member *member)
{
	return member->cut_us != REACHED && life_due(member->life) >= member->cut_us;
}

static int live_past(struct member *member, int64_t now_us)
{
	int64_t until_us = earlier(life_due(member->life) + BURST_US, now_us);
	int status = look_out(member, now_us);

	if (status < 0)
		return status;
	if (is_at_cut(member) && queue_waiting(member->queue) == 0)
		link_hold(member->link, true);
	else if (!is_at_cut(member))
		link_hold(member->link, false);
	if (link_is_held(member->link))
		return life_live(member->life, until_us);
	member->waits = is_at_cut(member) || queue_waiting(member->queue) >= AHEAD_RECORDS;
	if (member->waits)
		return 0;
	return life_live(member->life, earlier(until_us, member->cut_us));
}

/* From now on its condition is that of the present. */
static void arrive(struct member *member, int64_t now_us)
{
	if (member->waits || life_due(member->life) <= now_us - LATE_US)
		return;
	fate_free(member->outlook);
	member->outlook = NULL;
	member->rebinds = life_condition(member->life)->rebinds; /* those of the past are past */
}

/* ---- the present */

static int live_now(struct member *member, int64_t now_us)
{
	const struct condition *condition = life_condition(member->life);
	int status = life_live(member->life, now_us);

	link_hold(member->link, !condition->collector);
	if (condition->rebinds != member->rebinds)
		link_cut(member->link);
	member->rebinds = condition->rebinds;
	return status;
}

/* ---- time */

static void set_timer(struct member *member, int64_t now_us)
{
	int64_t wait_ms = (life_due(member->life) - now_us) / 1000 + 1;

	if (member->waits)
		wait_ms = DRAIN_MS; /* on_acked() may be earlier */
	else if (wait_ms > INT_MAX)
		wait_ms = INT_MAX;
	/* Never 0: what is read comes in between. */
	uv_timer_start(&member->timer, on_timer, wait_ms > 1 ? (uint64_t)wait_ms : 1, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct member *member = timer->data;
	int64_t now_us = present_us(member);
	int status = member->outlook ? live_past(member, now_us) : live_now(member, now_us);

	if (status < 0) {
		log_error("%s: its life ended: %s", member->settings.entry->folder,
			uv_strerror(status));
		return;
	}
	if (member->outlook)
		arrive(member, now_us);
	link_wake(member->link);
	set_timer(member, present_us(member));
}

/* ---- life */

static int open_tls(const char *folder, struct tls_context **ret_tls, struct err *err)
{
	char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
	const struct tls_settings tls = {.role = TLS_CLIENT,
		.ca_file = ca,
		.certificate_file = certificate,
		.key_file = key,
		.server_name = "pantau-collector"};

	snprintf(ca, sizeof(ca), "%s/ca.crt", folder);
	snprintf(certificate, sizeof(certificate), "%s/agent.crt", folder);
	snprintf(key, sizeof(key), "%s/agent.key", folder);
	return tls_context_new(&tls, ret_tls, err);
}

static int begin_life(struct member *member)
{
	const struct queue_events acks = {.arg = member, .acked = on_acked};
	struct life_settings life = member->settings.life;
	int status = queue_new(&acks, &member->queue);

	life.subject = &member->settings.entry->subject;
	life.events = (struct life_events){.arg = member, .record = on_record, .run = on_run};
	if (status == 0)
		status = fate_new(life.scenario, life.subject, life.start_us, &member->outlook);
	if (status == 0)
		status = find_cut(member, present_us(member));
	if (status == 0)
		status = life_new(&life, &member->life);
	return status;
}

static int begin_link(struct member *member, struct tls_context *tls)
{
	const struct link_settings link = {.loop = member->settings.loop,
		.tls = tls,
		.to = member->settings.to,
		.from = member->settings.from,
		.source = queue_source(member->queue),
		.arg = member,
		.clock = on_clock,
		.time = on_time};

	return link_new(&link, &member->link);
}

int member_new(const struct member_settings *settings, struct member **ret_member, struct err *err)
{
	struct member *member = calloc(1, sizeof(*member));
	const char *folder = settings->entry->folder;
	struct tls_context *tls;
	int status;

	if (!member)
		return err_errno(err, -ENOMEM, "%s", folder);
	member->settings = *settings;
	status = open_tls(folder, &tls, err);
	if (status < 0)
		goto free_member;
	status = begin_life(member);
	if (status == 0)
		status = begin_link(member, tls);
	if (status < 0) {
		err_errno(err, status, "%s", folder);
		goto free_tls;
	}
	uv_timer_init(settings->loop, &member->timer);
	member->timer.data = member;
	uv_timer_start(&member->timer, on_timer, 1, 0);
	*ret_member = member;
	return 0;
free_tls:
	tls_context_free(tls);
free_member:
	member_free(member);
	return status;
}

void member_stop(struct member *member, bool in_order)
{
	uv_timer_stop(&member->timer);
	member->stopped = true;
	if (in_order)
		life_stop(member->life, present_us(member));
	link_wake(member->link);
}

struct member_figures member_figures(const struct member *member)
{
	struct link_figures link = link_figures(member->link);

	return (struct member_figures){
		.slots = life_slots(member->life),
		.recorded = queue_added(member->queue),
		.acked = queue_acked(member->queue),
		.rejected = link.rejected,
		.sessions = link.sessions,
		.held_back = member->held_back,
		.held = link_is_held(member->link),
		.open = link.open,
		.live = !member->outlook,
	};
}

struct life_memory member_memory(const struct member *member)
{
	return queue_safe(member->queue);
}

void member_close(struct member *member)
{
	uv_close((uv_handle_t *)&member->timer, NULL);
	link_close(member->link);
}

void member_free(struct member *member)
{
	if (!member)
		return;
	life_free(member->life);
	fate_free(member->outlook);
	queue_free(member->queue);
	free(member);
}
