/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/village.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_US 1000ULL
#define S_US 1000000ULL
#define ROUNDS 6
#define ROUND_MS 10000
#define OVER_US (9 * S_US) /* a slot is told when its last round is over */
#define FLAP_ROUNDS 2 /* up for so many rounds, down for as many */
#define NEAR_EVERY 10 /* minutes: gateway, edge and resolvers are asked too */
#define SIGNAL_EVERY 5
#define DNS_EVERY 30
#define ANCHOR_EVERY 60
#define HTTP_EVERY 60
#define SPEED_EVERY 360

enum { INTERNET, INTERNETS = 3, TCP = 3, GATEWAY, EDGE, RESOLVER, TARGETS = 8 };

struct village *village_new(uint64_t seed)
{
	struct village *village = calloc(1, sizeof(*village));
	uint64_t boot[2];

	if (!village)
		return NULL;
	draw_init(&village->draw, seed);
	for (int i = 0; i < 2; i++)
		boot[i] = draw_bits(&village->draw);
	memcpy(village->boot, boot, BOOT_BYTES);
	for (int i = 0; i < TARGETS; i++)
		village->rtt_us[i] = (uint32_t)draw_between(&village->draw, 20000, 60000) /
			(i < GATEWAY                   ? 1
					: i == GATEWAY ? 30
						       : 3);
	return village;
}

void village_free(struct village *village)
{
	free(village);
}

/* ---- probes */

static void set_targets(struct slot *slot)
{
	static const uint8_t classes[TARGETS] = {CLASS_INTERNET, CLASS_INTERNET, CLASS_INTERNET,
		CLASS_INTERNET, CLASS_GATEWAY, CLASS_EDGE, CLASS_PROVIDER, CLASS_PROVIDER};
	static const uint8_t addresses[TARGETS][4] = {{1, 1, 1, 1}, {8, 8, 8, 8}, {9, 9, 9, 9},
		{1, 1, 1, 1}, {10, 20, 30, 1}, {100, 64, 7, 1}, {100, 64, 0, 53}, {100, 64, 1, 53}};

	slot->target_count = TARGETS;
	for (int i = 0; i < TARGETS; i++) {
		slot->targets[i].class = classes[i];
		slot->targets[i].address.length = 4;
		memcpy(slot->targets[i].address.bytes, addresses[i], 4);
	}
	slot->targets[TCP].port = 443;
}

/* Mostly a little above the usual, now and then far above. */
static uint32_t draw_rtt(struct village *village, int target)
{
	uint32_t usual = village->rtt_us[target];

	return usual + (uint32_t)draw_scale(&village->draw, 1, usual);
}

/* A process is woken a little late; then it asks all that is due. */
static uint32_t draw_late_ms(struct village *village)
{
	uint64_t bits = draw_bits(&village->draw) % 64;

	return bits < 44 ? 0 : bits < 62 ? 1 : (uint32_t)bits - 60;
}

static void ask(struct village *village, unsigned round, int target, bool answers)
{
	struct slot *slot = &village->record.slot;
	struct probe *probe = &slot->probes[slot->probe_count++];

	*probe = (struct probe){
		.offset_ms = round * ROUND_MS + village->late_ms,
		.round = (uint16_t)round,
		.target = (uint8_t)target,
		.kind = target == TCP ? PROBE_TCP : PROBE_ICMP,
		.outcome = answers ? OUTCOME_ANSWERED : OUTCOME_LOST,
		.rtt_us = answers ? draw_rtt(village, target) : 0,
	};
}

static void follow_up(struct village *village, unsigned round, int asked)
{
	struct slot *slot = &village->record.slot;
	unsigned first = slot->probe_count;

	village->late_ms = draw_late_ms(village);
	for (int i = 0; i < TARGETS; i++)
		if (i != asked && i != TCP)
			ask(village, round, i, i == GATEWAY);
	village->late_ms = draw_late_ms(village);
	ask(village, round, TCP, false);
	for (unsigned i = first; i < slot->probe_count; i++) {
		slot->probes[i].follow_up = true;
		slot->probes[i].offset_ms += slot->probes[i].kind == PROBE_TCP ? 6000 : 3000;
	}
}

static void fill_rounds(struct village *village, uint32_t number, enum village_link link)
{
	village->record.slot.rounds_due = ROUNDS;
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool down = link == VILLAGE_DOWN ||
			(link == VILLAGE_FLAPS && round / FLAP_ROUNDS % 2 == number % 2);

		village->late_ms = draw_late_ms(village);
		ask(village, round, (int)round % INTERNETS, !down);
		if (round == 0 && number % NEAR_EVERY == 0)
			for (int i = GATEWAY; i < TARGETS; i++)
				ask(village, round, i, !down || i == GATEWAY);
		if (down)
			follow_up(village, round, (int)round % INTERNETS);
	}
}

/* ---- the rest of a slot */

static void add_dns(struct village *village, bool down)
{
	struct slot *slot = &village->record.slot;

	for (int i = 0; i < 4; i++) {
		struct dns *dns = &slot->dns[slot->dns_count++];

		dns->offset_ms = 20000 + (uint32_t)i;
		dns->resolver = slot->targets[RESOLVER + i / 2].address;
		dns->question = i % 2 ? DNS_ABSENT : DNS_PRESENT;
		dns->outcome = down ? DNS_TIMEOUT : i % 2 ? DNS_NXDOMAIN : DNS_ANSWERED;
		dns->rtt_us = down ? 0 : draw_rtt(village, RESOLVER);
	}
}

static void add_flaps(struct village *village)
{
	struct slot *slot = &village->record.slot;

	for (uint32_t i = 0; i < 3; i++)
		slot->events[slot->event_count++] = (struct event){
			.kind = i % 2 ? EVENT_CARRIER_UP : EVENT_CARRIER_DOWN,
			.offset_ms = i * 20000 + (uint32_t)draw_between(&village->draw, 0, 999)};
}

static void fill_facts(struct village *village, bool down)
{
	struct wan_facts *facts = &village->record.slot.facts;
	struct draw *draw = &village->draw;

	*facts = (struct wan_facts){.carrier = CARRIER_UP,
		.gateway = NEIGHBOUR_RESOLVED,
		.address = {.length = 4, .bytes = {10, 20, 30, 40}},
		.clients_plus_one = 1 + (uint32_t)draw_between(draw, 4, 18)};
	if (down)
		return;
	facts->rx_bytes = draw_scale(draw, 4000, 40000000);
	facts->rx_packets = 40 + facts->rx_bytes / draw_between(draw, 700, 1200);
	facts->tx_packets = facts->rx_packets * draw_between(draw, 50, 75) / 100;
	facts->tx_bytes = facts->tx_packets * draw_between(draw, 90, 250);
}

/* ---- records */

static void *begin(struct village *village, enum record_kind kind)
{
	memset(&village->record, 0, sizeof(village->record));
	village->record.kind = kind;
	memcpy(village->record.slot.boot, village->boot, BOOT_BYTES); /* the first of each kind */
	return &village->record.slot;
}

static void tell(struct village *village, const struct village_ear *ear, uint64_t at_us)
{
	ear->hear(ear->arg, &village->record, at_us);
}

static void tell_slot(struct village *village, uint32_t number, enum village_link link,
	const struct village_ear *ear)
{
	struct slot *slot = begin(village, RECORD_SLOT);

	slot->start_us = number * VILLAGE_MINUTE_US;
	slot->length_ms = 60000;
	snprintf(slot->wan, sizeof(slot->wan), "wan");
	set_targets(slot);
	fill_rounds(village, number, link);
	if (number % DNS_EVERY == 0)
		add_dns(village, link == VILLAGE_DOWN);
	if (link == VILLAGE_FLAPS)
		add_flaps(village);
	slot->stamp.sent = ROUNDS;
	slot->stamp.lost_out = link == VILLAGE_DOWN ? ROUNDS : 0;
	fill_facts(village, link == VILLAGE_DOWN);
	tell(village, ear, (number + 1) * VILLAGE_MINUTE_US + OVER_US);
}

static void tell_anchor(struct village *village, uint64_t at_us, const struct village_ear *ear)
{
	struct anchor *anchor = begin(village, RECORD_ANCHOR);

	anchor->mono_us = at_us;
	anchor->utc_us = 1774972800000000LL + (int64_t)at_us +
		(int64_t)draw_bits(&village->draw) % 20000;
	anchor->error_us = draw_between(&village->draw, 1000, 20000);
	anchor->source = ANCHOR_NTP;
	tell(village, ear, at_us);
}

static void tell_page(
	struct village *village, uint64_t at_us, bool down, const struct village_ear *ear)
{
	struct http *http = begin(village, RECORD_HTTP);

	http->start_us = at_us;
	snprintf(http->wan, sizeof(http->wan), "wan");
	snprintf(http->url, sizeof(http->url), "https://www.example.com/generate_204");
	http->outcome = down ? HTTP_NAME : HTTP_DONE;
	http->total_us = 5000000;
	if (!down) {
		http->status = 204;
		http->address = (struct address){.length = 4, .bytes = {93, 184, 216, 34}};
		http->port = 443;
		http->name_us = draw_rtt(village, RESOLVER);
		http->connect_us = draw_rtt(village, INTERNET);
		http->tls_us = 2 * draw_rtt(village, INTERNET);
		http->first_byte_us = draw_rtt(village, INTERNET);
		http->total_us = http->name_us + http->connect_us + http->tls_us +
			http->first_byte_us;
	}
	tell(village, ear, at_us + http->total_us);
}

static void tell_speed(struct village *village, uint64_t at_us, const struct village_ear *ear)
{
	struct speed *speed = begin(village, RECORD_SPEED);

	speed->start_us = at_us;
	snprintf(speed->wan, sizeof(speed->wan), "wan");
	snprintf(speed->server, sizeof(speed->server), "https://speed.example.id/");
	speed->outcome = SPEED_DONE;
	speed->address = (struct address){.length = 4, .bytes = {103, 1, 2, 3}};
	speed->port = 443;
	speed->down = (struct speed_run){
		.kbps = (uint32_t)draw_between(&village->draw, 8000, 20000),
		.duration_ms = 2100,
		.bytes = draw_between(&village->draw, 1000000, 4000000),
		.rtt_us = draw_rtt(village, INTERNET)};
	speed->up = speed->down;
	tell(village, ear, at_us + 5 * S_US);
}

static void add_text(struct observation *observation, const char *key, const char *value)
{
	struct observation_item *item = &observation->items[observation->item_count++];

	snprintf(item->key, sizeof(item->key), "%s", key);
	snprintf(item->value, sizeof(item->value), "%s", value);
}

static void add_drawn(struct village *village, const char *key, int low, int high)
{
	struct observation *observation = &village->record.observation;
	int value = low + (int)draw_between(&village->draw, 0, (uint64_t)(high - low));
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	add_text(observation, key, text);
}

static void tell_signal(struct village *village, uint64_t at_us, const struct village_ear *ear)
{
	struct observation *observation = begin(village, RECORD_OBSERVATION);

	observation->mono_us = at_us;
	snprintf(observation->source, sizeof(observation->source), "modem");
	add_text(observation, "registration", "home");
	add_text(observation, "operator", "51010");
	add_text(observation, "technology", "lte");
	add_text(observation, "band", "B3");
	add_text(observation, "cell", "70412801");
	add_drawn(village, "rsrp_dbm", -104, -88);
	add_drawn(village, "rsrq_db", -15, -8);
	add_drawn(village, "sinr_db", 0, 18);
	add_drawn(village, "temperature_c", 41, 55);
	add_drawn(village, "battery_mv", 12100, 13400);
	tell(village, ear, at_us);
}

void village_start(struct village *village, const struct village_ear *ear)
{
	struct start *start = begin(village, RECORD_START);

	start->mono_us = 31 * S_US;
	start->nonce = draw_bits(&village->draw);
	snprintf(start->software, sizeof(start->software), "pantau-agent 0.1.0");
	tell(village, ear, start->mono_us);
}

void village_live(struct village *village, uint32_t number, enum village_link link,
	const struct village_ear *ear)
{
	uint64_t at_us = (number + 1) * VILLAGE_MINUTE_US;

	if (number % ANCHOR_EVERY == 0)
		tell_anchor(village, at_us + 10 * MS_US, ear);
	if (number % SIGNAL_EVERY == 0)
		tell_signal(village, at_us + S_US, ear);
	if (number % HTTP_EVERY == 7)
		tell_page(village, at_us + 2 * S_US, link == VILLAGE_DOWN, ear);
	if (number % SPEED_EVERY == 11 && link == VILLAGE_UP)
		tell_speed(village, at_us + 3 * S_US, ear);
	tell_slot(village, number, link, ear);
}
