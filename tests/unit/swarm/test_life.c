/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "swarm/life.h"

#define S_US 1000000LL
#define START_US (1795392000LL * S_US)
#define HELD_MAX 4096

struct held { /* what is asked of a record here */
	uint32_t run;
	enum record_kind kind;
	uint8_t boot[BOOT_BYTES];
	int64_t from_us, to_us; /* UTC */
	unsigned made, lost, refused, gateway, events;
};

struct journal {
	struct life_memory memory; /* of the present run */
	struct held records[HELD_MAX];
	size_t count;
	struct life_memory last; /* after the last record */
};

static struct subject somebody = {.number = 3, .mains = true};

static void count_probes(const struct slot *slot, struct held *held)
{
	for (int i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		bool answered = probe->outcome == OUTCOME_ANSWERED;

		held->made += !probe->follow_up &&
			slot->targets[probe->target].class == CLASS_INTERNET;
		held->lost += !probe->follow_up && !answered;
		held->refused += probe->outcome == OUTCOME_REFUSED;
		held->gateway += answered && slot->targets[probe->target].class == CLASS_GATEWAY;
	}
	held->events = slot->event_count;
}

static void on_record(void *arg, const struct record *record, int64_t lived_us)
{
	struct journal *journal = arg;
	struct held *held = &journal->records[journal->count++];

	assert_true(journal->count < HELD_MAX);
	*held = (struct held){.run = journal->memory.run, .kind = record->kind};
	if (record->kind == RECORD_SLOT) {
		memcpy(held->boot, record->slot.boot, BOOT_BYTES);
		held->from_us = journal->memory.booted_us + (int64_t)record->slot.start_us;
		held->to_us = held->from_us + record->slot.length_ms * 1000LL;
		count_probes(&record->slot, held);
	}
	journal->last = journal->memory;
	journal->last.lived_us = lived_us;
}

static int on_run(void *arg, const struct life_memory *memory, uint64_t nonce)
{
	struct journal *journal = arg;

	assert_true(memory->run > journal->memory.run);
	journal->memory = *memory;
	return 0;
}

static struct life *begin(struct scenario *scenario, const struct scene *scenes, size_t count,
	struct journal *journal)
{
	struct life_settings settings = {.scenario = scenario,
		.subject = &somebody,
		.slot_ms = 60000,
		.round_ms = 10000,
		.start_us = START_US,
		.from_us = START_US,
		.first_run = 9,
		.memory = journal->last,
		.events = {.arg = journal, .record = on_record, .run = on_run}};
	struct life *life;

	scenario->scenes = (struct scene *)scenes;
	scenario->count = count;
	if (journal->last.run)
		settings.first_run = journal->last.run + 100;
	assert_int_equal(life_new(&settings, &life), 0);
	return life;
}

static struct journal *empty(struct scenario *scenario)
{
	scenario_init(scenario);
	for (int i = 0; i < KIND_COUNT; i++)
		scenario->profiles[i].loss_pct = scenario->profiles[i].evening_loss_pct = 0;
	return calloc(1, sizeof(struct journal));
}

static size_t count_of(const struct journal *journal, enum record_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < journal->count; i++)
		count += journal->records[i].kind == kind;
	return count;
}

static const struct held *next_slot(const struct journal *journal, size_t *at)
{
	while (*at < journal->count && journal->records[*at].kind != RECORD_SLOT)
		++*at;
	return *at < journal->count ? &journal->records[(*at)++] : NULL;
}

#define EVERYONE                                                        \
	{                                                               \
		.first = 1, .last = UINT32_MAX, .kind = -1, .mains = -1 \
	}

static void a_day_is_slots_without_a_gap(void **state)
{
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, NULL, 0, journal);
	int64_t end_us = START_US;
	const struct held *slot;
	size_t at = 0;

	assert_int_equal(life_live(life, START_US + 86400 * S_US), 0);
	assert_int_equal(journal->records[0].kind, RECORD_START);
	while ((slot = next_slot(journal, &at))) {
		/* The grid begins at a whole millisecond since boot. */
		assert_true(slot->from_us - end_us >= 0 && slot->from_us - end_us < 1000);
		assert_int_equal(slot->lost, 0);
		end_us = slot->to_us;
	}
	assert_true(end_us > START_US + 86390 * S_US - 60 * S_US);
	assert_int_equal(life_slots(life), count_of(journal, RECORD_SLOT));
	assert_true(count_of(journal, RECORD_ANCHOR) >= 23);
	assert_true(count_of(journal, RECORD_SPEED) >= 3 && count_of(journal, RECORD_SPEED) <= 5);
	assert_true(count_of(journal, RECORD_HTTP) >= 23);
	assert_int_equal(count_of(journal, RECORD_STOP), 0);
	life_free(life);
	free(journal);
}

static void in_an_outage_rounds_are_lost_and_the_gateway_answers(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = 1800000, .whom = EVERYONE, .trouble = TROUBLE_ACCESS, .for_ms = 1200000}};
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, scenes, 1, journal);
	int64_t from_us = START_US + 1800 * S_US, to_us = from_us + 1200 * S_US;
	const struct held *slot;
	size_t at = 0, inside = 0;

	assert_int_equal(life_live(life, START_US + 3600 * S_US), 0);
	while ((slot = next_slot(journal, &at))) {
		if (slot->from_us >= from_us && slot->to_us <= to_us) {
			assert_true(slot->lost >= slot->made && slot->made == 6);
			assert_true(slot->gateway > 0 && slot->refused == 0);
			inside++;
		} else if (slot->to_us <= from_us || slot->from_us >= to_us) {
			assert_int_equal(slot->lost, 0);
		}
	}
	assert_true(inside >= 19);
	life_free(life);
	free(journal);
}

static void a_cable_that_is_out_refuses_and_is_an_event_at_both_ends(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = 1800000, .whom = EVERYONE, .trouble = TROUBLE_CABLE, .for_ms = 600000}};
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, scenes, 1, journal);
	unsigned refused = 0, events = 0;
	const struct held *slot;
	size_t at = 0;

	assert_int_equal(life_live(life, START_US + 3600 * S_US), 0);
	while ((slot = next_slot(journal, &at))) {
		refused += slot->refused > 0;
		events += slot->events;
	}
	assert_true(refused >= 10 && refused <= 11);
	assert_int_equal(events, 2);
	life_free(life);
	free(journal);
}

static void after_a_power_cut_come_another_boot_and_another_run(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = 1800000, .whom = EVERYONE, .trouble = TROUBLE_POWER, .for_ms = 600000}};
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, scenes, 1, journal);
	uint8_t boot[BOOT_BYTES];

	assert_int_equal(life_live(life, START_US + 1801 * S_US), 0);
	assert_false(life_runs(life));
	memcpy(boot, life_boot(life), BOOT_BYTES);
	assert_int_equal(journal->memory.run, 9);
	assert_int_equal(life_due(life), START_US + 2400 * S_US);
	assert_int_equal(life_live(life, START_US + 3600 * S_US), 0);
	assert_true(life_runs(life));
	assert_int_equal(journal->memory.run, 10);
	assert_true(memcmp(boot, life_boot(life), BOOT_BYTES) != 0);
	/* The clock began with the power, the agent a little later. */
	assert_int_equal(journal->memory.booted_us, START_US + 2400 * S_US);
	assert_int_equal(count_of(journal, RECORD_STOP), 0);
	assert_int_equal(count_of(journal, RECORD_START), 2);
	life_free(life);
	free(journal);
}

static void a_restart_in_order_says_so(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = 1800000, .whom = EVERYONE, .trouble = TROUBLE_RESTART, .for_ms = 60000}};
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, scenes, 1, journal);

	assert_int_equal(life_live(life, START_US + 3600 * S_US), 0);
	assert_int_equal(count_of(journal, RECORD_STOP), 1);
	assert_int_equal(count_of(journal, RECORD_START), 2);
	life_free(life);
	free(journal);
}

/* In the first anchor of the second boot. */
static void nobody_tells_the_time_while_the_clock_is_wrong(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = 1800000, .whom = EVERYONE, .trouble = TROUBLE_POWER, .for_ms = 60000},
		{.at_ms = 1800000,
			.whom = EVERYONE,
			.trouble = TROUBLE_CLOCK,
			.for_ms = 7200000,
			.off_ms = -86400000}};
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, scenes, 2, journal);
	size_t before, events = 0, at = 0;
	const struct held *slot;

	assert_int_equal(life_live(life, START_US + 1800 * S_US), 0);
	before = count_of(journal, RECORD_ANCHOR);
	assert_int_equal(life_live(life, START_US + 8999 * S_US), 0);
	assert_int_equal(count_of(journal, RECORD_ANCHOR), before);
	assert_int_equal(life_live(life, START_US + 9120 * S_US), 0);
	assert_int_equal(count_of(journal, RECORD_ANCHOR), before + 1);
	while ((slot = next_slot(journal, &at)))
		events += slot->events; /* the step */
	assert_int_equal(events, 1);
	life_free(life);
	free(journal);
}

static void a_life_that_is_lived_again_is_the_same(void **state)
{
	struct scenario scenario;
	struct journal *one = empty(&scenario), *other = empty(&scenario);
	struct life *life;

	scenario.background_ppm = 30000000;
	life = begin(&scenario, NULL, 0, one);
	assert_int_equal(life_live(life, START_US + 20000 * S_US), 0);
	life_free(life);
	life = begin(&scenario, NULL, 0, other);
	for (int64_t now_us = START_US; now_us < START_US + 20000 * S_US; now_us += 777 * S_US)
		assert_int_equal(life_live(life, now_us), 0);
	assert_int_equal(life_live(life, START_US + 20000 * S_US), 0);
	life_free(life);
	assert_int_equal(one->count, other->count);
	assert_memory_equal(one->records, other->records, one->count * sizeof(one->records[0]));
	free(one);
	free(other);
}

static void a_life_goes_on_where_it_was_left(void **state)
{
	struct scenario scenario;
	struct journal *journal = empty(&scenario);
	struct life *life = begin(&scenario, NULL, 0, journal);
	size_t count, at = 0;
	int64_t end_us = 0;
	const struct held *slot;
	uint8_t boot[BOOT_BYTES];

	assert_int_equal(life_live(life, START_US + 1234 * S_US), 0);
	memcpy(boot, life_boot(life), BOOT_BYTES);
	life_free(life);
	count = journal->count;
	life = begin(&scenario, NULL, 0, journal);
	assert_int_equal(life_live(life, START_US + 3600 * S_US), 0);
	assert_true(journal->count > count);
	assert_int_equal(journal->memory.run, 109);
	while ((slot = next_slot(journal, &at))) {
		assert_true(end_us == 0 || slot->from_us == end_us);
		assert_memory_equal(slot->boot, boot, BOOT_BYTES);
		end_us = slot->to_us;
	}
	life_free(life);
	free(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_slots_without_a_gap),
		cmocka_unit_test(in_an_outage_rounds_are_lost_and_the_gateway_answers),
		cmocka_unit_test(a_cable_that_is_out_refuses_and_is_an_event_at_both_ends),
		cmocka_unit_test(after_a_power_cut_come_another_boot_and_another_run),
		cmocka_unit_test(a_restart_in_order_says_so),
		cmocka_unit_test(nobody_tells_the_time_while_the_clock_is_wrong),
		cmocka_unit_test(a_life_that_is_lived_again_is_the_same),
		cmocka_unit_test(a_life_goes_on_where_it_was_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
