/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/alarm_private.h"

#define NO_FALL SIZE_MAX

struct joining {
	struct alarm_desk *desk;
	const struct alarm_sight *sight;
	size_t *head, *next; /* the falls of each incident, by their beginning */
};

/* A fall that ended a while ago has had its alarm, or was not worth one. */
static bool is_news(const struct joining *joining, const struct fall *fall)
{
	return fall->to_s == SPAN_FOREVER ||
		joining->sight->now_s - fall->to_s < joining->desk->rules.calm_s;
}

/* ---- members */

static int seat(struct alarm_desk *desk, struct alarm *alarm, const struct fall *fall)
{
	const struct alarm_member member = {
		.link = fall->link, .from_s = fall->from_s, .to_s = fall->to_s};
	int r = member_add(alarm, &member);

	if (r < 0)
		return r;
	desk->seats[fall->link].alarm = alarm;
	desk->seats[fall->link].member = alarm->count - 1;
	if (!alarm->from_s || fall->from_s < alarm->from_s)
		alarm->from_s = fall->from_s;
	return 0;
}

/* The last one takes its place. */
static void unseat(struct alarm_desk *desk, int64_t link)
{
	struct seat *seat = &desk->seats[link];
	struct alarm *alarm = seat->alarm;
	struct alarm_member *last = &alarm->members[--alarm->count];

	if (last->link != link) {
		alarm->members[seat->member] = *last;
		desk->seats[last->link].member = seat->member;
	}
	seat->alarm = NULL;
}

/* The link is in its alarm; what is known of its fall now. */
static void update(struct alarm_desk *desk, const struct fall *fall)
{
	const struct seat *seat = &desk->seats[fall->link];
	struct alarm_member *member = &seat->alarm->members[seat->member];

	if (fall->number < member->fall)
		return; /* it has fallen once more since */
	if (fall->number > member->fall) {
		bool read_from_file = !member->fall && member->falls;

		member->falls += !(read_from_file && member->to_s == SPAN_FOREVER);
		member->fall = fall->number;
	}
	if (fall->from_s < member->from_s)
		member->from_s = fall->from_s;
	if (member->from_s < seat->alarm->from_s)
		seat->alarm->from_s = member->from_s;
	member->to_s = fall->to_s;
	member->silent = fall->silent;
	memcpy(member->cause, fall->cause, sizeof(member->cause));
	member->seen = desk->step;
}

/* ---- incidents */

/* The alarm that the incident goes on in: one that people know, then the oldest. */
static struct alarm *find_target(const struct joining *joining, size_t incident)
{
	struct alarm *best = NULL;

	for (size_t i = joining->head[incident]; i != NO_FALL; i = joining->next[i]) {
		struct alarm *alarm = joining->desk->seats[joining->sight->falls[i].link].alarm;

		if (!alarm || alarm == best)
			continue;
		if (!best || alarm->phase > best->phase ||
			(alarm->phase == best->phase && alarm->id < best->id))
			best = alarm;
	}
	return best;
}

static bool has_news(const struct joining *joining, size_t incident)
{
	for (size_t i = joining->head[incident]; i != NO_FALL; i = joining->next[i])
		if (is_news(joining, &joining->sight->falls[i]))
			return true;
	return false;
}

/* What was one link may turn out to be the first of many; never the other way. */
static void name(struct alarm *alarm, const struct alarm_sight *sight, size_t place)
{
	const struct incident *incident = &sight->incidents[place];

	if (incident->scope == FALL_ALONE || alarm->scope != FALL_ALONE)
		return;
	alarm->scope = incident->scope;
	snprintf(alarm->place, sizeof(alarm->place), "%s",
		sight->names[incident->scope][incident->place]);
}

static int join_fall(struct joining *joining, struct alarm *target, const struct fall *fall)
{
	struct alarm_desk *desk = joining->desk;
	struct alarm *alarm = desk->seats[fall->link].alarm;
	int r = 0;

	if (alarm && alarm != target && alarm->phase == ALARM_WAITING) {
		unseat(desk, fall->link);
		alarm = NULL;
	} else if (!alarm && !is_news(joining, fall)) {
		return 0;
	}
	if (!alarm)
		r = seat(desk, target, fall);
	if (r == 0)
		update(desk, fall);
	return r;
}

static int join_incident(struct joining *joining, size_t incident)
{
	struct alarm *target = find_target(joining, incident);
	int r = 0;

	if (!target) {
		if (!has_news(joining, incident))
			return 0;
		target = desk_add(joining->desk);
		if (!target)
			return -ENOMEM;
	}
	name(target, joining->sight, incident);
	for (size_t i = joining->head[incident]; r == 0 && i != NO_FALL; i = joining->next[i])
		r = join_fall(joining, target, &joining->sight->falls[i]);
	return r;
}

/* ---- all of them */

static int prepare(struct joining *joining)
{
	const struct alarm_sight *sight = joining->sight;

	joining->head = malloc((sight->incident_count + 1) * sizeof(*joining->head));
	joining->next = malloc((sight->count + 1) * sizeof(*joining->next));
	if (!joining->head || !joining->next)
		return -ENOMEM;
	for (size_t i = 0; i < sight->incident_count; i++)
		joining->head[i] = NO_FALL;
	for (size_t i = sight->count; i > 0; i--) {
		size_t incident = sight->falls[i - 1].incident;

		joining->next[i - 1] = joining->head[incident];
		joining->head[incident] = i - 1;
	}
	return 0;
}

static int count_recent(struct alarm_desk *desk, const struct alarm_sight *sight)
{
	for (size_t i = 0; i < sight->count; i++)
		if (desk_know(desk, sight->falls[i].link) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < desk->links; i++)
		desk->seats[i].recent_falls = 0;
	for (size_t i = 0; i < sight->count; i++)
		if (sight->now_s - sight->falls[i].from_s < desk->rules.flap_s)
			desk->seats[sight->falls[i].link].recent_falls++;
	return 0;
}

/* Fallen when the file was written, and not any more: it came back while nobody looked. */
static void miss_the_unseen(struct alarm_desk *desk, int64_t now_s)
{
	for (size_t i = 0; i < desk->count; i++) {
		struct alarm *alarm = desk->alarms[i];

		for (size_t j = 0; alarm->phase != ALARM_CLOSED && j < alarm->count; j++)
			if (alarm->members[j].to_s == SPAN_FOREVER &&
				alarm->members[j].seen != desk->step)
				alarm->members[j].to_s = now_s;
	}
}

int desk_join(struct alarm_desk *desk, const struct alarm_sight *sight)
{
	struct joining joining = {.desk = desk, .sight = sight};
	int r = count_recent(desk, sight);

	if (r == 0)
		r = prepare(&joining);
	for (size_t i = 0; r == 0 && i < sight->incident_count; i++)
		r = join_incident(&joining, i);
	if (r == 0)
		miss_the_unseen(desk, sight->now_s);
	free(joining.head);
	free(joining.next);
	return r;
}
