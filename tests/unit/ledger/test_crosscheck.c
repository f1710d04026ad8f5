/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An agent's word against the collector's own eyes. Honest worlds of many seeds raise no flag:
 * failover, NAT, clocks that are wrong by as much as is placed, links that come and go, records
 * that wait for hours. Each cheat is seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/crosscheck.h"

#define DAY 86400
#define BEGIN 1767196800 /* any */
#define SEEDS 400
#define ROUND 10
#define SLOT 60

static uint64_t dice;

static uint32_t draw(uint32_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (uint32_t)(dice >> 20) % below;
}

enum state { UP, NO_CARRIER, NO_GATEWAY, NO_INTERNET };

struct world { /* one day of one link */
	uint8_t state[DAY + 1]; /* by second */
	bool other; /* another WAN is there, by which the session goes while this one is down */
	bool cut[DAY + 1]; /* the collector cannot be reached from here, whatever else can */
	int32_t clock_s; /* the router's error */
	uint32_t rtt_us, queue_us; /* of the way; what waits in it at times */
};

static void spoil(struct world *world, enum state state, uint32_t most_s)
{
	uint32_t from = draw(DAY), length = 1 + draw(most_s);

	for (uint32_t i = from; i < from + length && i < DAY; i++)
		world->state[i] = (uint8_t)state;
}

static void make_world(struct world *world, uint64_t seed)
{
	memset(world, 0, sizeof(*world));
	dice = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	world->other = draw(2);
	world->clock_s = (int32_t)draw(21) - 10;
	world->rtt_us = 5000 + draw(600000);
	world->queue_us = draw(300000);
	for (uint32_t i = draw(12); i > 0; i--)
		spoil(world, (enum state)(1 + draw(3)), draw(3) ? 200 : 20000);
	for (uint32_t i = draw(3); i > 0; i--) { /* comes and goes every few seconds */
		uint32_t from = draw(DAY - 2000), step = 2 + draw(20);
		for (uint32_t s = from; s < from + 1500; s++)
			world->state[s] = (s / step) % 2 ? NO_CARRIER : UP;
	}
	for (uint32_t i = draw(3); i > 0; i--) {
		uint32_t from = draw(DAY), length = draw(1800);
		for (uint32_t s = from; s < from + length && s < DAY; s++)
			world->cut[s] = true;
	}
}

/* By which WAN a session stands at that second: 1 this one, 2 the other, 0 none. */
static int session_by(const struct world *world, uint32_t second)
{
	if (second >= DAY)
		return 1;
	if (world->cut[second])
		return 0;
	if (world->state[second] == UP)
		return 1;
	return world->other ? 2 : 0;
}

/* The moment at which what is ready at `second` comes, and by which WAN. */
static uint32_t arrives(const struct world *world, uint32_t second, const char **ret_wan)
{
	uint32_t held = 0;
	int by = 0;

	/* a session is made anew after each change: some seconds of one way */
	for (; second < DAY && held < 4; second++) {
		int now = session_by(world, second);
		held = now && now == by ? held + 1 : now ? 1 : 0;
		by = now;
	}
	*ret_wan = second >= DAY || by == 1 ? "wan" : "wan2";
	return second;
}

static void ask(struct world *world, struct slot *slot, uint32_t second, uint32_t offset)
{
	struct probe *probe = &slot->probes[slot->probe_count++];
	enum state state = (enum state)world->state[second];

	*probe = (struct probe){.offset_ms = offset * 1000,
		.kind = PROBE_ICMP,
		.round = (uint16_t)(offset / ROUND),
		.outcome = state == UP        ? OUTCOME_ANSWERED
			: state == NO_CARRIER ? OUTCOME_REFUSED
					      : OUTCOME_LOST,
		.refusal = state == NO_CARRIER ? REFUSAL_CARRIER : REFUSAL_NONE,
		.rtt_us = state == UP ? world->rtt_us + draw(world->queue_us + 1) : 0};
	if (state == NO_GATEWAY || state == NO_INTERNET) {
		slot->probes[slot->probe_count++] = (struct probe){
			.offset_ms = offset * 1000 + 3000,
			.kind = PROBE_ICMP,
			.target = 1,
			.round = probe->round,
			.follow_up = true,
			.outcome = state == NO_GATEWAY ? OUTCOME_LOST : OUTCOME_ANSWERED,
			.rtt_us = state == NO_GATEWAY ? 0 : 900};
	}
}

static void make_slot(struct world *world, uint32_t from, struct slot *slot)
{
	memset(slot, 0, sizeof(*slot));
	strcpy(slot->wan, "wan");
	slot->length_ms = SLOT * 1000;
	slot->rounds_due = SLOT / ROUND;
	slot->target_count = 3;
	slot->targets[0] = (struct target){CLASS_INTERNET, {4, {1, 1, 1, 1}}, 0};
	slot->targets[1] = (struct target){CLASS_GATEWAY, {4, {10, 0, 0, 1}}, 0};
	slot->targets[2] = (struct target){CLASS_INTERNET, {4, {9, 9, 9, 9}}, 8620};
	for (uint32_t at = 0; at < SLOT; at += ROUND)
		ask(world, slot, from + at, at);
	for (uint32_t s = from + 1; s < from + SLOT; s++) {
		if (world->state[s] != NO_CARRIER && world->state[s - 1] == NO_CARRIER &&
			slot->event_count < SLOT_EVENTS_MAX)
			slot->events[slot->event_count++] = (struct event){
				EVENT_CARRIER_UP, (s - from) * 1000, 0};
	}
	slot->facts.carrier = world->state[from + SLOT - 1] == NO_CARRIER ? CARRIER_DOWN
									  : CARRIER_UP;
	if (world->state[from + SLOT - 1] == NO_GATEWAY)
		slot->facts.gateway = NEIGHBOUR_FAILED;
	if (from % 600 == 0 && world->state[from] == UP) /* the test server, beside the first */
		slot->probes[slot->probe_count++] = (struct probe){.kind = PROBE_STAMP,
			.target = 2,
			.outcome = OUTCOME_ANSWERED,
			.rtt_us = world->rtt_us + draw(world->queue_us + 1)};
}

static void tell(
	struct crosscheck *check, const struct world *world, const struct slot *slot, uint32_t from)
{
	struct evidence evidence = evidence_of(slot);
	const char *wan;
	uint32_t at = arrives(world, from + SLOT + 5, &wan);
	const struct checked_slot checked = {
		.from_s = BEGIN + from + world->clock_s,
		.to_s = BEGIN + from + SLOT + world->clock_s,
		/* on its way: satellite, full queue, sent again */
		.received_us = (BEGIN + at) * INT64_C(1000000) + draw(15000000),
		.via_wan = wan,
		.slot = slot,
		.evidence = &evidence,
		.cause = evidence_cause(&evidence, 1 << CLASS_INTERNET | 1 << CLASS_GATEWAY),
	};

	assert_int_equal(crosscheck_slot(check, &checked), 0);
}

/* What the kernel says of the same way: never less than it takes. */
static struct seen_rtt kernel_of(const struct world *world)
{
	struct seen_rtt seen = {.looks = 144, .own = {4, {9, 9, 9, 9}}};

	seen.min_rtt_us = UINT32_MAX;
	for (uint32_t i = 0; i < seen.looks; i++) {
		/* and what the other end waits before it says that it has it */
		uint32_t rtt = world->rtt_us + draw(world->queue_us + 1) + draw(40000);
		if (rtt < seen.min_rtt_us)
			seen.min_rtt_us = rtt;
	}
	return seen;
}

static void live(struct crosscheck *check, struct world *world,
	void (*cheat)(struct world *world, struct slot *slot, uint32_t from))
{
	struct slot *slot = malloc(sizeof(*slot));

	crosscheck_clear(check);
	for (uint32_t from = 0; from + SLOT <= DAY; from += SLOT) {
		make_slot(world, from, slot);
		if (cheat)
			cheat(world, slot, from);
		tell(check, world, slot, from);
	}
	free(slot);
}

static size_t count_flags(
	struct crosscheck *check, const struct seen_rtt *seen, enum flag_kind kind)
{
	const struct flag *flags;
	size_t count, found = 0;

	assert_int_equal(crosscheck_end(check, seen, &flags, &count), 0);
	for (size_t i = 0; i < count; i++)
		found += flags[i].kind == kind;
	return found;
}

static void honest_worlds_raise_no_flag(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = malloc(sizeof(*world));
	size_t dead = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct seen_rtt seen;
		make_world(world, seed);
		live(check, world, NULL);
		seen = kernel_of(world);
		for (enum flag_kind kind = FLAG_DOWN_HEARD; kind <= FLAG_RTT_LOW; kind++) {
			size_t flags = count_flags(check, &seen, kind);
			if (flags)
				fail_msg("seed %zu: %zu flags %s", (size_t)seed, flags,
					flag_kind_name(kind));
		}
		for (uint32_t s = 0; s < DAY; s++)
			dead += world->state[s] == NO_CARRIER;
	}
	assert_true(dead > SEEDS * 100); /* there was something to be wrong about */
	free(world);
	crosscheck_free(check);
}

/* ---- cheats */

/* The villager, who wants money back: from 10:00 to 12:00 there "was no carrier". */
static void claim_down(struct world *world, struct slot *slot, uint32_t from)
{
	if (from < 36000 || from >= 43200)
		return;
	for (size_t i = 0; i < slot->probe_count; i++)
		slot->probes[i] = (struct probe){.offset_ms = slot->probes[i].offset_ms,
			.kind = PROBE_ICMP,
			.round = slot->probes[i].round,
			.outcome = OUTCOME_REFUSED,
			.refusal = REFUSAL_CARRIER};
	slot->facts.carrier = CARRIER_DOWN;
}

static void false_outage_is_seen(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = calloc(1, sizeof(*world));
	struct seen_rtt seen = {.looks = 0};

	dice = 7;
	world->rtt_us = 30000;
	live(check, world, claim_down);
	assert_int_equal(count_flags(check, &seen, FLAG_DOWN_HEARD), 1);
	/* a session that went by another WAN says nothing of this one */
	for (uint32_t s = 36000; s < 43200; s++)
		world->state[s] = NO_CARRIER;
	world->other = true;
	live(check, world, NULL);
	assert_int_equal(count_flags(check, &seen, FLAG_DOWN_HEARD), 0);
	free(world);
	crosscheck_free(check);
}

/* Who would rather not pay: what was down is said to have been good, when it can be said again. */
static void claim_up(struct world *world, struct slot *slot, uint32_t from)
{
	struct world fine = {.rtt_us = 30000};

	make_slot(&fine, from, slot);
}

static void outage_told_as_good_is_asked_about(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = calloc(1, sizeof(*world));
	struct seen_rtt seen = {.looks = 0};

	dice = 7;
	for (uint32_t s = 36000; s < 43200; s++)
		world->state[s] = NO_GATEWAY;
	live(check, world, NULL);
	assert_int_equal(count_flags(check, &seen, FLAG_UP_UNSEEN), 0);
	live(check, world, claim_up);
	assert_int_equal(count_flags(check, &seen, FLAG_UP_UNSEEN), 1);
	free(world);
	crosscheck_free(check);
}

/* A radio link of half a second, said to be one of thirty milliseconds. */
static void claim_fast(struct world *world, struct slot *slot, uint32_t from)
{
	for (size_t i = 0; i < slot->probe_count; i++)
		slot->probes[i].rtt_us = 30000;
}

static void rtt_below_what_the_kernel_measured_is_seen(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = calloc(1, sizeof(*world));
	struct seen_rtt seen;

	dice = 7;
	world->rtt_us = 500000;
	live(check, world, claim_fast);
	seen = kernel_of(world);
	assert_int_equal(count_flags(check, &seen, FLAG_RTT_LOW), 1);
	seen.own.bytes
		[3]++; /* the reflector is another machine: nothing is known of the way there */
	assert_int_equal(count_flags(check, &seen, FLAG_RTT_LOW), 0);
	seen.own.bytes[3]--;
	seen.looks = CHECK_RTTS_MIN - 1;
	assert_int_equal(count_flags(check, &seen, FLAG_RTT_LOW), 0);
	free(world);
	crosscheck_free(check);
}

static void record_of_the_future_is_seen(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = calloc(1, sizeof(*world));
	struct seen_rtt seen = {.looks = 0};

	dice = 7;
	world->clock_s = 3600;
	live(check, world, NULL);
	assert_int_equal(count_flags(check, &seen, FLAG_AHEAD), 1);
	free(world);
	crosscheck_free(check);
}

/* ---- the test server beside the rest */

static void rest_is_lost(struct world *world, struct slot *slot, uint32_t from)
{
	if (slot->probes[0].outcome == OUTCOME_ANSWERED && from % 1200 == 0)
		slot->probes[0] = (struct probe){.kind = PROBE_ICMP, .outcome = OUTCOME_LOST};
	else
		slot->probes[0].rtt_us += 80000;
}

static void pairs_are_of_one_round(void **state)
{
	struct crosscheck *check = crosscheck_new();
	struct world *world = calloc(1, sizeof(*world));
	struct seen_rtt seen = {.looks = 0};
	struct target_day day;

	dice = 7;
	world->rtt_us = 20000;
	live(check, world, rest_is_lost);
	count_flags(check, &seen, FLAG_AHEAD);
	day = crosscheck_targets(check);
	assert_int_equal(day.pairs, 144);
	assert_int_equal(day.only_test, 72);
	assert_int_equal(day.only_rest, 0);
	assert_int_equal(day.both, 72);
	assert_int_equal(day.test_rtt_us, 20000);
	assert_int_equal(day.rest_rtt_us, 100000);
	assert_int_equal(day.gain_us, 80000);
	free(world);
	crosscheck_free(check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_worlds_raise_no_flag),
		cmocka_unit_test(false_outage_is_seen),
		cmocka_unit_test(outage_told_as_good_is_asked_about),
		cmocka_unit_test(rtt_below_what_the_kernel_measured_is_seen),
		cmocka_unit_test(record_of_the_future_is_seen),
		cmocka_unit_test(pairs_are_of_one_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
