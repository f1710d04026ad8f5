/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "swarm/life_private.h"

#define ANCHOR_AGAIN_US (20 * S_US)
#define ANCHOR_ERROR_US 2000
#define DNS_EVERY_US (1800 * S_US)
#define HTTP_EVERY_US (3600 * S_US)
#define SPEED_EVERY_US (6 * 3600 * S_US)

/* The next time that something is due every so often, each agent at times of its own. */
static int64_t next_of(const struct life *life, int64_t every_us, int64_t after_us)
{
	int64_t own_us = (int64_t)(life_draw(life, CHANCE_LINK, (uint64_t)every_us) %
		(uint64_t)every_us);

	return (after_us - own_us) / every_us * every_us + own_us + every_us;
}

void life_plan_samples(struct life *life)
{
	life->dns_us = next_of(life, DNS_EVERY_US, life->now_us);
	life->http_us = next_of(life, HTTP_EVERY_US, life->now_us);
	life->speed_us = next_of(life, SPEED_EVERY_US, life->now_us);
}

void life_ask(struct life *life)
{
	uint64_t mono_us = life_mono_us(life, life->now_us);
	struct question question;

	while (watch_next(life->watch, mono_us, &question)) {
		struct answer answer = {.sent_us = mono_us};

		invent_answer(&life->invent, &life->condition, &question, life->now_us, &answer);
		watch_heard(life->watch, &question, &answer);
	}
}

static void annotate(struct life *life, struct slot *slot)
{
	slot->facts.clients_plus_one = 1 + invent_clients(&life->invent, life->now_us);
	if (life->now_us < life->dns_us)
		return;
	invent_dns(&life->invent, &life->condition, life->now_us, slot);
	life->dns_us = next_of(life, DNS_EVERY_US, life->now_us);
}

void life_take_slots(struct life *life)
{
	struct slot *slot = &life->record.slot;

	while (watch_take(life->watch, slot)) {
		annotate(life, slot);
		life->lived_us = life_utc_us(life, slot->start_us + slot->length_ms * 1000ULL);
		life->slots++;
		life_keep(life, RECORD_SLOT);
	}
}

void life_look_at_clock(struct life *life)
{
	const struct clock_reading reading = {.before_us = life_mono_us(life, life->now_us),
		.after_us = life_mono_us(life, life->now_us),
		.utc_us = life->now_us,
		.error_us = ANCHOR_ERROR_US};
	struct anchor anchor;

	if (life->now_us < life->anchor_us)
		return;
	life->anchor_us = life->now_us + ANCHOR_AGAIN_US;
	if (!life->condition.told_time || life->condition.reach < REACH_ALL ||
		anchor_from_clock(&reading, life->boot, &anchor) < 0)
		return;
	life->anchor_us = life->now_us + (int64_t)ANCHORS_EVERY_US;
	if (!anchors_offer(&life->anchors, &anchor))
		return;
	life->record.anchor = anchor;
	life_keep(life, RECORD_ANCHOR);
}

static void sample_speed(struct life *life)
{
	struct speed *speed = &life->record.speed;

	if (life->now_us < life->speed_us)
		return;
	life->speed_us = next_of(life, SPEED_EVERY_US, life->now_us);
	*speed = (struct speed){.start_us = life_mono_us(life, life->now_us), .wan = "wan"};
	memcpy(speed->boot, life->boot, BOOT_BYTES);
	invent_speed(&life->invent, &life->condition, life->now_us, speed);
	life_keep(life, RECORD_SPEED);
}

static void sample_http(struct life *life)
{
	struct http *http = &life->record.http;

	if (life->now_us < life->http_us)
		return;
	life->http_us = next_of(life, HTTP_EVERY_US, life->now_us);
	*http = (struct http){.start_us = life_mono_us(life, life->now_us), .wan = "wan"};
	memcpy(http->boot, life->boot, BOOT_BYTES);
	invent_http(&life->invent, &life->condition, life->now_us, http);
	life_keep(life, RECORD_HTTP);
}

void life_sample(struct life *life)
{
	sample_speed(life);
	sample_http(life);
}
