/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/minute.h"

#include <string.h>

#define ROUND_MS 10000
#define FOLLOW_MS 3000
#define TCP_MS 6000
#define TCP_PORT 443
#define PPM 1000000
#define OWN_PACKETS 40 /* the agent's own a minute: probes, a report, its ACK */
#define OWN_BYTES 3500

static struct address make_address(uint8_t a, uint8_t b, uint32_t number)
{
	return (struct address){4, {a, b, (uint8_t)(number >> 8), (uint8_t)number}};
}

static void set_target(struct minute *minute, int place, enum target_class class, uint32_t rtt_us)
{
	minute->targets[place].class = class;
	minute->rtt_us[place] = rtt_us;
}

void minute_init(struct minute *minute, const struct nature *nature, uint32_t number, uint64_t seed)
{
	const struct profile *profile;
	uint32_t rtt_us;

	memset(minute, 0, sizeof(*minute));
	minute->nature = nature;
	draw_init(&minute->draw, seed);
	minute->profile = profile_draw(&minute->draw);
	profile = profile_at(minute->profile);
	rtt_us = (uint32_t)draw_between(&minute->draw, profile->rtt_low_us, profile->rtt_high_us);
	for (int i = 0; i < MINUTE_GATEWAY; i++) {
		set_target(minute, i, CLASS_INTERNET,
			rtt_us + (uint32_t)draw_between(&minute->draw, 0, 15000));
		minute->targets[i].address = make_address(203, 0, 113 * 256U + (uint32_t)i);
	}
	minute->targets[MINUTE_INTERNET].port = TCP_PORT;
	set_target(minute, MINUTE_GATEWAY, CLASS_GATEWAY,
		(uint32_t)draw_between(&minute->draw, 300, 2000));
	set_target(minute, MINUTE_EDGE, CLASS_EDGE, rtt_us / 3);
	set_target(minute, MINUTE_PROVIDER, CLASS_PROVIDER, rtt_us / 2);
	minute->targets[MINUTE_GATEWAY].address = make_address(100, 64, number);
	minute->targets[MINUTE_EDGE].address = make_address(100, 65, number / 200);
	minute->targets[MINUTE_PROVIDER].address = make_address(100, 66, 53);
	minute->users_bytes = draw_scale(&minute->draw, 200000, 20000000);
	minute_move(minute);
}

void minute_move(struct minute *minute)
{
	minute->address = make_address(
		100, 70, (uint32_t)draw_between(&minute->draw, 0, UINT16_MAX));
}

/* ---- probes */

static struct probe *add_probe(struct slot *slot, unsigned round, int target, uint32_t offset_ms)
{
	struct probe *probe = &slot->probes[slot->probe_count++];

	*probe = (struct probe){
		.offset_ms = offset_ms,
		.round = (uint16_t)round,
		.target = (uint8_t)target,
		.kind = PROBE_ICMP,
		.outcome = OUTCOME_LOST,
	};
	return probe;
}

static void answer(struct minute *minute, struct probe *probe)
{
	uint64_t rtt_us = factors_scale(&minute->nature->rtt[minute->profile], &minute->draw,
		minute->rtt_us[probe->target]);

	if (rtt_us > RTT_MAX_US)
		return;
	probe->outcome = OUTCOME_ANSWERED;
	probe->rtt_us = (uint32_t)rtt_us;
}

/* Whether one so far out can be reached at all. */
static bool reaches(const struct weather *weather, int target)
{
	static const int broken_from[DOWN_CAUSE_COUNT] = {
		[DOWN_LOCAL] = MINUTE_GATEWAY,
		[DOWN_CPE] = MINUTE_GATEWAY,
		[DOWN_ACCESS] = MINUTE_EDGE,
		[DOWN_PROVIDER] = MINUTE_PROVIDER,
		[DOWN_UPSTREAM] = MINUTE_TARGETS,
	};

	if (!weather->down)
		return true;
	return target >= MINUTE_GATEWAY && target < broken_from[weather->cause];
}

static bool ask(struct minute *minute, const struct weather *weather, struct probe *probe)
{
	if (weather->down && weather->cause == DOWN_LOCAL) {
		probe->outcome = OUTCOME_REFUSED;
		probe->refusal = REFUSAL_CARRIER;
		return false;
	}
	if (!reaches(weather, probe->target))
		return false;
	/* what is near is seldom lost */
	if (probe->target == MINUTE_GATEWAY || draw_bits(&minute->draw) % PPM >= weather->loss_ppm)
		answer(minute, probe);
	return probe->outcome == OUTCOME_ANSWERED;
}

/* A process is woken a little late. */
static uint32_t draw_late_ms(struct minute *minute)
{
	uint64_t bits = draw_bits(&minute->draw) % 64;

	return bits < 44 ? 0 : bits < 62 ? 1 : (uint32_t)bits - 60;
}

static void follow_up(struct minute *minute, const struct weather *weather, struct slot *slot,
	const struct probe *first)
{
	uint32_t offset_ms = first->offset_ms + FOLLOW_MS;
	unsigned round = first->round;
	int asked = first->target;
	bool answered = false;
	struct probe *probe;

	for (int i = 0; i < MINUTE_TARGETS; i++) {
		if (i == asked)
			continue;
		probe = add_probe(slot, round, i, offset_ms);
		probe->follow_up = true;
		if (ask(minute, weather, probe) && i < MINUTE_GATEWAY)
			answered = true;
	}
	if (answered)
		return;
	probe = add_probe(slot, round, MINUTE_INTERNET, offset_ms + TCP_MS - FOLLOW_MS);
	probe->follow_up = true;
	probe->kind = PROBE_TCP;
	ask(minute, weather, probe);
}

static void fill_round(
	struct minute *minute, const struct weather *weather, struct slot *slot, unsigned round)
{
	uint32_t offset_ms = round * ROUND_MS + draw_late_ms(minute);
	struct probe *first = add_probe(slot, round, (int)round % MINUTE_GATEWAY, offset_ms);
	bool answered = ask(minute, weather, first);

	for (int i = MINUTE_GATEWAY; round == 0 && i < MINUTE_TARGETS; i++)
		ask(minute, weather, add_probe(slot, round, i, offset_ms));
	if (!answered)
		follow_up(minute, weather, slot, first);
}

/* ---- the WAN */

static void fill_facts(
	struct minute *minute, const struct weather *weather, struct wan_facts *facts)
{
	int64_t hour = (weather->from_s / 3600 + 8) % 24; /* WITA */
	bool local = weather->down && weather->cause == DOWN_LOCAL;
	uint64_t users = 0;

	if (!weather->down)
		users = factors_scale(&minute->nature->traffic, &minute->draw,
			hour >= 7 && hour < 23 ? minute->users_bytes : minute->users_bytes / 200);
	memset(facts, 0, sizeof(*facts));
	facts->carrier = local ? CARRIER_DOWN : CARRIER_UP;
	facts->gateway = weather->down && weather->cause <= DOWN_CPE ? NEIGHBOUR_FAILED
								     : NEIGHBOUR_RESOLVED;
	facts->address = minute->address;
	if (local)
		return;
	facts->rx_bytes = users + OWN_BYTES + draw_between(&minute->draw, 0, 400);
	facts->rx_packets = OWN_PACKETS + users / draw_between(&minute->draw, 700, 1200);
	facts->tx_packets = facts->rx_packets * draw_between(&minute->draw, 50, 75) / 100;
	facts->tx_bytes = facts->tx_packets * draw_between(&minute->draw, 90, 250);
}

void minute_fill(struct minute *minute, const struct weather *weather, struct slot *slot)
{
	slot->rounds_due = (uint16_t)((slot->length_ms + ROUND_MS - 1) / ROUND_MS);
	slot->target_count = MINUTE_TARGETS;
	slot->probe_count = slot->event_count = 0;
	memcpy(slot->targets, minute->targets, sizeof(minute->targets));
	for (unsigned round = 0; round < slot->rounds_due; round++)
		fill_round(minute, weather, slot, round);
	fill_facts(minute, weather, &slot->facts);
}
