/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/alarm_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "common/file.h"

static int64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void text(const json_t *object, const char *key, char *ret_text, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(ret_text, size, "%s", value ? value : "");
}

static bool truth(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static bool get_member(const json_t *item, struct alarm_member *ret_member)
{
	json_t *to = json_object_get(item, "to");

	*ret_member = (struct alarm_member){
		.link = number(item, "link"),
		.from_s = number(item, "from"),
		.to_s = to ? json_integer_value(to) : SPAN_FOREVER,
		.falls = (uint32_t)number(item, "falls"),
		.silent = truth(item, "silent"),
	};
	text(item, "cause", ret_member->cause, sizeof(ret_member->cause));
	return ret_member->link > 0 && ret_member->link <= ALARM_LINK_MAX;
}

static void get_facts(const json_t *item, struct alarm *ret_alarm)
{
	ret_alarm->id = (uint64_t)number(item, "id");
	ret_alarm->phase = (enum alarm_phase)number(item, "phase");
	ret_alarm->night = truth(item, "night");
	ret_alarm->flapping = truth(item, "flapping");
	ret_alarm->scope = (enum fall_scope)number(item, "scope");
	text(item, "place", ret_alarm->place, sizeof(ret_alarm->place));
	ret_alarm->worth_s = number(item, "worth");
	ret_alarm->from_s = number(item, "from");
	ret_alarm->told_s = number(item, "told");
	ret_alarm->closed_s = number(item, "closed");
	ret_alarm->escalated_s = number(item, "escalated");
	ret_alarm->acknowledged_s = number(item, "acknowledged");
	text(item, "acknowledged_by", ret_alarm->acknowledged_by,
		sizeof(ret_alarm->acknowledged_by));
	ret_alarm->version = (uint32_t)number(item, "version");
	ret_alarm->version_s = number(item, "version_at");
	ret_alarm->gist = (uint64_t)number(item, "gist");
}

/* A file of an older program says nothing of it. */
static void get_past(const json_t *item, struct alarm *ret_alarm)
{
	const json_t *past = json_object_get(item, "past");
	struct alarm_hindsight *hindsight = &ret_alarm->hindsight;
	int64_t phase = past ? number(past, "phase") : PAST_NONE;
	int64_t cause = past ? number(past, "cause") : -1;

	if (phase != PAST_ASKED && phase != PAST_TOLD)
		return;
	ret_alarm->past = (enum alarm_past)phase;
	ret_alarm->past_look_s = number(past, "look");
	hindsight->down = (uint32_t)number(past, "down");
	hindsight->power = (uint32_t)number(past, "power");
	hindsight->up = (uint32_t)number(past, "up");
	hindsight->unknown = (uint32_t)number(past, "unknown");
	hindsight->down_s = number(past, "down_s");
	hindsight->power_s = number(past, "power_s");
	hindsight->up_s = number(past, "up_s");
	hindsight->rest_s = number(past, "rest_s");
	hindsight->silent = (uint32_t)number(past, "silent");
	hindsight->looked = (uint32_t)number(past, "looked");
	hindsight->has_cause = cause >= 0 && cause < DOWN_CAUSE_COUNT;
	if (hindsight->has_cause)
		hindsight->cause = (enum down_cause)cause;
}

static void get_renewals(const json_t *item, struct alarm *ret_alarm)
{
	const json_t *renewals = json_object_get(item, "renewals");

	if (!renewals)
		return;
	ret_alarm->renewals = (struct alarm_renewals){
		.is = true,
		.waiting = (uint32_t)number(renewals, "waiting"),
		.late = (uint32_t)number(renewals, "late"),
		.expired = (uint32_t)number(renewals, "expired"),
		.agent = (uint32_t)number(renewals, "agent"),
		.clear_s = number(renewals, "clear"),
	};
}

static void get_sent(const json_t *item, struct alarm *ret_alarm)
{
	const json_t *list = json_object_get(item, "sent");

	for (size_t i = 0; i < ALARM_CHANNELS; i++) {
		const json_t *sent = json_array_get(list, i);

		text(sent, "ref", ret_alarm->sent[i].ref, sizeof(ret_alarm->sent[i].ref));
		ret_alarm->sent[i].version = (uint32_t)number(sent, "version");
		ret_alarm->sent[i].escalated = truth(sent, "escalated");
	}
}

/* 0; -EBADMSG for what put_alarm() never writes; -ENOMEM. */
static int get_alarm(struct alarm_desk *desk, const json_t *item)
{
	const json_t *members = json_object_get(item, "members");
	struct alarm alarm = {0};
	int r = 0;

	get_facts(item, &alarm);
	get_past(item, &alarm);
	get_renewals(item, &alarm);
	get_sent(item, &alarm);
	if (!alarm.id || alarm.phase > ALARM_CLOSED || alarm.scope > FALL_ALONE ||
		!json_array_size(members) != alarm.renewals.is)
		return -EBADMSG;
	for (size_t i = 0; r == 0 && i < json_array_size(members); i++) {
		struct alarm_member member;

		r = get_member(json_array_get(members, i), &member)
			? member_list_add(&alarm.members, &alarm.count, &alarm.room, &member)
			: -EBADMSG;
	}
	if (r == 0)
		r = alarm_desk_restore(desk, &alarm);
	free(alarm.members);
	return r;
}

static int get_alarms(struct alarm_desk *desk, const json_t *root)
{
	const json_t *alarms = json_object_get(root, "alarms");
	const json_t *night = json_object_get(root, "night");
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_array_size(alarms); i++)
		r = get_alarm(desk, json_array_get(alarms, i));
	for (size_t i = 0; r == 0 && i < json_array_size(night); i++) {
		struct alarm_member member;

		r = get_member(json_array_get(night, i), &member)
			? alarm_desk_restore_night(desk, &member)
			: -EBADMSG;
	}
	alarm_desk_set_next_id(desk, (uint64_t)number(root, "next_id"));
	return r;
}

static void get_habits(struct habits *habits, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *key = json_string_value(json_object_get(item, "key"));
		int64_t scope = number(item, "scope");

		if (key && scope >= 0 && scope < FALL_SCOPES)
			habits_restore(habits, (enum fall_scope)scope, key,
				(double)number(item, "falls") / ALARM_FILE_UNIT,
				(double)number(item, "link_s") / ALARM_FILE_UNIT);
	}
	habits_rate(habits);
}

static int set_aside(const char *path, const char *why, struct err *err)
{
	char aside[PATH_MAX + 16];

	snprintf(aside, sizeof(aside), "%s.damaged", path);
	if (rename(path, aside) < 0)
		return err_errno(err, -errno, "%s", path);
	return err_set(err, -EBADMSG, "%s: %s: set aside as %s", path, why, aside);
}

int alarm_file_read(
	const char *state, struct alarm_desk *desk, struct habits *habits, struct err *err)
{
	char path[PATH_MAX];
	json_error_t error;
	uint8_t *bytes;
	size_t length;
	json_t *root;
	int r = file_join(path, sizeof(path), state, ALARM_FILE);

	if (r == 0)
		r = file_read(path, ALARM_FILE_BYTES_MAX, &bytes, &length, err);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	root = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, &error);
	free(bytes);
	if (!root)
		return set_aside(path, error.text, err);
	if (number(root, "version") != ALARM_FILE_VERSION)
		r = -EBADMSG;
	if (r == 0)
		r = get_alarms(desk, root);
	get_habits(habits, json_object_get(root, "habits"));
	json_decref(root);
	return r == -EBADMSG ? set_aside(path, "not what was written", err) : r;
}
