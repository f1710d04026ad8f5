/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/member.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "agent/core/anchors.h"
#include "agent/core/watch.h"
#include "common/clock.h"
#include "swarm/link.h"
#include "swarm/queue.h"

#define RTT_US 20000 /* invented round trips: 20 to 25 ms */
#define RTT_SPREAD_US 5000
#define PROBE_BYTES 64 /* invented traffic of the WAN, for each question */

struct member {
	uint32_t loss_percent, slot_ms, round_ms, run;
	uint64_t dark_until_us, unplugged_until_us;
	uint8_t boot[BOOT_BYTES];
	struct watch *watch;
	struct wan_reading reading; /* invented */
	struct anchors anchors;
	struct queue *queue;
	struct link *link;
	uv_timer_t timer;
	uint64_t held_back;
	struct record record; /* being built */
};

static void keep(struct member *member)
{
	if (queue_add(member->queue, &member->record) < 0)
		member->held_back++;
}

static void on_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	struct member *member = arg;
	struct anchor anchor;

	if (anchor_from_answer(answer, now_us, member->boot, &anchor) < 0 ||
		!anchors_offer(&member->anchors, &anchor))
		return;
	member->record.kind = RECORD_ANCHOR;
	member->record.anchor = anchor;
	keep(member);
}

/* ---- measuring what is not there */

static void answer_question(struct member *member, const struct question *question, uint64_t now_us)
{
	bool lost = (uint32_t)(rand() % 100) < member->loss_percent ||
		now_us < member->dark_until_us || now_us < member->unplugged_until_us;
	const struct answer answer = {
		.sent_us = now_us,
		.outcome = lost ? OUTCOME_LOST : OUTCOME_ANSWERED,
		.rtt_us = lost ? 0 : (uint32_t)(RTT_US + rand() % RTT_SPREAD_US),
	};

	member->reading.tx_bytes += PROBE_BYTES;
	member->reading.rx_bytes += lost ? 0 : PROBE_BYTES;
	watch_heard(member->watch, question, &answer);
}

static void record_slots(struct member *member)
{
	bool any = false;

	while (watch_take(member->watch, &member->record.slot)) {
		member->record.kind = RECORD_SLOT;
		keep(member);
		any = true;
	}
	if (any)
		link_wake(member->link);
}

static void look_at_cable(struct member *member, uint64_t now_us)
{
	bool up = now_us >= member->unplugged_until_us;

	if (up == (member->reading.carrier == CARRIER_UP))
		return;
	member->reading.carrier = up ? CARRIER_UP : CARRIER_DOWN;
	watch_event(member->watch, now_us, up ? EVENT_CARRIER_UP : EVENT_CARRIER_DOWN, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct member *member = timer->data;
	uint64_t now_us = clock_boot_us(), due_us;
	struct question question;

	look_at_cable(member, now_us);
	if (watch_turn_due(member->watch, now_us))
		watch_turn(member->watch, now_us, &member->reading);
	while (watch_next(member->watch, now_us, &question))
		answer_question(member, &question, now_us);
	record_slots(member);
	due_us = watch_due(member->watch);
	now_us = clock_boot_us();
	uv_timer_start(timer, on_timer, due_us > now_us ? (due_us - now_us) / 1000 + 1 : 0, 0);
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

/* A boot and a run: their ids, and the record that says so, still without its place in a queue. */
static int draw_start(struct member *member)
{
	struct start *start = &member->record.start;

	if (getrandom(member->boot, sizeof(member->boot), 0) < 0 ||
		getrandom(&start->nonce, sizeof(start->nonce), 0) < 0)
		return -errno;
	member->record.kind = RECORD_START;
	start->mono_us = clock_boot_us();
	memcpy(start->boot, member->boot, BOOT_BYTES);
	snprintf(start->software, sizeof(start->software), "pantau-swarm %s", PANTAU_VERSION);
	return 0;
}

static int begin_run(struct member *member)
{
	int status = draw_start(member);

	if (status == 0)
		status = queue_new(member->run, member->record.start.nonce, &member->queue);
	return status < 0 ? status : queue_add(member->queue, &member->record);
}

static int begin_watch(struct member *member)
{
	const struct target target = {
		.class = CLASS_INTERNET, .address = {.length = 4, .bytes = {192, 0, 2, 1}}};
	const struct watch_settings watch = {.wan = "wan",
		.boot = member->boot,
		.slot_ms = member->slot_ms,
		.round_ms = member->round_ms,
		.now_us = clock_boot_us(),
		.reading = &member->reading};
	int status = watch_new(&watch, &member->watch);

	if (status == 0)
		watch_set_targets(member->watch, &target, 1);
	return status;
}

int member_new(const struct member_settings *settings, struct member **ret_member, struct err *err)
{
	struct member *member = calloc(1, sizeof(*member));
	struct link_settings link = {.loop = settings->loop, .to = settings->to, .time = on_time};
	int status;

	if (!member)
		return err_errno(err, -ENOMEM, "%s", settings->folder);
	member->loss_percent = settings->loss_percent;
	member->slot_ms = settings->slot_ms;
	member->round_ms = settings->round_ms;
	member->run = settings->run;
	member->reading = (struct wan_reading){.interface = 1, .carrier = CARRIER_UP};
	anchors_init(&member->anchors);
	status = open_tls(settings->folder, &link.tls, err);
	if (status < 0)
		goto free_member;
	status = begin_run(member);
	if (status == 0)
		status = begin_watch(member);
	if (status == 0) {
		link.arg = member;
		link.boot = member->boot;
		link.source = queue_source(member->queue);
		status = link_new(&link, &member->link);
	}
	if (status < 0) {
		err_errno(err, status, "%s", settings->folder);
		goto free_tls;
	}
	uv_timer_init(settings->loop, &member->timer);
	member->timer.data = member;
	uv_timer_start(&member->timer, on_timer, 0, 0);
	*ret_member = member;
	return 0;
free_tls:
	tls_context_free(link.tls);
free_member:
	member_free(member);
	return status;
}

/* ---- trouble */

/* The power is back. Without memory for it the router stays dark. */
static void on_power(uv_timer_t *timer)
{
	struct member *member = timer->data;

	member->run++;
	anchors_init(&member->anchors);
	if (draw_start(member) < 0 || begin_watch(member) < 0)
		return;
	queue_begin_again(member->queue, member->run, member->record.start.nonce);
	keep(member);
	on_timer(timer);
}

static void cut_power(struct member *member, uint32_t for_ms)
{
	watch_free(member->watch);
	member->watch = NULL;
	queue_lose(member->queue);
	uv_timer_start(&member->timer, on_power, for_ms, 0);
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void member_suffer(struct member *member, const struct scene *scene)
{
	uint64_t until_us = clock_boot_us() + scene->for_ms * 1000ULL;

	switch (scene->trouble) {
	case TROUBLE_OUTAGE: member->dark_until_us = later(member->dark_until_us, until_us); break;
	case TROUBLE_CABLE:
		member->unplugged_until_us = later(member->unplugged_until_us, until_us);
		break;
	case TROUBLE_POWER: cut_power(member, scene->for_ms); break;
	case TROUBLE_OFFLINE:
	case TROUBLE_REBIND: break;
	}
	link_cut(member->link, scene->for_ms);
}

/* ---- the end */

void member_stop(struct member *member)
{
	uv_timer_stop(&member->timer);
	if (!member->watch)
		return; /* without power: it cannot say goodbye */
	watch_stop(member->watch, clock_boot_us(), &member->reading);
	record_slots(member);
	member->record.kind = RECORD_STOP;
	member->record.stop = (struct stop){.mono_us = clock_boot_us()};
	memcpy(member->record.stop.boot, member->boot, BOOT_BYTES);
	keep(member);
	link_wake(member->link);
}

struct member_figures member_figures(const struct member *member)
{
	struct link_figures link = link_figures(member->link);

	return (struct member_figures){
		.recorded = queue_added(member->queue),
		.acked = queue_acked(member->queue),
		.lost = queue_lost(member->queue),
		.rejected = link.rejected,
		.sessions = link.sessions,
		.held_back = member->held_back,
		.open = link.open,
	};
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
	watch_free(member->watch);
	queue_free(member->queue);
	free(member);
}
