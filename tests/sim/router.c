/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/router_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/fail.h"

#define S 1000000ULL
#define SLOT_MS 60000
#define ROUND_MS 10000
#define BOOT_US (20 * S) /* from power to the agent's start */
#define NTP_US (64 * S)
#define NTP_AFTER_US (90 * S) /* a router without a battery asks for a while */
#define OUT_BYTES (1U << 20)

/* ---- life and death of the agent */

static void begin_watch(struct router *router, uint64_t now_us)
{
	struct wan_reading reading = router_read_wan(router);
	struct watch_settings settings = {
		.wan = "wan",
		.boot = router->boot,
		.slot_ms = SLOT_MS,
		.round_ms = ROUND_MS,
		.now_us = router_mono(router, now_us),
		.reading = &reading,
	};

	if (watch_new(&settings, &router->watch) < 0)
		sim_fail(router->draw->seed, "watch_new");
	router_set_targets(router);
}

static void begin_run(struct router *router, uint64_t now_us)
{
	struct start *start = &router->record.start;
	uint64_t nonce = draw_bits(router->draw);

	if (spool_last_run(router->spool) > router->run)
		sim_fail(router->draw->seed, "the spool knows a later run");
	router->run++;
	router->sequence = 0;
	if (spool_begin(router->spool, router->run, nonce, router->boot) < 0)
		sim_fail(router->draw->seed, "spool_begin");
	memset(&router->record, 0, sizeof(router->record));
	router->record.kind = RECORD_START;
	memcpy(start->boot, router->boot, BOOT_BYTES);
	start->mono_us = router_mono(router, now_us);
	start->nonce = nonce;
	router_add(router);
}

static void start_agent(struct router *router, uint64_t now_us)
{
	char memory[4096];
	struct spool_settings settings = {
		.folder = router->settings.folder,
		.limit_bytes = router->settings.spool_bytes,
		.near_folder = memory,
	};
	struct err err;

	snprintf(memory, sizeof(memory), "%s/" DISK_MEMORY, router->settings.folder);
	if (spool_open(&settings, &router->spool, &err) < 0)
		sim_fail(router->draw->seed, "%s", err.text);
	anchors_init(&router->anchors);
	begin_run(router, now_us);
	begin_watch(router, now_us);
	router_talk_begin(router, now_us);
	router->answer_count = 0;
	router->ntp_us = router->settings.has_ntp ? router->booted_us + NTP_AFTER_US : ROUTER_NEVER;
	if (router->ntp_us < now_us)
		router->ntp_us = now_us;
	router_save(router, now_us);
	router->start_us = ROUTER_NEVER;
}

static void end_agent(struct router *router)
{
	if (router->connected)
		wire_cut(router->wire);
	router->connected = false;
	watch_free(router->watch);
	sender_free(router->sender);
	spool_close(router->spool);
	router->watch = NULL;
	router->sender = NULL;
	router->spool = NULL;
	router->start_us = ROUTER_NEVER;
}

/* What it wrote is in the page cache. */
static void kill_agent(struct router *router)
{
	disk_hear_syncs(false);
	end_agent(router);
	disk_hear_syncs(true);
}

/* As at SIGTERM: the last slot is cut, Stop is the last record, all of it is durable. */
static void stop_agent(struct router *router, uint64_t now_us)
{
	struct wan_reading reading;

	if (!router->watch) {
		end_agent(router);
		return;
	}
	reading = router_read_wan(router);
	watch_stop(router->watch, router_mono(router, now_us), &reading);
	router_take_slots(router);
	memset(&router->record, 0, sizeof(router->record));
	router->record.kind = RECORD_STOP;
	memcpy(router->record.stop.boot, router->boot, BOOT_BYTES);
	router->record.stop.mono_us = router_mono(router, now_us);
	router_add(router);
	router_save(router, now_us);
	end_agent(router);
}

struct router *router_new(const struct router_settings *settings,
	const struct router_events *events, const struct weather *weather, struct wire *wire,
	struct draw *draw)
{
	struct router *router = calloc(1, sizeof(*router));

	if (!router)
		sim_fail(draw->seed, "no memory");
	router->settings = *settings;
	router->events = *events;
	router->weather = weather;
	router->wire = wire;
	router->draw = draw;
	router->start_us = ROUTER_NEVER;
	buf_init(&router->out, OUT_BYTES);
	buf_init(&router->scratch, OUT_BYTES);
	return router;
}

void router_free(struct router *router)
{
	if (!router)
		return;
	end_agent(router);
	buf_done(&router->out);
	buf_done(&router->scratch);
	free(router);
}

void router_power_on(struct router *router, uint64_t now_us)
{
	uint64_t bits[2] = {draw_bits(router->draw), draw_bits(router->draw)};

	if (router->powered)
		return;
	memcpy(router->boot, bits, BOOT_BYTES);
	router->powered = true;
	router->booted_us = now_us;
	router->start_us = now_us + BOOT_US;
}

void router_power_cut(struct router *router, uint64_t now_us)
{
	if (!router->powered)
		return;
	if (router->watch)
		kill_agent(router);
	if (router->run)
		disk_cut_power(router->settings.folder, router->draw);
	router->start_us = ROUTER_NEVER;
	router->powered = false;
	router->power_cuts++;
}

void router_reboot(struct router *router, uint64_t now_us)
{
	if (!router->powered)
		return;
	stop_agent(router, now_us);
	router->powered = false;
	router_power_on(router, now_us);
}

void router_restart_agent(struct router *router, uint64_t now_us)
{
	if (!router->watch)
		return;
	stop_agent(router, now_us);
	router->start_us = now_us + draw_scale(router->draw, S, 300 * S);
}

void router_kill_agent(struct router *router, uint64_t now_us)
{
	if (!router->watch)
		return;
	kill_agent(router);
	router->start_us = now_us + draw_scale(router->draw, S, 300 * S);
}

void router_hang_up(struct router *router, uint64_t now_us)
{
	if (router->connected)
		router_end_session(router, now_us);
}

bool router_is_on(const struct router *router)
{
	return router->powered;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t router_due(const struct router *router)
{
	uint64_t due_us = router->start_us;
	size_t i;

	if (!router->watch)
		return due_us;
	due_us = earlier(router_true(router, watch_due(router->watch)), router_talk_due(router));
	due_us = earlier(due_us, earlier(router->sync_us, router->ntp_us));
	due_us = earlier(due_us, router_true(router, spool_due(router->spool)));
	for (i = 0; i < router->answer_count; i++)
		due_us = earlier(due_us, router->answers[i].due_us);
	return due_us;
}

static void measure(struct router *router, uint64_t now_us)
{
	struct wan_reading reading;
	struct question question;
	uint64_t mono_us = router_mono(router, now_us);

	router_hear_answers(router, now_us);
	while (watch_turn_due(router->watch, mono_us)) {
		reading = router_read_wan(router);
		watch_turn(router->watch, mono_us, &reading);
	}
	while (watch_next(router->watch, mono_us, &question))
		router_ask(router, &question, now_us);
	router_take_slots(router);
}

static void ask_ntp(struct router *router, uint64_t now_us)
{
	uint64_t mono_us = router_mono(router, now_us);
	struct clock_reading reading = {
		.before_us = mono_us,
		.after_us = mono_us + 10,
		.utc_us = router->settings.utc_at_zero_us + (int64_t)now_us,
		.error_us = draw_between(router->draw, 1000, 30000),
	};
	struct anchor anchor;

	router->ntp_us = now_us + NTP_US;
	if (router->weather->internet && anchor_from_clock(&reading, router->boot, &anchor) == 0)
		router_offer_anchor(router, &anchor);
}

void router_step(struct router *router, uint64_t now_us)
{
	if (!router->watch && now_us >= router->start_us)
		start_agent(router, now_us);
	if (!router->watch)
		return;
	measure(router, now_us);
	if (now_us >= router->ntp_us)
		ask_ntp(router, now_us);
	spool_turn(router->spool, router_mono(router, now_us));
	if (now_us >= router->sync_us)
		router_save(router, now_us);
	router_talk(router, now_us);
}

uint64_t router_waiting(const struct router *router)
{
	return router->spool ? spool_figures(router->spool).waiting : UINT64_MAX;
}
