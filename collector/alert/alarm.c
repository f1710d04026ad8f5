/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/alarm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/alarm_private.h"

#define FORGET_S 86400 /* a channel that is away for a day will not be told of what is long over */

const char *alarm_phase_name(enum alarm_phase phase)
{
	static const char *const names[] = {
		[ALARM_WAITING] = "waiting",
		[ALARM_TOLD] = "told",
		[ALARM_CLOSED] = "closed",
	};

	return names[phase];
}

/* ---- one alarm */

size_t alarm_lasting(const struct alarm *alarm)
{
	size_t lasting = 0;

	for (size_t i = 0; i < alarm->count; i++)
		lasting += alarm->members[i].to_s == SPAN_FOREVER;
	return lasting;
}

size_t alarm_silent(const struct alarm *alarm)
{
	size_t silent = 0;

	for (size_t i = 0; i < alarm->count; i++)
		silent += alarm->members[i].to_s == SPAN_FOREVER && alarm->members[i].silent;
	return silent;
}

int64_t alarm_to(const struct alarm *alarm)
{
	int64_t to_s = 0;

	if (alarm->renewals.is)
		return alarm->phase == ALARM_CLOSED ? alarm->closed_s : SPAN_FOREVER;
	for (size_t i = 0; i < alarm->count; i++)
		if (alarm->members[i].to_s > to_s)
			to_s = alarm->members[i].to_s;
	return to_s;
}

int member_list_add(struct alarm_member **members, size_t *count, size_t *room,
	const struct alarm_member *member)
{
	if (*count == *room) {
		size_t more = *room ? 2 * *room : 4;
		struct alarm_member *larger = realloc(*members, more * sizeof(**members));

		if (!larger)
			return -ENOMEM;
		*members = larger;
		*room = more;
	}
	(*members)[(*count)++] = *member;
	return 0;
}

int member_add(struct alarm *alarm, const struct alarm_member *member)
{
	return member_list_add(&alarm->members, &alarm->count, &alarm->room, member);
}

static void free_alarm(struct alarm *alarm)
{
	free(alarm->members);
	free(alarm);
}

/* ---- the desk */

struct alarm_desk *alarm_desk_new(const struct alarm_rules *rules)
{
	struct alarm_desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		return NULL;
	desk->rules = *rules;
	desk->next_id = 1;
	return desk;
}

void alarm_desk_free(struct alarm_desk *desk)
{
	if (!desk)
		return;
	for (size_t i = 0; i < desk->count; i++)
		free_alarm(desk->alarms[i]);
	free(desk->alarms);
	free(desk->seats);
	free(desk->night);
	free(desk);
}

int desk_know(struct alarm_desk *desk, int64_t link)
{
	size_t need = (size_t)link + 1, room = desk->links ? desk->links : 64;
	struct seat *seats;

	if (need <= desk->links)
		return 0;
	while (room < need)
		room *= 2;
	seats = realloc(desk->seats, room * sizeof(*seats));
	if (!seats)
		return -ENOMEM;
	memset(seats + desk->links, 0, (room - desk->links) * sizeof(*seats));
	desk->seats = seats;
	desk->links = room;
	return 0;
}

static int make_room(struct alarm_desk *desk)
{
	size_t room = desk->room ? 2 * desk->room : 16;
	struct alarm **alarms;

	if (desk->count < desk->room)
		return 0;
	alarms = realloc(desk->alarms, room * sizeof(*alarms));
	if (!alarms)
		return -ENOMEM;
	desk->alarms = alarms;
	desk->room = room;
	return 0;
}

struct alarm *desk_add(struct alarm_desk *desk)
{
	struct alarm *alarm = make_room(desk) == 0 ? calloc(1, sizeof(*alarm)) : NULL;

	if (!alarm)
		return NULL;
	alarm->id = desk->next_id++;
	alarm->scope = FALL_ALONE;
	desk->alarms[desk->count++] = alarm;
	return alarm;
}

void desk_leave(struct alarm_desk *desk, struct alarm *alarm)
{
	for (size_t i = 0; i < alarm->count; i++)
		if (desk->seats[alarm->members[i].link].alarm == alarm)
			desk->seats[alarm->members[i].link].alarm = NULL;
}

/* Alarms that nobody has to hear of: dissolved ones, and those of which all was said. */
static void sweep(struct alarm_desk *desk, bool (*is_done)(const struct alarm *, const void *),
	const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < desk->count; i++) {
		if (is_done(desk->alarms[i], arg))
			free_alarm(desk->alarms[i]);
		else
			desk->alarms[kept++] = desk->alarms[i];
	}
	desk->count = kept;
}

static bool is_empty(const struct alarm *alarm, const void *arg)
{
	return alarm->count == 0 && !alarm->renewals.is;
}

int alarm_desk_step(struct alarm_desk *desk, const struct alarm_sight *sight)
{
	int r;

	desk->step++;
	r = desk_join(desk, sight);
	if (r == 0)
		r = desk_judge(desk, sight->now_s);
	sweep(desk, is_empty, NULL);
	return r;
}

bool alarm_desk_acknowledge(
	struct alarm_desk *desk, int64_t link, int64_t at_s, const char *by, int64_t acknowledged_s)
{
	struct alarm *alarm;
	const struct alarm_member *member;

	if (link <= 0 || (size_t)link >= desk->links || !desk->seats[link].alarm)
		return false;
	alarm = desk->seats[link].alarm;
	member = &alarm->members[desk->seats[link].member];
	if (at_s < member->from_s || at_s > member->to_s || alarm->acknowledged_s)
		return false;
	alarm->acknowledged_s = acknowledged_s;
	snprintf(alarm->acknowledged_by, sizeof(alarm->acknowledged_by), "%s", by);
	return true;
}

struct alarm *const *alarm_desk_alarms(struct alarm_desk *desk, size_t *ret_count)
{
	*ret_count = desk->count;
	return desk->alarms;
}

struct farewell {
	unsigned channels;
	int64_t now_s;
};

static bool is_over(const struct alarm *alarm, const void *arg)
{
	const struct farewell *farewell = arg;

	if (alarm->phase != ALARM_CLOSED)
		return false;
	if (farewell->now_s - alarm->closed_s > FORGET_S)
		return true;
	if (alarm->past == PAST_ASKED)
		return false;
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		if (farewell->channels & 1u << i && alarm->sent[i].version != alarm->version)
			return false;
	return true;
}

void alarm_desk_forget(struct alarm_desk *desk, unsigned channels, int64_t now_s)
{
	const struct farewell farewell = {channels, now_s};

	sweep(desk, is_over, &farewell);
}

/* ---- the file */

int alarm_desk_restore(struct alarm_desk *desk, struct alarm *alarm)
{
	struct alarm *kept;
	uint64_t next_id = desk->next_id;

	for (size_t i = 0; i < alarm->count; i++)
		if (desk_know(desk, alarm->members[i].link) < 0)
			return -ENOMEM;
	kept = desk_add(desk);
	if (!kept)
		return -ENOMEM;
	desk->next_id = alarm->id >= next_id ? alarm->id + 1 : next_id;
	*kept = *alarm;
	alarm->members = NULL;
	alarm->count = alarm->room = 0;
	for (size_t i = 0; kept->phase != ALARM_CLOSED && i < kept->count; i++)
		desk->seats[kept->members[i].link] = (struct seat){kept, i, 0};
	return 0;
}

const struct alarm_member *alarm_desk_night(const struct alarm_desk *desk, size_t *ret_count)
{
	*ret_count = desk->night_count;
	return desk->night;
}

int alarm_desk_restore_night(struct alarm_desk *desk, const struct alarm_member *member)
{
	return member_list_add(&desk->night, &desk->night_count, &desk->night_room, member);
}

uint64_t alarm_desk_next_id(const struct alarm_desk *desk)
{
	return desk->next_id;
}

void alarm_desk_set_next_id(struct alarm_desk *desk, uint64_t id)
{
	if (id > desk->next_id)
		desk->next_id = id;
}
