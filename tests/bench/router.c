/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/router.h"

#include <stdio.h>
#include <string.h>

#define SECOND_US 1000000ULL
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (3600 * SECOND_US)
#define START_US (31 * SECOND_US) /* from power to the agent's first record */
#define ROUND_OVER_S 9 /* a slot is told when its last round is over */
#define RETRY_S 30 /* from the end of an outage to the next session */
#define SHORTEST_US (SLOT_LENGTH_MIN_MS * 1000ULL)

static int64_t utc_s(const struct router *router, uint64_t mono_us)
{
	return (router->booted_us + (int64_t)mono_us) / (int64_t)SECOND_US;
}

static uint64_t mono_us(const struct router *router, int64_t at_s)
{
	int64_t us = at_s * (int64_t)SECOND_US - router->booted_us;

	return us > 0 ? (uint64_t)us : 0;
}

void router_init(struct router *router, const struct router_plan *plan)
{
	struct draw draw;
	uint64_t seeds[2];

	draw_init(&draw, plan->seed ^ (uint64_t)plan->agent << 32);
	for (int i = 0; i < 2; i++)
		seeds[i] = draw_bits(&draw);
	memset(router, 0, sizeof(*router));
	router->plan = *plan;
	minute_init(&router->minute, plan->nature, plan->agent, seeds[0]);
	trouble_init(&router->trouble, profile_at(router->minute.profile)->outages, seeds[1],
		plan->from_s);
	router->reboots = true;
	router->booted_us = (plan->from_s - (int64_t)(draw_bits(&draw) % 60)) * (int64_t)SECOND_US;
}

/* ---- when the collector gets it */

static int64_t arrival(const struct router *router, int64_t made_s)
{
	const struct router_plan *plan = &router->plan;
	const struct spell *outage = &router->trouble.outage;
	int64_t at_s = made_s;

	if (spell_covers(outage, at_s))
		at_s = outage->to_s + RETRY_S;
	/* each at a second of its own */
	at_s += plan->report_s - 1 - (at_s + plan->agent * 7) % plan->report_s;
	return at_s;
}

static void say(struct router *router, int64_t from_s, int64_t made_s, struct router_told *ret_told)
{
	router->key.sequence++;
	*ret_told = (struct router_told){
		.key = router->key,
		.nonce = router->nonce,
		.from_s = from_s,
		.arrives_s = arrival(router, made_s),
	};
}

static void say_at(struct router *router, uint64_t at_us, struct router_told *ret_told)
{
	say(router, utc_s(router, at_us), utc_s(router, at_us), ret_told);
}

/* ---- records */

static void begin_boot(struct router *router)
{
	struct draw *draw = &router->minute.draw;
	uint64_t id[2] = {draw_bits(draw), draw_bits(draw)};

	memcpy(router->boot, id, sizeof(router->boot));
	router->at_us = START_US + draw_bits(draw) % SECOND_US / 1000 * 1000;
	router->anchor_us = router->at_us;
	minute_move(&router->minute);
}

static void make_start(struct router *router, struct record *record, struct router_told *ret_told)
{
	if (router->reboots)
		begin_boot(router);
	router->key = (struct record_key){router->key.run + 1, 0};
	router->nonce = draw_bits(&router->minute.draw);
	record->kind = RECORD_START;
	memset(&record->start, 0, sizeof(record->start));
	memcpy(record->start.boot, router->boot, BOOT_BYTES);
	record->start.mono_us = router->at_us;
	record->start.nonce = router->nonce;
	snprintf(record->start.software, sizeof(record->start.software), "pantau-agent 0.1.0");
	router->stage = ROUTER_STARTED;
	say_at(router, router->at_us, ret_told);
}

static void make_anchor(struct router *router, struct record *record, struct router_told *ret_told)
{
	struct draw *draw = &router->minute.draw;
	int64_t error_us = (int64_t)draw_between(draw, 1000, 20000);

	record->kind = RECORD_ANCHOR;
	memset(&record->anchor, 0, sizeof(record->anchor));
	memcpy(record->anchor.boot, router->boot, BOOT_BYTES);
	record->anchor.mono_us = router->at_us;
	record->anchor.utc_us = router->booted_us + (int64_t)router->at_us +
		(int64_t)draw_between(draw, 0, (uint64_t)error_us) - error_us / 2;
	record->anchor.error_us = (uint64_t)error_us;
	record->anchor.source = ANCHOR_NTP;
	router->anchor_us += HOUR_US;
	router->stage = ROUTER_SLOTS;
	say_at(router, router->at_us, ret_told);
}

/* Back when the darkness at hand is over. */
static void go_dark(struct router *router)
{
	const struct spell *dark = &router->trouble.dark;

	router->reboots = dark->dark != DARK_AGENT;
	if (router->reboots) {
		router->booted_us = dark->to_s * (int64_t)SECOND_US +
			(int64_t)(draw_bits(&router->minute.draw) % SECOND_US);
		router->at_us = 0;
	} else {
		router->at_us = mono_us(router, dark->to_s) / 1000 * 1000;
	}
	trouble_end_dark(&router->trouble);
	router->stage = ROUTER_DARK;
}

static void make_stop(struct router *router, struct record *record, struct router_told *ret_told)
{
	record->kind = RECORD_STOP;
	memset(&record->stop, 0, sizeof(record->stop));
	memcpy(record->stop.boot, router->boot, BOOT_BYTES);
	record->stop.mono_us = router->at_us;
	say_at(router, router->at_us, ret_told);
	go_dark(router);
}

static void make_slot(
	struct router *router, uint64_t end_us, struct record *record, struct router_told *ret_told)
{
	struct slot *slot = &record->slot;
	struct weather weather = {.from_s = utc_s(router, router->at_us)};
	const struct trouble *trouble = &router->trouble;

	trouble_pass(&router->trouble, weather.from_s);
	weather.down = spell_covers(&trouble->outage, weather.from_s);
	weather.cause = trouble->outage.cause;
	weather.loss_ppm = spell_covers(&trouble->lossy, weather.from_s)
		? trouble->lossy.loss_ppm
		: profile_at(router->minute.profile)->loss_ppm;
	record->kind = RECORD_SLOT;
	memcpy(slot->boot, router->boot, BOOT_BYTES);
	slot->start_us = router->at_us;
	slot->length_ms = (uint32_t)((end_us - router->at_us) / 1000);
	snprintf(slot->wan, sizeof(slot->wan), "wan");
	minute_fill(&router->minute, &weather, slot);
	router->at_us = end_us;
	say(router, weather.from_s, utc_s(router, end_us) + ROUND_OVER_S, ret_told);
}

/* A slot up to the next whole minute, cut by a clean stop; lost with the power. */
static void go_on(struct router *router, struct record *record, struct router_told *ret_told)
{
	const struct spell *dark = &router->trouble.dark;
	uint64_t end_us = router->at_us - router->at_us % MINUTE_US + MINUTE_US;
	uint64_t dark_us = mono_us(router, dark->from_s) / 1000 * 1000;

	if (end_us - router->at_us < SHORTEST_US) {
		router->at_us = end_us;
		end_us += MINUTE_US;
	}
	if (dark_us > end_us)
		make_slot(router, end_us, record, ret_told);
	else if (dark->dark == DARK_POWER)
		go_dark(router);
	else if (dark_us >= router->at_us + SHORTEST_US)
		make_slot(router, dark_us, record, ret_told);
	else
		make_stop(router, record, ret_told);
}

bool router_next(struct router *router, struct record *ret_record, struct router_told *ret_told)
{
	uint32_t before;

	for (;;) {
		if (utc_s(router, router->at_us) >= router->plan.to_s)
			return false;
		before = router->key.sequence;
		if (router->stage == ROUTER_DARK)
			make_start(router, ret_record, ret_told);
		else if (router->stage == ROUTER_STARTED || router->at_us >= router->anchor_us)
			make_anchor(router, ret_record, ret_told);
		else
			go_on(router, ret_record, ret_told);
		if (router->stage != ROUTER_DARK || router->key.sequence != before)
			return true;
	}
}
