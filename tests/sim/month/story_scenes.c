/* SPDX-License-Identifier: Apache-2.0 */
/* Months that are played: scene after scene, in an order of their own; and months without order. */
#include <stddef.h>

#include "tests/sim/month/story.h"

#define S STORY_S
#define MINUTE STORY_MINUTE
#define HOUR STORY_HOUR
#define DAY STORY_DAY
#define SCENES_MAX 128
#define LOSS_PERCENT 30 /* where it is one of a pair */
#define LEAD_US (20 * MINUTE) /* of calm at least before a scene: longer than the window */

static const enum trouble innocents[] = {TROUBLE_COLLECTOR, TROUBLE_TARGET, TROUBLE_REBOOT,
	TROUBLE_POWER, TROUBLE_NAT, TROUBLE_STEP, TROUBLE_UPGRADE, TROUBLE_DNS, TROUBLE_HANG,
	TROUBLE_KILL, TROUBLE_STALL, TROUBLE_LOSS, TROUBLE_PINGS};
static const enum trouble outages[] = {
	TROUBLE_CARRIER, TROUBLE_GATEWAY, TROUBLE_ACCESS, TROUBLE_PROVIDER, TROUBLE_UPSTREAM};
#define INNOCENTS (sizeof(innocents) / sizeof(innocents[0]))
#define NAMED 8 /* of them, that an outage may have beside it */
#define OUTAGES (sizeof(outages) / sizeof(outages[0]))

struct scene {
	enum trouble first, second;
	bool is_pair;
};

static size_t list_innocent(struct scene *scenes)
{
	size_t count = 0;

	for (size_t i = 0; i < INNOCENTS; i++) {
		scenes[count++] = (struct scene){innocents[i], .is_pair = false};
		for (size_t j = i; j < INNOCENTS; j++)
			scenes[count++] = (struct scene){innocents[i], innocents[j], true};
	}
	return count;
}

static size_t list_outages(struct scene *scenes)
{
	size_t count = 0;

	for (size_t i = 0; i < OUTAGES; i++) {
		scenes[count++] = (struct scene){outages[i], .is_pair = false};
		for (size_t j = 0; j < NAMED; j++)
			scenes[count++] = (struct scene){outages[i], innocents[j], true};
	}
	return count;
}

static void shuffle(struct scene *scenes, size_t count, struct draw *draw)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = draw_between(draw, 0, i - 1);
		struct scene kept = scenes[i - 1];

		scenes[i - 1] = scenes[j];
		scenes[j] = kept;
	}
}

/* A gateway that is not there is one way of three to have no way out of the house. */
static enum trouble vary(enum trouble trouble, struct draw *draw)
{
	if (trouble != TROUBLE_GATEWAY)
		return trouble;
	return draw_chance(draw, 60)    ? TROUBLE_GATEWAY
		: draw_chance(draw, 50) ? TROUBLE_ADDRESS
					: TROUBLE_ROUTE;
}

static unsigned detail_of(enum trouble trouble, bool is_second)
{
	return trouble == TROUBLE_LOSS ? LOSS_PERCENT : trouble == TROUBLE_TARGET && is_second;
}

static void play(struct story *story, const struct scene *scene, uint64_t from_us, uint64_t room_us,
	struct draw *draw)
{
	struct spell first = {.trouble = vary(scene->first, draw)}, second;
	uint64_t length_us = story_length(first.trouble, draw);

	if (length_us > room_us / 2)
		length_us = room_us / 2;
	first.from_us = from_us + LEAD_US + draw_between(draw, 0, room_us / 4);
	first.to_us = first.from_us + length_us;
	first.detail = detail_of(first.trouble, false);
	story_add_detail(story, &first);
	if (!scene->is_pair)
		return;
	second = (struct spell){.trouble = vary(scene->second, draw)};
	second.detail = detail_of(second.trouble, true);
	second.from_us = first.from_us - MINUTE + draw_between(draw, 0, length_us + 3 * MINUTE);
	length_us = story_length(second.trouble, draw);
	if (length_us > room_us / 4)
		length_us = room_us / 4;
	second.to_us = second.from_us + length_us;
	story_add_detail(story, &second);
}

void story_draw_scenes(struct story *story, struct draw *draw)
{
	struct scene scenes[SCENES_MAX];
	size_t count = story->kind == STORY_INNOCENT ? list_innocent(scenes) : list_outages(scenes);
	uint64_t room_us = story->length_us / count;

	shuffle(scenes, count, draw);
	for (size_t i = 0; i < count; i++)
		play(story, &scenes[i], i * room_us, room_us, draw);
}

/* ---- anything at any time */

static uint64_t any_time(const struct story *story, struct draw *draw)
{
	return draw_between(draw, HOUR, story->length_us - 1);
}

static void scatter(struct story *story, enum trouble trouble, unsigned most, struct draw *draw)
{
	uint64_t count = draw_between(draw, 0, most);

	while (count-- > 0) {
		struct spell spell = {.from_us = any_time(story, draw), .trouble = trouble};

		spell.to_us = spell.from_us + story_length(trouble, draw);
		if (trouble == TROUBLE_TARGET)
			spell.detail = (unsigned)draw_between(draw, 0, 1);
		if (trouble == TROUBLE_LOSS)
			spell.detail = (unsigned)draw_between(draw, 5, 40);
		story_add_detail(story, &spell);
	}
}

/* Up and down, up and down. */
static void add_flapping(struct story *story, struct draw *draw)
{
	uint64_t at_us = any_time(story, draw), end_us = at_us + draw_scale(draw, MINUTE, 2 * HOUR);
	uint64_t longest_us = draw_scale(draw, 10 * S, 8 * MINUTE);
	enum trouble trouble = vary(outages[draw_between(draw, 0, OUTAGES - 1)], draw);

	while (at_us < end_us) {
		uint64_t length_us = draw_between(draw, S, longest_us);

		story_add(story, trouble, at_us, length_us);
		at_us += length_us + draw_between(draw, S, longest_us);
	}
}

/* The agent runs now and then. */
static void add_stalling(struct story *story, struct draw *draw)
{
	uint64_t at_us = any_time(story, draw);

	story_add_stalls(story, at_us, at_us + draw_scale(draw, MINUTE, 2 * HOUR), draw);
}

/* A boot that nobody tells the time: no network while it lasts. */
static void add_lost_boot(struct story *story, struct draw *draw)
{
	uint64_t from_us = any_time(story, draw), length_us = draw_scale(draw, 10 * MINUTE, DAY);
	uint64_t dark_us = draw_scale(draw, 10 * S, HOUR);

	story_add(story, TROUBLE_POWER, from_us, dark_us);
	story_add(story, outages[draw_between(draw, 0, OUTAGES - 1)], from_us, length_us);
	story_add(story, TROUBLE_POWER, from_us + length_us - MINUTE,
		draw_scale(draw, 2 * MINUTE, HOUR));
}

/* The collector is away for longer than the spool lasts. */
static void add_overflow(struct story *story, struct draw *draw)
{
	uint64_t days = draw_between(draw, 2, 9);

	story->place.spool_records = days * 1400;
	story_add(story, TROUBLE_COLLECTOR, any_time(story, draw),
		days * DAY + draw_scale(draw, HOUR, 4 * DAY));
}

/* What a configuration may say, though no profile does. */
static void draw_rhythm(struct place *place, struct draw *draw)
{
	static const uint32_t rounds_s[] = {5, 7, 10, 11, 15, 20, 30, 45, 60};
	static const uint32_t slots_s[] = {60, 60, 60, 30, 20, 17};

	place->is_odd = true;
	place->slot_s = slots_s[draw_between(draw, 0, 5)];
	do {
		place->round_s = rounds_s[draw_between(draw, 0, 8)];
	} while (place->round_s > place->slot_s);
	place->near_s = (uint32_t)draw_scale(draw, 1, 7200);
}

/* How many of each there may be in a wild month. */
static const unsigned most_wild[TROUBLE_COUNT] = {
	[TROUBLE_CARRIER] = 4,
	[TROUBLE_ADDRESS] = 2,
	[TROUBLE_ROUTE] = 2,
	[TROUBLE_GATEWAY] = 4,
	[TROUBLE_ACCESS] = 4,
	[TROUBLE_PROVIDER] = 4,
	[TROUBLE_UPSTREAM] = 4,
	[TROUBLE_TARGET] = 6,
	[TROUBLE_PINGS] = 3,
	[TROUBLE_DNS] = 3,
	[TROUBLE_LOSS] = 6,
	[TROUBLE_COLLECTOR] = 6,
	[TROUBLE_NAT] = 30,
	[TROUBLE_STEP] = 4,
	[TROUBLE_POWER] = 20,
	[TROUBLE_REBOOT] = 6,
	[TROUBLE_HANG] = 4,
	[TROUBLE_UPGRADE] = 4,
	[TROUBLE_KILL] = 6,
	[TROUBLE_STALL] = 6,
};

void story_draw_wild(struct story *story, struct draw *draw)
{
	if (draw_chance(draw, 30))
		draw_rhythm(&story->place, draw);
	for (int i = 0; i < TROUBLE_COUNT; i++)
		scatter(story, (enum trouble)i, most_wild[i], draw);
	for (uint64_t count = draw_between(draw, 0, 4); count > 0; count--)
		add_flapping(story, draw);
	for (uint64_t count = draw_between(draw, 0, 2); count > 0; count--)
		add_stalling(story, draw);
	if (draw_chance(draw, 40))
		add_lost_boot(story, draw);
	if (draw_chance(draw, 30))
		add_overflow(story, draw);
	if (draw_chance(draw, 15))
		story->place.trusted_from_us = draw_scale(draw, HOUR, 10 * DAY);
	if (draw_chance(draw, 20))
		story_add(story, TROUBLE_POWER,
			story->length_us - draw_scale(draw, MINUTE, 2 * DAY), STORY_MONTH);
}
