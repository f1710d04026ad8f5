/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year of a province, event by event, at the desk: outages, power cuts of whole kecamatan,
 * uplinks of providers, and routers that are switched off and on. Truth is known, so each message
 * can be judged: it is false when of none of its links anything was ever the matter.
 *
 *     test_alarm_year [SEED [DAYS]]
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/alert/alarm.h"
#include "collector/alert/lookout.h"

#define DAY_S 86400
#define LINKS 1038
#define PROVIDERS 7
#define KECAMATAN 104
#define STEP_S 20
#define SLOT_S 60
#define SILENT_AFTER_S (2 * SLOT_S + 5)
#define START_S 1767225600 /* 2026-01-01 */
#define RESTARTS_A_DAY 0.02 /* a link */
#define OUTAGES_A_DAY 0.1 /* a link */
#define POWER_CUTS_A_DAY 0.05 /* a kecamatan */
#define UPLINK_FAULTS_A_DAY 0.02 /* a provider */
#define WORTH_S 1500 /* an outage that is longer must have been told of */

enum matter { NOTHING, RESTART, FAULT };

struct router {
	int64_t away_from_s, away_to_s; /* sends nothing */
	int64_t last_slot_s; /* end of the last one that came */
	enum matter matter;
};

struct year {
	struct router routers[LINKS + 1];
	struct lookout *lookout;
	struct alarm_desk *desk;
	struct fall_rate providers[PROVIDERS], kecamatan[KECAMATAN], all;
	const char *names[LINKS];
	int64_t fault_from_s[LINKS + 1], fault_to_s[LINKS + 1]; /* the last one */
	uint64_t told, false_alarms, versions, faults, missed;
	uint64_t last_counted;
};

static unsigned seed_from = 20260101, days = 30;

static double draw(void)
{
	return random() / (RAND_MAX + 1.0);
}

static int64_t draw_length(double mean_s, double least_s)
{
	return (int64_t)(least_s - mean_s * log(1.0 - draw()));
}

static uint32_t provider_of(int64_t link)
{
	return (uint32_t)(link * 31 % PROVIDERS);
}

static uint32_t kecamatan_of(int64_t link)
{
	return (uint32_t)(link % KECAMATAN);
}

/* ---- the province */

static bool was_told(struct year *year, int64_t link)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(year->desk, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; alarms[i]->version && j < alarms[i]->count; j++)
			if (alarms[i]->members[j].link == link &&
				alarms[i]->members[j].from_s < year->fault_to_s[link] &&
				alarms[i]->members[j].to_s > year->fault_from_s[link])
				return true;
	return false;
}

static void take_away(
	struct year *year, int64_t link, enum matter matter, int64_t now_s, int64_t length_s)
{
	struct router *router = &year->routers[link];

	if (now_s < router->away_to_s)
		return; /* it is away already */
	router->away_from_s = now_s + random() % STEP_S;
	router->away_to_s = router->away_from_s + length_s;
	router->last_slot_s = router->away_from_s - random() % SLOT_S;
	router->matter = matter;
	if (matter == FAULT) {
		year->fault_from_s[link] = router->away_from_s;
		year->fault_to_s[link] = router->away_to_s;
	}
}

/* Together, but not to the second, and not quite all. */
static void take_many(struct year *year, uint32_t (*of)(int64_t link), uint32_t place,
	int64_t now_s, int64_t length_s)
{
	for (int64_t link = 1; link <= LINKS; link++)
		if (of(link) == place && draw() < 0.95)
			take_away(year, link, FAULT, now_s, length_s + random() % 60);
}

static bool happens(double times_a_day)
{
	return draw() < times_a_day * STEP_S / DAY_S;
}

static void live_on(struct year *year, int64_t now_s)
{
	for (int64_t link = 1; link <= LINKS; link++) {
		if (happens(RESTARTS_A_DAY))
			take_away(year, link, RESTART, now_s, draw_length(40, 60));
		if (happens(OUTAGES_A_DAY))
			take_away(year, link, FAULT, now_s, draw_length(2400, 20));
	}
	for (uint32_t i = 0; i < KECAMATAN; i++)
		if (happens(POWER_CUTS_A_DAY))
			take_many(year, kecamatan_of, i, now_s, draw_length(5400, 600));
	for (uint32_t i = 0; i < PROVIDERS; i++)
		if (happens(UPLINK_FAULTS_A_DAY))
			take_many(year, provider_of, i, now_s, draw_length(1800, 120));
}

/* As the wall shows it: what is not heard of for two slots is silent. */
static void show(struct year *year, int64_t link, int64_t now_s)
{
	const struct router *router = &year->routers[link];
	const uint32_t places[FALL_SCOPES] = {provider_of(link), kecamatan_of(link), 0};
	struct ledger_live live = {.link = link, .state = LIVE_UP, .since_s = START_S};

	if (router->last_slot_s && now_s >= router->last_slot_s + SILENT_AFTER_S &&
		now_s < router->away_to_s + SLOT_S / 2) {
		live.state = LIVE_SILENT;
		live.since_s = router->last_slot_s;
	} else if (now_s >= router->away_to_s) {
		live.since_s = router->away_to_s;
	}
	assert_int_equal(lookout_see(year->lookout, &live, places, now_s), 0);
}

/* ---- the desk */

static void look(struct year *year, int64_t now_s)
{
	const struct falls_scopes scopes = {{year->providers, year->kecamatan, &year->all}};
	struct alarm_sight sight = {
		.names = {year->names, year->names, year->names}, .now_s = now_s};
	struct incident *incidents;
	const struct fall *seen;
	struct fall *falls;

	for (int64_t link = 1; link <= LINKS; link++)
		show(year, link, now_s);
	lookout_forget(year->lookout, now_s);
	seen = lookout_falls(year->lookout, &sight.count);
	falls = calloc(sight.count + 1, sizeof(*falls));
	assert_non_null(falls);
	if (sight.count)
		memcpy(falls, seen, sight.count * sizeof(*falls));
	assert_int_equal(
		falls_group(falls, sight.count, &scopes, &incidents, &sight.incident_count), 0);
	sight.falls = falls;
	sight.incidents = incidents;
	assert_int_equal(alarm_desk_step(year->desk, &sight), 0);
	free(falls);
	free(incidents);
}

static bool is_false(const struct year *year, const struct alarm *alarm)
{
	for (size_t i = 0; i < alarm->count; i++) {
		const struct alarm_member *member = &alarm->members[i];

		if (year->fault_from_s[member->link] < member->to_s &&
			year->fault_to_s[member->link] > member->from_s)
			return false;
	}
	return true;
}

/* Each alarm once, when it is first told of. */
static void judge(struct year *year)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(year->desk, &count);

	for (size_t i = 0; i < count; i++) {
		if (alarms[i]->sent[0].version == alarms[i]->version)
			continue;
		year->versions++;
		if (!alarms[i]->sent[0].version) {
			year->told++;
			year->false_alarms += is_false(year, alarms[i]);
		}
		alarms[i]->sent[0].version = alarms[i]->version;
	}
}

static void miss(struct year *year, int64_t now_s)
{
	for (int64_t link = 1; link <= LINKS; link++) {
		const struct router *router = &year->routers[link];

		/* just before it comes back */
		if (router->matter != FAULT || router->away_to_s < now_s ||
			router->away_to_s >= now_s + STEP_S ||
			router->away_to_s - router->away_from_s < WORTH_S)
			continue;
		year->faults++;
		year->missed += !was_told(year, link);
	}
}

static void open_year(struct year *year)
{
	/* no quiet hours: every message is judged when it falls due */
	static const struct alarm_rules rules = {
		.down_s = 120,
		.silent_s = 900,
		.crowd_s = 60,
		.crowd_silent_s = 300,
		.calm_s = 300,
		.flap_falls = 4,
		.flap_s = 3600,
		.flap_calm_s = 1800,
		.edit_s = 60,
	};
	double rate = (OUTAGES_A_DAY + RESTARTS_A_DAY) / DAY_S;

	for (int64_t link = 1; link <= LINKS; link++) {
		year->providers[provider_of(link)].links++;
		year->kecamatan[kecamatan_of(link)].links++;
	}
	for (int i = 0; i < PROVIDERS; i++)
		year->providers[i].per_link_s = rate;
	for (int i = 0; i < KECAMATAN; i++)
		year->kecamatan[i].per_link_s = rate;
	year->all = (struct fall_rate){LINKS, rate};
	for (int i = 0; i < LINKS; i++)
		year->names[i] = "place";
	year->lookout = lookout_new();
	year->desk = alarm_desk_new(&rules);
	assert_true(year->lookout && year->desk);
}

static void few_alarms_are_false(void **state)
{
	struct year *year = calloc(1, sizeof(*year));

	assert_non_null(year);
	srandom(seed_from);
	open_year(year);
	for (int64_t now_s = START_S; now_s < START_S + days * (int64_t)DAY_S; now_s += STEP_S) {
		miss(year, now_s);
		live_on(year, now_s);
		look(year, now_s);
		judge(year);
		alarm_desk_forget(year->desk, 1, now_s);
	}
	printf("%u days: %ju alarms, %ju false, %ju messages and edits; %ju long faults, %ju "
	       "untold\n",
		days, (uintmax_t)year->told, (uintmax_t)year->false_alarms,
		(uintmax_t)year->versions, (uintmax_t)year->faults, (uintmax_t)year->missed);
	assert_true(year->told > days * 10);
	assert_true(year->false_alarms * 20 < year->told);
	assert_int_equal(year->missed, 0);
	/* many links, one message: far fewer alarms than faults, and few edits each */
	assert_true(year->told < year->faults);
	assert_true(year->versions < 8 * year->told);
	lookout_free(year->lookout);
	alarm_desk_free(year->desk);
	free(year);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(few_alarms_are_false)};

	if (argc > 1)
		seed_from = (unsigned)atoi(argv[1]);
	if (argc > 2)
		days = (unsigned)atoi(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
