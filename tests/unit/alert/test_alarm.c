/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/alert/alarm.h"
#include "collector/alert/lookout.h"

#define NOON (1767225600 + 4 * 3600) /* 2026-01-01 12:00 WITA */
#define LINKS 60

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
	.escalate_s = 3600,
	.offset_s = 8 * 3600,
	.quiet_from_s = 22 * 3600,
	.quiet_to_s = 6 * 3600,
	.quiet_links = 5,
};

struct noc { /* a province of 60 links, six kecamatan, two providers, and its desk */
	struct lookout *lookout;
	struct alarm_desk *desk;
	enum live_state states[LINKS + 1];
	int64_t since_s[LINKS + 1];
	int64_t now_s;
};

static const struct fall_rate providers[] = {{30, 2e-6}, {30, 2e-6}};
static const struct fall_rate kecamatan[] = {
	{10, 2e-6}, {10, 2e-6}, {10, 2e-6}, {10, 2e-6}, {10, 2e-6}, {10, 2e-6}};
static const struct fall_rate all = {LINKS, 2e-6};
static const char *const provider_names[] = {"Satu", "Dua"};
static const char *const kecamatan_names[] = {
	"64.08.01", "64.08.02", "64.08.03", "64.08.04", "64.08.05", "64.08.06"};
static const char *const all_names[] = {""};

static void open_noc(struct noc *noc)
{
	memset(noc, 0, sizeof(*noc));
	noc->lookout = lookout_new();
	noc->desk = alarm_desk_new(&rules);
	noc->now_s = NOON;
	for (int i = 1; i <= LINKS; i++)
		noc->states[i] = LIVE_UP;
}

static void close_noc(struct noc *noc)
{
	lookout_free(noc->lookout);
	alarm_desk_free(noc->desk);
}

static void step(struct noc *noc)
{
	const struct falls_scopes scopes = {{providers, kecamatan, &all}};
	struct alarm_sight sight = {
		.names = {provider_names, kecamatan_names, all_names}, .now_s = noc->now_s};
	struct incident *incidents;
	const struct fall *seen;
	struct fall *falls;

	for (int64_t i = 1; i <= LINKS; i++) {
		const uint32_t places[FALL_SCOPES] = {i % 2, (i - 1) / 10, 0};
		struct ledger_live live = {
			.link = i, .state = noc->states[i], .since_s = noc->since_s[i]};

		assert_int_equal(lookout_see(noc->lookout, &live, places, noc->now_s), 0);
	}
	lookout_forget(noc->lookout, noc->now_s);
	seen = lookout_falls(noc->lookout, &sight.count);
	falls = malloc((sight.count + 1) * sizeof(*falls));
	if (sight.count)
		memcpy(falls, seen, sight.count * sizeof(*falls));
	assert_int_equal(
		falls_group(falls, sight.count, &scopes, &incidents, &sight.incident_count), 0);
	sight.falls = falls;
	sight.incidents = incidents;
	assert_int_equal(alarm_desk_step(noc->desk, &sight), 0);
	free(falls);
	free(incidents);
}

static void wait(struct noc *noc, int64_t seconds)
{
	for (int64_t end_s = noc->now_s + seconds; noc->now_s < end_s;) {
		noc->now_s += 10;
		step(noc);
	}
}

static void show(struct noc *noc, int64_t link, enum live_state state)
{
	noc->states[link] = state;
	noc->since_s[link] = noc->now_s;
}

static const struct alarm *the_alarm(struct noc *noc)
{
	size_t count;
	struct alarm *const *alarms = alarm_desk_alarms(noc->desk, &count);

	assert_int_equal(count, 1);
	return alarms[0];
}

static size_t told(struct noc *noc)
{
	size_t count, told = 0;
	struct alarm *const *alarms = alarm_desk_alarms(noc->desk, &count);

	for (size_t i = 0; i < count; i++)
		told += alarms[i]->version > 0;
	return told;
}

/* ---- one link */

static void an_outage_is_told_once_and_closed_once(void **state)
{
	struct noc noc;

	open_noc(&noc);
	show(&noc, 7, LIVE_DOWN);
	wait(&noc, 110);
	assert_int_equal(told(&noc), 0);
	wait(&noc, 20);
	assert_int_equal(the_alarm(&noc)->version, 1);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_TOLD);
	wait(&noc, 3000);
	assert_int_equal(the_alarm(&noc)->version, 1);
	show(&noc, 7, LIVE_UP);
	wait(&noc, 290);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_TOLD);
	wait(&noc, 20);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_CLOSED);
	assert_int_equal(alarm_to(the_alarm(&noc)) - the_alarm(&noc)->from_s, 3130);
	wait(&noc, 7200);
	assert_int_equal(told(&noc), 1);
	close_noc(&noc);
}

static void a_short_silence_is_told_to_nobody(void **state)
{
	struct noc noc;

	open_noc(&noc);
	show(&noc, 7, LIVE_SILENT);
	wait(&noc, 600);
	show(&noc, 7, LIVE_UP);
	wait(&noc, 7300);
	assert_int_equal(told(&noc), 0);
	show(&noc, 7, LIVE_SILENT);
	wait(&noc, 910);
	assert_int_equal(the_alarm(&noc)->version, 1);
	assert_int_equal(alarm_silent(the_alarm(&noc)), 1);
	close_noc(&noc);
}

static void a_link_that_flaps_has_one_alarm(void **state)
{
	struct noc noc;

	open_noc(&noc);
	for (int i = 0; i < 20; i++) {
		show(&noc, 7, LIVE_DOWN);
		wait(&noc, 60);
		show(&noc, 7, LIVE_UP);
		wait(&noc, 540);
	}
	assert_true(the_alarm(&noc)->flapping);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_TOLD);
	assert_in_range(the_alarm(&noc)->version, 1, 40);
	wait(&noc, 1400);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_CLOSED);
	close_noc(&noc);
}

/* ---- many */

static void a_kecamatan_is_one_alarm_that_grows(void **state)
{
	struct noc noc;

	open_noc(&noc);
	for (int i = 11; i <= 17; i++)
		show(&noc, i, LIVE_DOWN);
	wait(&noc, 70);
	assert_int_equal(the_alarm(&noc)->version, 1);
	assert_int_equal(the_alarm(&noc)->scope, FALL_KECAMATAN);
	assert_string_equal(the_alarm(&noc)->place, "64.08.02");
	show(&noc, 18, LIVE_DOWN);
	show(&noc, 19, LIVE_DOWN);
	wait(&noc, 10);
	assert_int_equal(the_alarm(&noc)->version, 1); /* not at once: edits are paced */
	wait(&noc, 60);
	assert_int_equal(the_alarm(&noc)->version, 2);
	assert_int_equal(the_alarm(&noc)->count, 9);
	for (int i = 11; i <= 19; i++)
		show(&noc, i, LIVE_UP);
	wait(&noc, 310);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_CLOSED);
	close_noc(&noc);
}

/* One falls alone and is told of; then its provider does. */
static void one_turns_out_to_be_the_first_of_many(void **state)
{
	struct noc noc;

	open_noc(&noc);
	show(&noc, 2, LIVE_DOWN);
	wait(&noc, 100);
	for (int i = 4; i <= LINKS; i += 2)
		show(&noc, i, LIVE_DOWN);
	wait(&noc, 200);
	assert_int_equal(the_alarm(&noc)->scope, FALL_PROVIDER);
	assert_string_equal(the_alarm(&noc)->place, "Satu");
	assert_int_equal(the_alarm(&noc)->count, 30);
	close_noc(&noc);
}

/* ---- nights, people */

static void small_things_wait_for_the_morning(void **state)
{
	struct noc noc;
	size_t count;

	open_noc(&noc);
	noc.now_s = NOON + 11 * 3600; /* 23:00 */
	show(&noc, 7, LIVE_DOWN); /* is back before the morning */
	wait(&noc, 3600);
	show(&noc, 7, LIVE_UP);
	show(&noc, 8, LIVE_DOWN); /* is not */
	wait(&noc, 3600);
	assert_int_equal(told(&noc), 0);
	wait(&noc, 5 * 3600);
	assert_int_equal(told(&noc), 2);
	alarm_desk_alarms(noc.desk, &count);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		const struct alarm *alarm = alarm_desk_alarms(noc.desk, &count)[i];

		assert_int_equal(alarm->count, 1);
		assert_int_equal(alarm->members[0].link, alarm->night ? 7 : 8);
		assert_int_equal(alarm->phase, alarm->night ? ALARM_CLOSED : ALARM_TOLD);
	}
	close_noc(&noc);
}

static void large_things_do_not_wait(void **state)
{
	struct noc noc;

	open_noc(&noc);
	noc.now_s = NOON + 11 * 3600;
	for (int i = 11; i <= 17; i++)
		show(&noc, i, LIVE_DOWN);
	wait(&noc, 130);
	assert_int_equal(the_alarm(&noc)->version, 1);
	close_noc(&noc);
}

static void who_acknowledges_is_spared_the_escalation(void **state)
{
	struct noc noc;

	open_noc(&noc);
	show(&noc, 7, LIVE_DOWN);
	show(&noc, 42, LIVE_DOWN);
	wait(&noc, 200);
	assert_false(alarm_desk_acknowledge(noc.desk, 8, noc.now_s, "Ani", noc.now_s));
	assert_false(alarm_desk_acknowledge(noc.desk, 7, NOON - 1, "Ani", noc.now_s));
	assert_true(alarm_desk_acknowledge(noc.desk, 7, NOON + 60, "Ani", noc.now_s));
	assert_false(alarm_desk_acknowledge(noc.desk, 7, NOON + 60, "Budi", noc.now_s));
	wait(&noc, 4000);
	for (size_t i = 0, count = 2; i < count; i++) {
		const struct alarm *alarm = alarm_desk_alarms(noc.desk, &count)[i];

		assert_int_equal(alarm->escalated_s != 0, alarm->members[0].link == 42);
		assert_int_equal(alarm->version, 2);
	}
	close_noc(&noc);
}

/* ---- the file */

static void a_restart_tells_nothing_twice(void **state)
{
	struct noc noc;
	struct alarm saved;

	open_noc(&noc);
	show(&noc, 7, LIVE_DOWN);
	show(&noc, 8, LIVE_DOWN);
	wait(&noc, 200);
	saved = *alarm_desk_alarms(noc.desk, &(size_t){0})[0];
	saved.members = malloc(sizeof(*saved.members));
	saved.members[0] = alarm_desk_alarms(noc.desk, &(size_t){0})[0]->members[0];
	saved.members[0].fall = saved.members[0].seen = 0;
	saved.room = 1;
	close_noc(&noc);

	int64_t now_s = noc.now_s;
	open_noc(&noc);
	noc.now_s = now_s;
	show(&noc, saved.members[0].link, LIVE_DOWN);
	noc.since_s[saved.members[0].link] = NOON;
	assert_int_equal(alarm_desk_restore(noc.desk, &saved), 0);
	wait(&noc, 100);
	assert_int_equal(the_alarm(&noc)->version, 1);
	assert_int_equal(the_alarm(&noc)->members[0].falls, 1);
	show(&noc, the_alarm(&noc)->members[0].link, LIVE_UP);
	wait(&noc, 310);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_CLOSED);
	assert_int_equal(alarm_desk_next_id(noc.desk), the_alarm(&noc)->id + 1);
	close_noc(&noc);
}

static void what_came_back_unseen_is_closed(void **state)
{
	struct noc noc;
	struct alarm saved = {.id = 41, .phase = ALARM_TOLD, .scope = FALL_ALONE, .version = 3};

	open_noc(&noc);
	saved.members = calloc(1, sizeof(*saved.members));
	saved.members[0] = (struct alarm_member){
		.link = 9, .from_s = NOON - 900, .to_s = SPAN_FOREVER, .falls = 1};
	saved.count = saved.room = 1;
	assert_int_equal(alarm_desk_restore(noc.desk, &saved), 0);
	wait(&noc, 320);
	assert_int_equal(the_alarm(&noc)->phase, ALARM_CLOSED);
	assert_int_equal(alarm_to(the_alarm(&noc)), NOON + 10);
	close_noc(&noc);
}

static void all_is_forgotten_once_all_was_said(void **state)
{
	struct noc noc;
	struct alarm *alarm;
	size_t count;

	open_noc(&noc);
	show(&noc, 7, LIVE_DOWN);
	wait(&noc, 200);
	show(&noc, 7, LIVE_UP);
	wait(&noc, 400);
	alarm = alarm_desk_alarms(noc.desk, &count)[0];
	alarm->sent[1].version = alarm->version;
	alarm_desk_forget(noc.desk, 1u << 1 | 1u << 2, noc.now_s);
	the_alarm(&noc);
	alarm->sent[2].version = alarm->version;
	alarm_desk_forget(noc.desk, 1u << 1 | 1u << 2, noc.now_s);
	alarm_desk_alarms(noc.desk, &count);
	assert_int_equal(count, 0);
	close_noc(&noc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_is_told_once_and_closed_once),
		cmocka_unit_test(a_short_silence_is_told_to_nobody),
		cmocka_unit_test(a_link_that_flaps_has_one_alarm),
		cmocka_unit_test(a_kecamatan_is_one_alarm_that_grows),
		cmocka_unit_test(one_turns_out_to_be_the_first_of_many),
		cmocka_unit_test(small_things_wait_for_the_morning),
		cmocka_unit_test(large_things_do_not_wait),
		cmocka_unit_test(who_acknowledges_is_spared_the_escalation),
		cmocka_unit_test(a_restart_tells_nothing_twice),
		cmocka_unit_test(what_came_back_unseen_is_closed),
		cmocka_unit_test(all_is_forgotten_once_all_was_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
