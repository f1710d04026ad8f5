/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people are told, and when: one alarm for one incident, which grows, is edited, and ends. The
 * desk keeps the alarms; each step shows it the falls as they are grouped now.
 *
 *   WAITING  fallen, not long enough to be worth a message, or it is night
 *   TOLD     a message is out, or will be; each new version of it replaces the last
 *   CLOSED   all are back, and stayed so
 *
 * Of a silence that is over, late records may tell what it was: that is one version more, once.
 * A link that falls again and again keeps its alarm open: flapping is damped here, and nowhere in
 * the accounts. Pure: no clock, no channel; channels look for versions that they have not sent.
 */
#ifndef PANTAU_ALERT_ALARM_H
#define PANTAU_ALERT_ALARM_H

#include "collector/incident/falls.h"
#include "collector/ledger/cause.h"

#define ALARM_CHANNELS 4 /* Telegram, mail, webhook, Alertmanager */
#define ALARM_REF_BYTES 96 /* what a channel calls its message */
#define ALARM_PLACE_BYTES 96
#define ALARM_BY_BYTES 96

struct alarm_rules { /* seconds */
	int64_t down_s, silent_s; /* a link alone is worth a message after so long */
	int64_t crowd_s, crowd_silent_s; /* many together are, after so long */
	int64_t calm_s; /* back for so long, and it is over */
	uint32_t flap_falls; /* so many falls of a link in flap_s are flapping: */
	int64_t flap_s, flap_calm_s; /* it is over after so long a calm */
	int64_t edit_s; /* least time between two versions of a message */
	int64_t escalate_s; /* told so long ago, and nobody has acknowledged; 0: never */
	int32_t offset_s; /* of the zone in which there is night */
	int64_t quiet_from_s, quiet_to_s; /* of the local day; equal: no quiet hours */
	uint32_t quiet_links; /* fewer wait for the morning */
};

enum alarm_phase { ALARM_WAITING, ALARM_TOLD, ALARM_CLOSED };
const char *alarm_phase_name(enum alarm_phase phase);

struct alarm_member {
	int64_t link;
	int64_t from_s, to_s; /* the first fall's beginning; the last return, SPAN_FOREVER: none */
	uint32_t falls;
	bool silent;
	uint64_t fall; /* the number of the last one; 0 read from the file */
	uint64_t seen; /* the step that saw it fallen */
	char cause[FALL_CAUSE_BYTES];
};

struct alarm_sent { /* by one channel */
	char ref[ALARM_REF_BYTES]; /* "" before the first */
	uint32_t version; /* 0: none */
	bool escalated; /* told to those above as well */
	int64_t sent_s, retry_s; /* when the last went; not before */
	uint32_t tries; /* in vain, of this version */
};

/* What is still to come must not be told as up: so many parts are known for one that is not. Not
 * all, since the ends of a silence lie within a slot. */
#define HINDSIGHT_KNOWN 2

struct alarm_hindsight { /* what silent members turned out to have been */
	uint32_t down, power, up, unknown; /* links; unknown: nothing came of it (yet) */
	int64_t down_s, power_s, up_s, rest_s; /* their seconds */
	bool has_cause;
	enum down_cause cause; /* of most down_s */
	/* How many were silent, and how many of them these figures are of: all, or a sample. 0 in a
	 * file of an older program. */
	uint32_t silent, looked;
};

enum alarm_past { /* of an alarm with silent members, once it is closed */
	PAST_NONE, /* nothing was silent, or it is not over */
	PAST_ASKED, /* what it was is looked for */
	PAST_TOLD, /* the version says it */
};

struct alarm_renewals { /* of agents' certificates; an alarm of its own, without members */
	bool is; /* of that kind */
	uint32_t waiting, late, expired; /* as in registry_renewal.h */
	uint32_t agent; /* one of them */
	int64_t clear_s; /* since when there are none; 0: there are */
};

struct alarm {
	uint64_t id; /* from 1, never given twice */
	enum alarm_phase phase;
	bool night; /* what began and ended in quiet hours, told in the morning */
	bool flapping;
	enum fall_scope scope;
	char place[ALARM_PLACE_BYTES]; /* the provider's name, the kecamatan's code; "" */
	struct alarm_member *members; /* as they joined */
	size_t count, room;
	int64_t worth_s; /* since when it is worth a message; 0: it is not */
	int64_t from_s, told_s, closed_s, escalated_s, acknowledged_s; /* UTC; 0: not (yet) */
	char acknowledged_by[ALARM_BY_BYTES];
	uint32_t version; /* of the message; 0 while it waits */
	int64_t version_s;
	uint64_t gist; /* of what the version says */
	enum alarm_past past;
	struct alarm_hindsight hindsight; /* as it was found last */
	struct alarm_renewals renewals;
	int64_t past_look_s; /* not before */
	struct alarm_sent sent[ALARM_CHANNELS];
};

/* Appends to a list that grows. 0 or -ENOMEM. */
int member_list_add(struct alarm_member **members, size_t *count, size_t *room,
	const struct alarm_member *member);
size_t alarm_lasting(const struct alarm *alarm); /* members that have not come back */
size_t alarm_silent(const struct alarm *alarm); /* of them: no news, not known to be down */
/* The last return of any member; the end of one without. */
int64_t alarm_to(const struct alarm *alarm);

struct alarm_desk;

struct alarm_desk *alarm_desk_new(const struct alarm_rules *rules); /* NULL: out of memory */
void alarm_desk_free(struct alarm_desk *desk);

struct alarm_sight { /* borrowed for the step */
	const struct fall *falls; /* grouped: see falls_group() */
	size_t count;
	const struct incident *incidents;
	size_t incident_count;
	const char *const *names[FALL_SCOPES]; /* of the scopes' places */
	int64_t now_s;
};

/* 0 or -ENOMEM: then the step may be half done, and the next one makes it whole. */
int alarm_desk_step(struct alarm_desk *desk, const struct alarm_sight *sight);

/* Before the step: how the renewal of certificates stands, one alarm for all. 0 or -ENOMEM. */
int alarm_desk_renewals(struct alarm_desk *desk, const struct alarm_renewals *found, int64_t now_s);

/* Somebody takes care of the incident in which this link was fallen at this second. True: there is
 * one, and it was not acknowledged before. */
bool alarm_desk_acknowledge(struct alarm_desk *desk, int64_t link, int64_t at_s, const char *by,
	int64_t acknowledged_s);

/* Whether it is time to look what its silence was. */
bool alarm_wants_past(const struct alarm *alarm, int64_t now_s);
/* What was found: told when all of it is known, or what is known has stood still for a while; else
 * looked for again, each time after twice as long. */
void alarm_desk_explain(struct alarm_desk *desk, struct alarm *alarm,
	const struct alarm_hindsight *found, int64_t now_s);
/* It could not be looked up now: later, as if nothing had come. */
void alarm_desk_postpone(const struct alarm_desk *desk, struct alarm *alarm, int64_t now_s);

/* All alarms, oldest first; valid until the next step. The caller may change `sent`. */
struct alarm *const *alarm_desk_alarms(struct alarm_desk *desk, size_t *ret_count);
/* Closed, and every channel of the set (bits) has said so; or a day has passed. */
void alarm_desk_forget(struct alarm_desk *desk, unsigned channels, int64_t now_s);

/* For the file: takes an alarm over with its id (moves its members). 0 or -ENOMEM. */
int alarm_desk_restore(struct alarm_desk *desk, struct alarm *alarm);
/* What came and went in quiet hours and is told in the morning. Borrowed until the next step. */
const struct alarm_member *alarm_desk_night(const struct alarm_desk *desk, size_t *ret_count);
int alarm_desk_restore_night(struct alarm_desk *desk, const struct alarm_member *member);
uint64_t alarm_desk_next_id(const struct alarm_desk *desk);
void alarm_desk_set_next_id(struct alarm_desk *desk, uint64_t id);

#endif
