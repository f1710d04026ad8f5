/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "collector/alert/alarm_private.h"

#define DAY_S 86400
#define HASH_SEED UINT64_C(14695981039346656037) /* FNV-1a, 64 bits */
#define HASH_FACTOR UINT64_C(1099511628211)

/* ---- quiet hours */

bool desk_is_quiet(const struct alarm_desk *desk, int64_t now_s)
{
	const struct alarm_rules *rules = &desk->rules;
	int64_t local_s = (now_s + rules->offset_s) % DAY_S;

	if (rules->quiet_from_s <= rules->quiet_to_s)
		return local_s >= rules->quiet_from_s && local_s < rules->quiet_to_s;
	return local_s >= rules->quiet_from_s || local_s < rules->quiet_to_s;
}

static int remember_night(struct alarm_desk *desk, const struct alarm *alarm)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < alarm->count; i++)
		r = member_list_add(
			&desk->night, &desk->night_count, &desk->night_room, &alarm->members[i]);
	return r;
}

/* One message of what came and went while people slept. */
static int tell_night(struct alarm_desk *desk, int64_t now_s)
{
	struct alarm *alarm;

	if (!desk->night_count || desk_is_quiet(desk, now_s))
		return 0;
	alarm = desk_add(desk);
	if (!alarm)
		return -ENOMEM;
	alarm->night = true;
	alarm->phase = ALARM_CLOSED;
	alarm->members = desk->night;
	alarm->count = desk->night_count;
	alarm->room = desk->night_room;
	alarm->from_s = alarm->members[0].from_s;
	alarm->told_s = alarm->closed_s = alarm->version_s = now_s;
	alarm->version = 1;
	desk->night = NULL;
	desk->night_count = desk->night_room = 0;
	return 0;
}

/* ---- is it worth a message? */

static bool is_flapping(const struct alarm_desk *desk, const struct alarm *alarm)
{
	for (size_t i = 0; i < alarm->count; i++)
		if (desk->seats[alarm->members[i].link].recent_falls >= desk->rules.flap_falls)
			return true;
	return false;
}

static bool has_lasted(
	const struct alarm_member *member, int64_t down_s, int64_t silent_s, int64_t now_s)
{
	return member->to_s == SPAN_FOREVER &&
		now_s - member->from_s >= (member->silent ? silent_s : down_s);
}

static bool is_worth(const struct alarm_desk *desk, const struct alarm *alarm, int64_t now_s)
{
	const struct alarm_rules *rules = &desk->rules;
	size_t many = 0;

	for (size_t i = 0; i < alarm->count; i++) {
		const struct alarm_member *member = &alarm->members[i];

		if (has_lasted(member, rules->down_s, rules->silent_s, now_s))
			return true;
		many += has_lasted(member, rules->crowd_s, rules->crowd_silent_s, now_s);
	}
	return (alarm->scope != FALL_ALONE && many >= FALLS_TOGETHER) || alarm->flapping;
}

/* ---- phases */

static bool is_calm(const struct alarm_desk *desk, const struct alarm *alarm, int64_t now_s)
{
	int64_t calm_s = alarm->flapping ? desk->rules.flap_calm_s : desk->rules.calm_s;

	return !alarm_lasting(alarm) && now_s - alarm_to(alarm) >= calm_s;
}

/* Nobody was told of it. An alarm without members is swept away. */
static int dissolve(struct alarm_desk *desk, struct alarm *alarm)
{
	int r = alarm->worth_s ? remember_night(desk, alarm) : 0;

	desk_leave(desk, alarm);
	alarm->count = 0;
	return r;
}

static int judge_waiting(struct alarm_desk *desk, struct alarm *alarm, int64_t now_s)
{
	if (!alarm->worth_s && is_worth(desk, alarm, now_s))
		alarm->worth_s = now_s;
	if (is_calm(desk, alarm, now_s))
		return dissolve(desk, alarm);
	if (!alarm->worth_s || (!alarm_lasting(alarm) && !alarm->flapping))
		return 0;
	if (desk_is_quiet(desk, now_s) && alarm_lasting(alarm) < desk->rules.quiet_links)
		return 0;
	alarm->phase = ALARM_TOLD;
	alarm->told_s = now_s;
	return 0;
}

/* ---- what a silence was: damped like its end */

static void ask_past(const struct alarm_desk *desk, struct alarm *alarm, int64_t now_s)
{
	for (size_t i = 0; i < alarm->count; i++) {
		if (alarm->members[i].silent)
			alarm->past = PAST_ASKED;
	}
	alarm->past_look_s = now_s + desk->rules.calm_s;
}

bool alarm_wants_past(const struct alarm *alarm, int64_t now_s)
{
	return alarm->past == PAST_ASKED && now_s >= alarm->past_look_s;
}

static bool stood_still(const struct alarm_hindsight *a, const struct alarm_hindsight *b)
{
	return a->down_s == b->down_s && a->power_s == b->power_s && a->up_s == b->up_s;
}

void alarm_desk_postpone(const struct alarm_desk *desk, struct alarm *alarm, int64_t now_s)
{
	alarm->past_look_s = now_s + (now_s - alarm->closed_s) + desk->rules.calm_s;
}

void alarm_desk_explain(struct alarm_desk *desk, struct alarm *alarm,
	const struct alarm_hindsight *found, int64_t now_s)
{
	/* seconds beside a silence are up without anything having come of it */
	int64_t told_s = found->power_s + found->up_s;
	bool known = found->down_s || (told_s && told_s >= HINDSIGHT_KNOWN * found->rest_s);
	bool still = stood_still(&alarm->hindsight, found);

	alarm->hindsight = *found;
	if (!known || (found->rest_s && !still)) {
		alarm_desk_postpone(desk, alarm, now_s);
		return;
	}
	alarm->past = PAST_TOLD;
	alarm->version++;
	alarm->version_s = now_s;
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		alarm->sent[i].tries = 0;
}

static void judge_told(struct alarm_desk *desk, struct alarm *alarm, int64_t now_s)
{
	const struct alarm_rules *rules = &desk->rules;

	if (is_calm(desk, alarm, now_s)) {
		alarm->phase = ALARM_CLOSED;
		alarm->closed_s = now_s;
		ask_past(desk, alarm, now_s);
		desk_leave(desk, alarm);
		return;
	}
	if (rules->escalate_s && !alarm->escalated_s && !alarm->acknowledged_s &&
		alarm_lasting(alarm) && now_s - alarm->told_s >= rules->escalate_s)
		alarm->escalated_s = now_s;
}

/* ---- versions */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * HASH_FACTOR;
}

/* What a new version is written for, and whether it can wait. */
static uint64_t gist_of(const struct alarm *alarm)
{
	uint64_t hash = HASH_SEED;

	hash = mix(hash, alarm->count);
	hash = mix(hash, alarm_lasting(alarm));
	hash = mix(hash, alarm_silent(alarm));
	hash = mix(hash, alarm->scope);
	hash = mix(hash, alarm->flapping);
	hash = mix(hash, alarm->phase);
	if (alarm->renewals.is) {
		hash = mix(hash, alarm->renewals.waiting);
		hash = mix(hash, alarm->renewals.late);
		hash = mix(hash, alarm->renewals.expired);
	}
	hash = mix(hash, alarm->acknowledged_s != 0);
	return mix(hash, alarm->escalated_s != 0);
}

static bool is_urgent(const struct alarm *alarm)
{
	return alarm->version == 0 || alarm->phase == ALARM_CLOSED ||
		(alarm->escalated_s && alarm->escalated_s > alarm->version_s);
}

void desk_write_version(const struct alarm_desk *desk, struct alarm *alarm, int64_t now_s)
{
	uint64_t gist = gist_of(alarm);

	if (gist == alarm->gist)
		return;
	if (!is_urgent(alarm) && now_s - alarm->version_s < desk->rules.edit_s)
		return;
	alarm->gist = gist;
	alarm->version++;
	alarm->version_s = now_s;
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		alarm->sent[i].tries = 0;
}

int desk_judge(struct alarm_desk *desk, int64_t now_s)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < desk->count; i++) {
		struct alarm *alarm = desk->alarms[i];

		if (alarm->phase == ALARM_CLOSED || !alarm->count)
			continue;
		if (is_flapping(desk, alarm))
			alarm->flapping = true;
		if (alarm->phase == ALARM_WAITING)
			r = judge_waiting(desk, alarm, now_s);
		if (alarm->phase == ALARM_TOLD) {
			judge_told(desk, alarm, now_s);
			desk_write_version(desk, alarm, now_s);
		}
	}
	return r < 0 ? r : tell_night(desk, now_s);
}
