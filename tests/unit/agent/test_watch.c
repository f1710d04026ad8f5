/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdlib.h>

#include "agent/core/watch.h"

/* Drives a watch in virtual time; the world answers or loses every question 3 s later. */
struct world {
	struct watch *watch;
	bool up;
	size_t waiting;
	struct {
		struct question question;
		struct answer answer;
		uint64_t due_us;
	} open[512];
	struct wan_reading reading;
};

static void start(struct world *world, double now_s, uint32_t slot_ms, uint32_t round_ms)
{
	const struct target targets[] = {
		target_v4(CLASS_INTERNET, 1, 0),
		target_v4(CLASS_INTERNET, 2, 0),
		target_v4(CLASS_INTERNET, 1, 443),
		target_v4(CLASS_GATEWAY, 9, 0),
	};
	const struct watch_settings settings = {
		.wan = "wan",
		.boot = boot_id,
		.slot_ms = slot_ms,
		.round_ms = round_ms,
		.now_us = S(now_s),
		.reading = &world->reading,
	};

	*world = (struct world){.up = true};
	assert_int_equal(watch_new(&settings, &world->watch), 0);
	watch_set_targets(world->watch, targets, 4);
}

static void ask(struct world *world, const struct question *question, uint64_t now_us)
{
	assert_true(world->waiting < 512);
	world->open[world->waiting].question = *question;
	world->open[world->waiting].answer = (struct answer){
		.sent_us = now_us,
		.outcome = world->up ? OUTCOME_ANSWERED : OUTCOME_LOST,
		.rtt_us = world->up ? 20000 : 0,
	};
	world->open[world->waiting++].due_us = now_us + (world->up ? 20000 : 3000000);
}

static void deliver(struct world *world, uint64_t now_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->waiting; i++) {
		if (world->open[i].due_us <= now_us)
			watch_heard(world->watch, &world->open[i].question, &world->open[i].answer);
		else
			world->open[kept++] = world->open[i];
	}
	world->waiting = kept;
}

static void step(struct world *world, uint64_t now_us)
{
	struct question question;

	deliver(world, now_us);
	if (watch_turn_due(world->watch, now_us))
		watch_turn(world->watch, now_us, &world->reading);
	while (watch_next(world->watch, now_us, &question))
		ask(world, &question, now_us);
}

/* Every length and interval: slots come whole, in order, adjacent, with all of their rounds. */
static void slots_are_adjacent_and_complete_for_every_setting(void **state)
{
	struct world *world = malloc(sizeof(*world));
	struct slot *slot = malloc(sizeof(*slot));

	for (uint32_t slot_s = 1; slot_s <= 60; slot_s += 7) {
		for (uint32_t round_s = 1; round_s <= slot_s; round_s += 4) {
			uint64_t expected = S(1000.5);
			unsigned slots = 0;

			start(world, 1000.5, slot_s * 1000, round_s * 1000);
			if (slot_s == 1)
				expected = S(1001);
			for (uint64_t now = S(1000.5); now < S(1300); now += 10000) {
				world->up = now < S(1100) || now > S(1200);
				step(world, now);
				while (watch_take(world->watch, slot)) {
					bool made[SLOT_ROUNDS_MAX + 1] = {false};
					unsigned rounds = 0;

					assert_int_equal(slot->start_us, expected);
					expected += slot->length_ms * 1000ULL;
					for (unsigned i = 0; i < slot->probe_count; i++) {
						rounds += !made[slot->probes[i].round];
						made[slot->probes[i].round] = true;
					}
					assert_int_equal(rounds, slot->rounds_due);
					slots++;
				}
			}
			assert_true(slots >= 200 / slot_s);
			watch_free(world->watch);
		}
	}
	free(slot);
	free(world);
}

static void outage_shows_every_class_asked_in_each_round(void **state)
{
	struct world *world = malloc(sizeof(*world));
	struct slot *slot = malloc(sizeof(*slot));

	start(world, 60, 10000, 10000);
	world->up = false;
	for (uint64_t now = S(60); now < S(95); now += 10000)
		step(world, now);
	for (unsigned i = 0; i < 2; i++) {
		unsigned tcp = 0, gateway = 0;

		assert_true(watch_take(world->watch, slot));
		for (unsigned j = 0; j < slot->probe_count; j++) {
			assert_int_equal(slot->probes[j].outcome, OUTCOME_LOST);
			tcp += slot->probes[j].kind == PROBE_TCP;
			gateway += slot->targets[slot->probes[j].target].class == CLASS_GATEWAY;
		}
		assert_int_equal(slot->probe_count, 5); /* first, gateway; other, gateway; TCP */
		assert_int_equal(tcp, 1);
		assert_int_equal(gateway, 2);
	}
	watch_free(world->watch);
	free(slot);
	free(world);
}

static void stop_gives_up_open_rounds_and_keeps_the_rest(void **state)
{
	struct world *world = malloc(sizeof(*world));
	struct slot *slot = malloc(sizeof(*slot));

	start(world, 60, 60000, 10000);
	for (uint64_t now = S(60); now < S(74); now += 10000) {
		world->up = now < S(69);
		step(world, now);
	}
	watch_stop(world->watch, S(74), &world->reading);
	assert_int_equal(watch_due(world->watch), SCHED_NEVER);
	assert_true(watch_take(world->watch, slot));
	assert_int_equal(slot->length_ms, 14000);
	assert_int_equal(slot->rounds_due, 2);
	for (unsigned i = 0; i < slot->probe_count; i++)
		assert_int_equal(slot->probes[i].round, 0);
	deliver(world, S(100)); /* outcomes that still come are ignored */
	assert_false(watch_take(world->watch, slot));
	watch_free(world->watch);
	free(slot);
	free(world);
}

/* Lost from 85 s on: known when the round of 90 s is over. Answered again from 110 s on. */
static void turns_are_known_at_once_and_sketched(void **state)
{
	struct world *world = malloc(sizeof(*world));
	struct slot *slot = malloc(sizeof(*slot));
	unsigned turns = 0;

	start(world, 60, 60000, 10000);
	for (uint64_t now = S(60); now < S(119); now += 20000) {
		world->up = now < S(85) || now >= S(109.9);
		step(world, now);
		if (!watch_turned(world->watch))
			continue;
		assert_true(watch_sketch(world->watch, now, &world->reading, slot));
		assert_int_equal(slot->start_us, S(60));
		assert_int_equal(slot->length_ms, (now - S(60)) / 1000);
		assert_int_equal(slot->rounds_due, turns ? 6 : 4);
		assert_int_equal(slot->probes[slot->probe_count - 1].outcome,
			turns ? OUTCOME_ANSWERED : OUTCOME_LOST);
		assert_in_range(now, turns ? S(110) : S(99), turns ? S(110.1) : S(99.1));
		turns++;
	}
	assert_int_equal(turns, 2);
	assert_false(watch_take(world->watch, slot)); /* nothing was changed */
	watch_free(world->watch);
	free(slot);
	free(world);
}

static void carrier_is_sketched_without_the_round_that_is_open(void **state)
{
	struct world *world = malloc(sizeof(*world));
	struct slot *slot = malloc(sizeof(*slot));

	start(world, 60, 60000, 10000);
	world->up = false;
	step(world, S(60));
	assert_false(watch_turned(world->watch));
	watch_event(world->watch, S(60.4), EVENT_CARRIER_DOWN, 0);
	assert_true(watch_turned(world->watch));
	assert_false(watch_turned(world->watch));
	world->reading.carrier = CARRIER_DOWN;
	assert_true(watch_sketch(world->watch, S(60.4), &world->reading, slot));
	assert_int_equal(slot->length_ms, SLOT_LENGTH_MIN_MS);
	assert_int_equal(slot->event_count, 1);
	assert_int_equal(slot->probe_count, 0);
	assert_int_equal(slot->facts.carrier, CARRIER_DOWN);
	step(world, S(63)); /* one is heard, another follows: still open */
	assert_true(watch_sketch(world->watch, S(63.1), &world->reading, slot));
	assert_int_equal(slot->length_ms, 3100);
	assert_int_equal(slot->probe_count, 0);
	watch_stop(world->watch, S(70), &world->reading);
	assert_false(watch_sketch(world->watch, S(70), &world->reading, slot));
	watch_free(world->watch);
	free(slot);
	free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_adjacent_and_complete_for_every_setting),
		cmocka_unit_test(outage_shows_every_class_asked_in_each_round),
		cmocka_unit_test(stop_gives_up_open_rounds_and_keeps_the_rest),
		cmocka_unit_test(turns_are_known_at_once_and_sketched),
		cmocka_unit_test(carrier_is_sketched_without_the_round_that_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
