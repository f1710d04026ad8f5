/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the desk: alarm.c keeps, alarm_join.c says what belongs where, alarm_judge.c decides. */
#ifndef PANTAU_ALERT_ALARM_PRIVATE_H
#define PANTAU_ALERT_ALARM_PRIVATE_H

#include "collector/alert/alarm.h"

struct seat { /* a link's place in the one alarm that it may be in while that is open */
	struct alarm *alarm; /* NULL: none */
	size_t member;
	uint32_t recent_falls; /* in the last flap_s */
};

struct alarm_desk {
	struct alarm_rules rules;
	struct alarm **alarms; /* oldest first */
	size_t count, room;
	struct seat *seats; /* by link id */
	size_t links;
	uint64_t next_id, step;
	struct alarm_member *night; /* what came and went in quiet hours */
	size_t night_count, night_room;
};

/* ---- alarm.c */

/* 0 or -ENOMEM. */
int desk_know(struct alarm_desk *desk, int64_t link);
struct alarm *desk_add(struct alarm_desk *desk); /* WAITING, with an id; NULL: out of memory */
/* Its links are free for another alarm; it stays on the list. */
void desk_leave(struct alarm_desk *desk, struct alarm *alarm);
int member_add(struct alarm *alarm, const struct alarm_member *member);

/* ---- alarm_join.c: every fall gets its alarm. 0 or -ENOMEM. */
int desk_join(struct alarm_desk *desk, const struct alarm_sight *sight);

/* ---- alarm_judge.c: each alarm's phase and version. 0 or -ENOMEM. */
int desk_judge(struct alarm_desk *desk, int64_t now_s);
bool desk_is_quiet(const struct alarm_desk *desk, int64_t now_s);
/* If it says something else, and the last one is old enough. */
void desk_write_version(const struct alarm_desk *desk, struct alarm *alarm, int64_t now_s);

#endif
