/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/fate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "swarm/chance.h"

#define DAY_US (86400LL * 1000000)
#define MS_US 1000LL
#define TRIES 8 /* a day: as many as can happen of one sort at random */
#define DAYS_BACK 2 /* longer than SCENARIO_LASTS_MAX_MS */
#define SHORTEST_US (20 * 1000000LL) /* of what is drawn */

struct spell { /* [from, to) */
	int64_t from_us, to_us;
	enum trouble trouble;
	const struct scene *scene; /* NULL: drawn */
};

struct fate {
	const struct scenario *scenario;
	const struct subject *subject;
	int64_t start_us;
	struct spell *spells;
	size_t count, room;
	int64_t next_day; /* local; what is of earlier days is in; 0: nothing yet */
};

/* ---- spells */

static int add_spell(struct fate *fate, const struct spell *spell)
{
	if (fate->count == fate->room) {
		size_t room = fate->room ? fate->room * 2 : 16;
		struct spell *grown = reallocarray(fate->spells, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		fate->spells = grown;
		fate->room = room;
	}
	fate->spells[fate->count++] = *spell;
	return 0;
}

static bool concerns(const struct fate *fate, const struct scene *scene)
{
	return whom_has(&scene->whom, fate->subject);
}

static int add_scenes(struct fate *fate)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < fate->scenario->count; i++) {
		const struct scene *scene = &fate->scenario->scenes[i];
		int64_t from_us = fate->start_us + scene->at_ms * MS_US;

		if (!scene->daily && concerns(fate, scene))
			r = add_spell(fate,
				&(struct spell){from_us, from_us + (int64_t)scene->for_ms * MS_US,
					scene->trouble, scene});
	}
	return r;
}

/* ---- a day's */

static uint64_t place_of(const char *text)
{
	uint64_t hash = 0;

	for (; *text; text++)
		hash = chance_mix(hash ^ (unsigned char)*text);
	return hash;
}

static int add_daily(struct fate *fate, int64_t day, int64_t midnight_us)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < fate->scenario->count; i++) {
		const struct scene *scene = &fate->scenario->scenes[i];
		uint64_t draw = chance_draw(fate->scenario->seed + i, CHANCE_DAILY,
			fate->subject->number, (uint64_t)day);
		int64_t from_us;

		if (!scene->daily || !concerns(fate, scene) ||
			chance_share(draw) * 1e6 >= scene->chance_ppm)
			continue;
		from_us = midnight_us + scene->at_ms * MS_US +
			(int64_t)(chance_share(chance_mix(draw)) * scene->jitter_ms) * MS_US;
		r = add_spell(fate,
			&(struct spell){from_us, from_us + (int64_t)scene->for_ms * MS_US,
				scene->trouble, scene});
	}
	return r;
}

/* Where an outage lies, when one is drawn: most lie between the premises and the provider. */
static enum trouble draw_outage(double share)
{
	static const struct {
		double below;
		enum trouble trouble;
	} causes[] = {{0.08, TROUBLE_CABLE}, {0.22, TROUBLE_CPE}, {0.62, TROUBLE_ACCESS},
		{0.86, TROUBLE_PROVIDER}, {1, TROUBLE_UPSTREAM}};
	size_t i = 0;

	while (share >= causes[i].below)
		i++;
	return causes[i].trouble;
}

struct lot { /* what is drawn of one sort */
	enum chance chance;
	uint64_t who;
	double a_week, minutes;
};

/* Some of TRIES happen: so often a week as is said, exponentially long. */
static int draw_lot(struct fate *fate, const struct lot *lot, int64_t day, int64_t midnight_us)
{
	double share = lot->a_week / 7 / TRIES * fate->scenario->background_ppm / 1e6;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < TRIES; i++) {
		uint64_t draw = chance_draw(
			fate->scenario->seed, lot->chance, lot->who, (uint64_t)day * TRIES + i);
		double at = chance_share(chance_mix(draw + 1)),
		       of = chance_share(chance_mix(draw + 2));
		double long_us = -log(1 - of) * lot->minutes * 60e6;
		struct spell spell = {.from_us = midnight_us + (int64_t)(at * DAY_US)};

		if (chance_share(draw) >= share)
			continue;
		long_us = fmin(fmax(long_us, SHORTEST_US), SCENARIO_LASTS_MAX_MS * 1e3);
		spell.to_us = spell.from_us + (int64_t)long_us;
		spell.trouble = lot->chance == CHANCE_POWER ? TROUBLE_POWER
			: lot->chance == CHANCE_RESTART
			? TROUBLE_RESTART
			: draw_outage(chance_share(chance_mix(draw + 3)));
		r = add_spell(fate, &spell);
	}
	return r;
}

static int draw_day(struct fate *fate, int64_t day, int64_t midnight_us)
{
	const struct subject *subject = fate->subject;
	const struct profile *profile = &fate->scenario->profiles[subject->kind];
	/* A desa has its power cuts together. */
	uint64_t place = *subject->desa ? place_of(subject->desa) : subject->number;
	const struct lot lots[] = {
		{CHANCE_OUTAGE, subject->number, profile->outages_week, profile->outage_min},
		{CHANCE_POWER, place, profile->power_week, profile->power_min},
		{CHANCE_RESTART, subject->number, profile->restarts_week, 1},
	};
	int r = 0;

	if (!fate->scenario->background_ppm)
		return 0;
	for (size_t i = 0; r == 0 && i < sizeof(lots) / sizeof(lots[0]); i++)
		r = draw_lot(fate, &lots[i], day, midnight_us);
	return r;
}

static int add_day(struct fate *fate, int64_t day)
{
	int64_t midnight_us = day * DAY_US - fate->scenario->zone_s * 1000000LL;
	int r = add_daily(fate, day, midnight_us);

	return r ? r : draw_day(fate, day, midnight_us);
}

/* But those that are counted. */
static void forget_before(struct fate *fate, int64_t utc_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < fate->count; i++)
		if (fate->spells[i].to_us >= utc_us || fate->spells[i].trouble == TROUBLE_REBIND)
			fate->spells[kept++] = fate->spells[i];
	fate->count = kept;
}

static int64_t day_of(const struct fate *fate, int64_t utc_us)
{
	int64_t local_us = utc_us + fate->scenario->zone_s * 1000000LL;

	return local_us / DAY_US - (local_us % DAY_US < 0);
}

/* All of the days around the moment, which may begin or end at it. */
static int reach_day(struct fate *fate, int64_t utc_us)
{
	int64_t day = day_of(fate, utc_us);
	int r = 0;

	if (fate->next_day == 0)
		fate->next_day = day - DAYS_BACK;
	while (r == 0 && fate->next_day <= day + 1) {
		forget_before(fate, utc_us - DAYS_BACK * DAY_US);
		r = add_day(fate, fate->next_day);
		fate->next_day += r == 0;
	}
	return r;
}

/* ---- the moment */

static void lower(enum reach *reach, enum reach to)
{
	if (to < *reach)
		*reach = to;
}

static void suffer_slow(const struct spell *spell, struct condition *condition)
{
	condition->rtt_ms += spell->scene->rtt_ms;
	condition->loss_ppm += spell->scene->loss_ppm;
	condition->speed_percent = condition->speed_percent * spell->scene->speed_percent / 100;
}

static void suffer(const struct spell *spell, struct condition *condition)
{
	switch (spell->trouble) {
	case TROUBLE_CABLE: lower(&condition->reach, REACH_NOTHING); break;
	case TROUBLE_CPE: lower(&condition->reach, REACH_PREMISES); break;
	case TROUBLE_ACCESS: lower(&condition->reach, REACH_GATEWAY); break;
	case TROUBLE_PROVIDER: lower(&condition->reach, REACH_EDGE); break;
	case TROUBLE_UPSTREAM: lower(&condition->reach, REACH_PROVIDER); break;
	case TROUBLE_SLOW: suffer_slow(spell, condition); break;
	case TROUBLE_DNS: condition->dns = false; break;
	case TROUBLE_OFFLINE: condition->collector = false; break;
	case TROUBLE_RESTART:
		condition->in_order |= condition->power;
		condition->power = false;
		break;
	case TROUBLE_POWER: condition->power = condition->in_order = false; break;
	case TROUBLE_CLOCK:
		condition->told_time = false;
		condition->clock_off_us = spell->scene->off_ms * MS_US;
		break;
	case TROUBLE_REBIND:
	case TROUBLE_COUNT: break;
	}
}

/* What is until when: the next moment at which a spell begins or ends. */
static void look_at(const struct spell *spell, int64_t utc_us, struct condition *condition)
{
	int64_t next_us = spell->from_us > utc_us ? spell->from_us : spell->to_us;

	if (next_us > utc_us && next_us < condition->until_us)
		condition->until_us = next_us;
	if (spell->trouble == TROUBLE_REBIND)
		condition->rebinds += spell->from_us <= utc_us;
	else if (spell->from_us <= utc_us && utc_us < spell->to_us)
		suffer(spell, condition);
}

int fate_at(struct fate *fate, int64_t utc_us, struct condition *ret_condition)
{
	struct condition condition = {
		.until_us = INT64_MAX,
		.power = true,
		.reach = REACH_ALL,
		.collector = true,
		.dns = true,
		.told_time = true,
		.speed_percent = 100,
	};
	int64_t midnight_us;
	int r = reach_day(fate, utc_us);

	if (r < 0)
		return r;
	for (size_t i = 0; i < fate->count; i++)
		look_at(&fate->spells[i], utc_us, &condition);
	midnight_us = (day_of(fate, utc_us) + 1) * DAY_US - fate->scenario->zone_s * 1000000LL;
	if (condition.until_us > midnight_us)
		condition.until_us = midnight_us; /* the day after it may not be drawn yet */
	if (condition.reach < REACH_ALL || !condition.power)
		condition.collector = false;
	*ret_condition = condition;
	return 0;
}

/* ---- life */

int fate_new(const struct scenario *scenario, const struct subject *subject, int64_t start_us,
	struct fate **ret_fate)
{
	struct fate *fate = calloc(1, sizeof(*fate));
	int r;

	if (!fate)
		return -ENOMEM;
	fate->scenario = scenario;
	fate->subject = subject;
	fate->start_us = start_us;
	r = add_scenes(fate);
	if (r < 0) {
		fate_free(fate);
		return r;
	}
	*ret_fate = fate;
	return 0;
}

void fate_free(struct fate *fate)
{
	if (!fate)
		return;
	free(fate->spells);
	free(fate);
}
