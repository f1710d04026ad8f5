/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include "swarm/fate.h"

#define S_US 1000000LL
#define HOUR_US (3600 * S_US)
#define DAY_US (24 * HOUR_US)
#define START_US (1795392000LL * S_US) /* 2026-11-23 00:00 UTC, 08:00 in WITA */

static struct subject somebody = {.number = 3, .desa = "64.02.03.2001", .mains = true};

static struct condition at(struct fate *fate, int64_t utc_us)
{
	struct condition condition;

	assert_int_equal(fate_at(fate, utc_us, &condition), 0);
	return condition;
}

static struct fate *fate_of(struct scenario *scenario, const struct scene *scenes, size_t count)
{
	struct fate *fate;

	scenario->scenes = (struct scene *)scenes;
	scenario->count = count;
	assert_int_equal(fate_new(scenario, &somebody, START_US, &fate), 0);
	return fate;
}

#define EVERYONE                                                        \
	{                                                               \
		.first = 1, .last = UINT32_MAX, .kind = -1, .mains = -1 \
	}

static void without_scenes_nothing_happens(void **state)
{
	struct scenario scenario;
	struct condition condition;
	struct fate *fate;

	scenario_init(&scenario);
	fate = fate_of(&scenario, NULL, 0);
	condition = at(fate, START_US);
	assert_true(condition.power && condition.collector && condition.dns && condition.told_time);
	assert_int_equal(condition.reach, REACH_ALL);
	assert_true(condition.until_us > START_US);
	fate_free(fate);
}

static void a_scene_holds_from_its_first_moment_to_its_last(void **state)
{
	static const struct scene scenes[] = {
		{.at_ms = -3600000, .whom = EVERYONE, .trouble = TROUBLE_ACCESS, .for_ms = 600000}};
	int64_t from_us = START_US - HOUR_US, to_us = from_us + 600 * S_US;
	struct scenario scenario;
	struct fate *fate;

	scenario_init(&scenario);
	fate = fate_of(&scenario, scenes, 1);
	assert_int_equal(at(fate, from_us - 1).reach, REACH_ALL);
	assert_int_equal(at(fate, from_us - 1).until_us, from_us);
	assert_int_equal(at(fate, from_us).reach, REACH_GATEWAY);
	assert_false(at(fate, from_us).collector);
	assert_int_equal(at(fate, from_us).until_us, to_us);
	assert_int_equal(at(fate, to_us - 1).reach, REACH_GATEWAY);
	assert_int_equal(at(fate, to_us).reach, REACH_ALL);
	assert_true(at(fate, to_us).collector);
	fate_free(fate);
}

static void of_two_outages_the_nearer_one_counts(void **state)
{
	static const struct scene scenes[] = {
		{.whom = EVERYONE, .trouble = TROUBLE_UPSTREAM, .for_ms = 600000},
		{.at_ms = 60000, .whom = EVERYONE, .trouble = TROUBLE_CABLE, .for_ms = 60000}};
	struct scenario scenario;
	struct fate *fate;

	scenario_init(&scenario);
	fate = fate_of(&scenario, scenes, 2);
	assert_int_equal(at(fate, START_US).reach, REACH_PROVIDER);
	assert_int_equal(at(fate, START_US + 60 * S_US).reach, REACH_NOTHING);
	assert_int_equal(at(fate, START_US + 120 * S_US).reach, REACH_PROVIDER);
	fate_free(fate);
}

static void a_daily_scene_comes_at_its_local_time(void **state)
{
	static const struct scene scenes[] = {{.daily = true,
		.at_ms = 19 * 3600000,
		.whom = EVERYONE,
		.trouble = TROUBLE_SLOW,
		.for_ms = 3600000,
		.chance_ppm = 1000000,
		.rtt_ms = 80,
		.loss_ppm = 20000,
		.speed_percent = 40}};
	struct scenario scenario;
	struct fate *fate;

	scenario_init(&scenario);
	fate = fate_of(&scenario, scenes, 1);
	for (int day = 0; day < 5; day++) {
		int64_t seven_us = START_US + day * DAY_US + 11 * HOUR_US; /* 19:00 WITA */

		assert_int_equal(at(fate, seven_us - 1).rtt_ms, 0);
		assert_int_equal(at(fate, seven_us).rtt_ms, 80);
		assert_int_equal(at(fate, seven_us).speed_percent, 40);
		assert_int_equal(at(fate, seven_us).reach, REACH_ALL);
		assert_int_equal(at(fate, seven_us + HOUR_US).rtt_ms, 0);
	}
	fate_free(fate);
}

static void rebinds_are_counted_and_not_forgotten(void **state)
{
	static const struct scene scenes[] = {{.whom = EVERYONE, .trouble = TROUBLE_REBIND},
		{.at_ms = 1000, .whom = EVERYONE, .trouble = TROUBLE_REBIND}};
	struct scenario scenario;
	struct fate *fate;

	scenario_init(&scenario);
	fate = fate_of(&scenario, scenes, 2);
	assert_int_equal(at(fate, START_US - 1).rebinds, 0);
	assert_int_equal(at(fate, START_US).rebinds, 1);
	assert_int_equal(at(fate, START_US + S_US).rebinds, 2);
	assert_int_equal(at(fate, START_US + 9 * DAY_US).rebinds, 2);
	fate_free(fate);
}

/* Seconds of a month without power, or without the internet, walked from one change to the next. */
static void walk(struct fate *fate, int64_t from_us, double *ret_dark_s, double *ret_lost_s)
{
	*ret_dark_s = *ret_lost_s = 0;
	for (int64_t now_us = from_us; now_us < from_us + 30 * DAY_US;) {
		struct condition condition = at(fate, now_us);
		double s = (double)(condition.until_us - now_us) / S_US;

		assert_true(condition.until_us > now_us);
		*ret_dark_s += condition.power ? 0 : s;
		*ret_lost_s += condition.power && condition.reach < REACH_ALL ? s : 0;
		now_us = condition.until_us;
	}
}

static void background_follows_the_rates_of_the_profile(void **state)
{
	double dark_s, lost_s, all_dark_s = 0, all_lost_s = 0;
	struct scenario scenario;
	struct subject subject = somebody;
	struct fate *fate;

	scenario_init(&scenario);
	scenario.background_ppm = 1000000;
	subject.desa[0] = '\0'; /* else a desa is dark together */
	for (subject.number = 1; subject.number <= 200; subject.number++) {
		assert_int_equal(fate_new(&scenario, &subject, START_US, &fate), 0);
		walk(fate, START_US, &dark_s, &lost_s);
		all_dark_s += dark_s;
		all_lost_s += lost_s;
		fate_free(fate);
	}
	/* fibre: 0.7 outages of 45 min and 0.5 power cuts of 50 min in each of 857 weeks */
	assert_true(all_lost_s > 0.8 * 857 * 0.7 * 2700 && all_lost_s < 1.2 * 857 * 0.7 * 2700);
	assert_true(all_dark_s > 0.8 * 857 * 0.5 * 3000 && all_dark_s < 1.2 * 857 * 0.5 * 3000);
}

static void the_same_fate_comes_again_from_anywhere(void **state)
{
	struct fate *early, *late;
	struct scenario scenario;

	scenario_init(&scenario);
	scenario.background_ppm = 20000000;
	early = fate_of(&scenario, NULL, 0);
	for (int64_t now_us = START_US; now_us < START_US + 6 * DAY_US; now_us += HOUR_US)
		at(early, now_us);
	late = fate_of(&scenario, NULL, 0);
	for (int64_t now_us = START_US + 6 * DAY_US; now_us < START_US + 8 * DAY_US;
		now_us += 60 * S_US) {
		struct condition a = at(early, now_us), b = at(late, now_us);

		assert_int_equal(a.power, b.power);
		assert_int_equal(a.reach, b.reach);
		assert_int_equal(a.until_us, b.until_us);
	}
	fate_free(early);
	fate_free(late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_scenes_nothing_happens),
		cmocka_unit_test(a_scene_holds_from_its_first_moment_to_its_last),
		cmocka_unit_test(of_two_outages_the_nearer_one_counts),
		cmocka_unit_test(a_daily_scene_comes_at_its_local_time),
		cmocka_unit_test(rebinds_are_counted_and_not_forgotten),
		cmocka_unit_test(background_follows_the_rates_of_the_profile),
		cmocka_unit_test(the_same_fate_comes_again_from_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
