/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/alarm_file.h"
#include "collector/alert/hindsight.h"
#include "collector/store/registry_remark.h"
#include "collector/store/registry_renewal.h"
#include "common/clock.h"
#include "common/log.h"

#define GAP_MAX_S 600 /* after a longer stop of ours nobody knows how often links fell in it */
#define REMARKS_S (30 * 86400) /* acknowledgements of falls that began earlier are not looked for */
#define RENEWALS_REST 19 /* looking at all certificates takes at most a twentieth of the time */
#define US_PER_S 1000000

struct sight { /* during one look */
	struct look *look;
	const struct atlas *atlas;
	int64_t now_s;
};

int look_init(struct look *look, const char *state, struct office *office, struct err *err)
{
	*look = (struct look){.state = state,
		.office = office,
		.lookout = lookout_new(),
		.registry_sequence = -1};
	return look->lookout ? 0 : err_errno(err, -ENOMEM, "alert");
}

void look_done(struct look *look)
{
	lookout_free(look->lookout);
	habits_done(&look->habits);
}

/* ---- the registry */

static void read_file(struct look *look)
{
	struct err err = {0};

	if (alarm_file_read(look->state, look->office->desk, &look->habits, &err) < 0)
		log_error("%s", err.text); /* goes on with what could be read */
	look->read_file = true;
}

/* The registry has changed: other names, other scopes. */
static int follow(struct look *look, struct registry *registry, struct err *err)
{
	struct atlas *atlas = NULL;
	int64_t sequence;
	int r = registry_sequence(registry, &sequence, err);

	if (r < 0 || sequence == look->registry_sequence)
		return r;
	r = atlas_read(registry, &atlas, err);
	if (r < 0)
		return r;
	r = habits_follow(&look->habits, atlas);
	if (r < 0) {
		atlas_free(atlas);
		return err_errno(err, r, "alert");
	}
	pthread_mutex_lock(&look->office->lock);
	if (!look->read_file)
		read_file(look);
	atlas_free(look->office->atlas);
	look->office->atlas = atlas;
	pthread_mutex_unlock(&look->office->lock);
	look->registry_sequence = sequence;
	return 0;
}

static int take_remark(void *arg, const struct registry_remark *remark)
{
	struct look *look = arg;

	if (remark->acknowledged)
		alarm_desk_acknowledge(look->office->desk, remark->link, remark->at_s, remark->by,
			remark->entered_s);
	return 0;
}

/* ---- the ledger */

static int see(void *arg, const struct ledger_live *live)
{
	struct sight *sight = arg;
	const struct atlas_link *link = atlas_find(sight->atlas, live->link);

	if (!link)
		return 0; /* the registry is read again next time */
	return lookout_see(sight->look->lookout, live, link->scopes, sight->now_s);
}

static int read_ledger(struct sight *sight, struct err *err)
{
	struct ledger_db *ledger;
	int r = ledger_db_open(sight->look->state, &ledger, err);

	if (r == -ENOENT)
		return 0; /* nothing was ever heard */
	if (r < 0)
		return r;
	r = ledger_live_each(ledger, see, sight, err);
	ledger_db_close(ledger);
	return r;
}

static void learn(struct look *look, const struct fall *falls, size_t count, int64_t now_s)
{
	int64_t passed_s = now_s - look->last_s;
	uint64_t newest = look->last_fall;
	bool first = look->last_s == 0;

	look->last_s = now_s;
	if (!first && passed_s > 0 && passed_s <= GAP_MAX_S)
		habits_pass(&look->habits, (double)passed_s);
	for (size_t i = 0; i < count; i++) {
		/* the first look finds falls that are no news */
		if (!first && falls[i].number > look->last_fall)
			habits_fall(&look->habits, &falls[i]);
		if (falls[i].number > newest)
			newest = falls[i].number;
	}
	look->last_fall = newest;
	habits_rate(&look->habits);
}

/* ---- the desk */

static int group(struct look *look, struct fall *falls, struct alarm_sight *sight,
	struct incident **ret_incidents)
{
	struct falls_scopes scopes;

	for (int i = 0; i < FALL_SCOPES; i++)
		scopes.rates[i] = look->habits.rates[i];
	return falls_group(falls, sight->count, &scopes, ret_incidents, &sight->incident_count);
}

static int step(struct look *look, int64_t now_s, struct err *err)
{
	struct alarm_sight sight = {.now_s = now_s};
	const struct fall *seen = lookout_falls(look->lookout, &sight.count);
	struct fall *falls = malloc((sight.count + 1) * sizeof(*falls));
	struct incident *incidents = NULL;
	int r = falls ? 0 : -ENOMEM;

	if (r == 0 && sight.count)
		memcpy(falls, seen, sight.count * sizeof(*falls));
	if (r == 0)
		r = group(look, falls, &sight, &incidents);
	if (r == 0) {
		sight.falls = falls;
		sight.incidents = incidents;
		for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++)
			sight.names[scope] = atlas_scopes(look->office->atlas, scope)->keys;
		pthread_mutex_lock(&look->office->lock);
		r = alarm_desk_step(look->office->desk, &sight);
		pthread_mutex_unlock(&look->office->lock);
	}
	if (r < 0)
		err_errno(err, r, "alert");
	free(falls);
	free(incidents);
	return r;
}

/* ---- certificates */

static int look_at_renewals(
	struct look *look, struct registry *registry, int64_t now_s, struct err *err)
{
	struct renewal_counts counts;
	struct alarm_renewals found;
	uint64_t begun_us = clock_boot_us(), ended_us;
	int r;

	if (begun_us < look->renewals_us)
		return 0;
	r = renewal_count(registry, now_s, &counts, err);
	if (r < 0)
		return r;
	ended_us = clock_boot_us();
	look->renewals_us = ended_us + RENEWALS_REST * (ended_us - begun_us);
	found = (struct alarm_renewals){
		.waiting = (uint32_t)counts.parked,
		.late = (uint32_t)counts.late,
		.expired = (uint32_t)counts.expired,
		.agent = counts.agent,
	};
	pthread_mutex_lock(&look->office->lock);
	r = alarm_desk_renewals(look->office->desk, &found, now_s);
	pthread_mutex_unlock(&look->office->lock);
	return r < 0 ? err_errno(err, r, "alert") : 0;
}

/* ---- what silences were */

/* The id of an alarm whose past is to be looked up, with a copy of it that needs no lock; its
 * members are the caller's. 0: none. */
static uint64_t take_asked(struct look *look, int64_t now_s, struct alarm *ret_alarm)
{
	uint64_t id = 0;
	size_t count;
	struct alarm *const *alarms;

	pthread_mutex_lock(&look->office->lock);
	alarms = alarm_desk_alarms(look->office->desk, &count);
	for (size_t i = 0; i < count && !id; i++) {
		const struct alarm *alarm = alarms[i];

		if (!alarm_wants_past(alarm, now_s))
			continue;
		*ret_alarm = *alarm;
		ret_alarm->members = malloc(alarm->count * sizeof(*alarm->members));
		if (!ret_alarm->members)
			break;
		memcpy(ret_alarm->members, alarm->members, alarm->count * sizeof(*alarm->members));
		id = alarm->id;
	}
	pthread_mutex_unlock(&look->office->lock);
	return id;
}

/* NULL: it could not be looked up. */
static void give_found(
	struct look *look, uint64_t id, const struct alarm_hindsight *found, int64_t now_s)
{
	size_t count;
	struct alarm *const *alarms;

	pthread_mutex_lock(&look->office->lock);
	alarms = alarm_desk_alarms(look->office->desk, &count);
	for (size_t i = 0; i < count; i++) {
		if (alarms[i]->id != id || alarms[i]->past != PAST_ASKED)
			continue;
		if (found)
			alarm_desk_explain(look->office->desk, alarms[i], found, now_s);
		else
			alarm_desk_postpone(look->office->desk, alarms[i], now_s);
	}
	pthread_mutex_unlock(&look->office->lock);
}

/* One a look: there is no hurry. One that fails waits, so that it holds up no other. */
static int look_back(struct look *look, struct registry *registry, int64_t now_s, struct err *err)
{
	struct sla_source source = {.registry = registry};
	struct alarm_hindsight found;
	struct alarm alarm;
	uint64_t id = take_asked(look, now_s, &alarm);
	int r;

	if (!id)
		return 0;
	r = ledger_db_open(look->state, &source.ledger, err);
	if (r == 0) {
		r = hindsight_read(&source, &alarm, now_s, &found, err);
		ledger_db_close(source.ledger);
	}
	give_found(look, id, r == 0 ? &found : NULL, now_s);
	free(alarm.members);
	return r;
}

static int acknowledge(struct look *look, struct registry *registry, struct err *err)
{
	int r;

	pthread_mutex_lock(&look->office->lock);
	r = registry_remarks(registry, look->last_s - REMARKS_S, take_remark, look, err);
	pthread_mutex_unlock(&look->office->lock);
	return r;
}

static int look_with(struct look *look, struct registry *registry, struct err *err)
{
	struct sight sight = {.look = look, .now_s = clock_utc_us() / US_PER_S};
	const struct fall *falls;
	size_t count;
	int r = follow(look, registry, err);

	if (r < 0)
		return r;
	sight.atlas = look->office->atlas;
	r = read_ledger(&sight, err);
	if (r < 0)
		return r;
	lookout_forget(look->lookout, sight.now_s);
	falls = lookout_falls(look->lookout, &count);
	learn(look, falls, count, sight.now_s);
	r = acknowledge(look, registry, err);
	if (r == 0)
		r = look_at_renewals(look, registry, sight.now_s, err);
	if (r == 0)
		r = step(look, sight.now_s, err);
	return r < 0 ? r : look_back(look, registry, sight.now_s, err);
}

int look_once(struct look *look, struct err *err)
{
	struct registry *registry;
	int r = registry_open(look->state, REGISTRY_READ, NULL, &registry, err);

	if (r < 0)
		return r;
	r = look_with(look, registry, err);
	registry_close(registry);
	return r;
}
