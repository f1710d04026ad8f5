/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/story.h"

#include <stdlib.h>
#include <string.h>

#define S STORY_S
#define MINUTE STORY_MINUTE
#define HOUR STORY_HOUR
#define KINDS 3 /* of months, in turn */

const char *trouble_words(enum trouble trouble)
{
	static const char *const words[TROUBLE_COUNT] = {
		[TROUBLE_CARRIER] = "no carrier",
		[TROUBLE_ADDRESS] = "no address",
		[TROUBLE_ROUTE] = "no route",
		[TROUBLE_GATEWAY] = "the gateway is dead",
		[TROUBLE_ACCESS] = "the access network is dead",
		[TROUBLE_PROVIDER] = "the provider's network is dead",
		[TROUBLE_UPSTREAM] = "the provider's upstream is dead",
		[TROUBLE_TARGET] = "an internet target is dead",
		[TROUBLE_PINGS] = "pings are filtered",
		[TROUBLE_DNS] = "the resolver is dead",
		[TROUBLE_LOSS] = "many packets are lost",
		[TROUBLE_COLLECTOR] = "the collector is away",
		[TROUBLE_NAT] = "the NAT forgets",
		[TROUBLE_STEP] = "the clock is wrong",
		[TROUBLE_POWER] = "no power",
		[TROUBLE_REBOOT] = "a reboot in order",
		[TROUBLE_HANG] = "the router hangs until the watchdog bites",
		[TROUBLE_UPGRADE] = "the agent is upgraded",
		[TROUBLE_KILL] = "the agent is dead",
		[TROUBLE_STALL] = "the machine is busy",
	};

	return words[trouble];
}

const char *story_kind_words(enum story_kind kind)
{
	static const char *const words[] = {
		[STORY_INNOCENT] = "innocent",
		[STORY_OUTAGES] = "outages",
		[STORY_WILD] = "wild",
		[STORY_CAUSE] = "one cause",
	};

	return words[kind];
}

uint64_t story_length(enum trouble trouble, struct draw *draw)
{
	static const uint64_t ranges_us[TROUBLE_COUNT][2] = {
		[TROUBLE_CARRIER] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_ADDRESS] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_ROUTE] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_GATEWAY] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_ACCESS] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_PROVIDER] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_UPSTREAM] = {6 * MINUTE, 4 * HOUR},
		[TROUBLE_TARGET] = {MINUTE, 8 * HOUR},
		[TROUBLE_PINGS] = {MINUTE, 8 * HOUR},
		[TROUBLE_DNS] = {MINUTE, 8 * HOUR},
		[TROUBLE_LOSS] = {MINUTE, 2 * HOUR},
		[TROUBLE_COLLECTOR] = {MINUTE, 8 * HOUR},
		[TROUBLE_NAT] = {S, S},
		[TROUBLE_STEP] = {MINUTE, 2 * HOUR},
		[TROUBLE_POWER] = {5 * S, 6 * HOUR},
		[TROUBLE_REBOOT] = {3 * S, 40 * S},
		[TROUBLE_HANG] = {20 * S, 5 * MINUTE},
		[TROUBLE_UPGRADE] = {S, 100 * S},
		[TROUBLE_KILL] = {S, 2 * HOUR},
		[TROUBLE_STALL] = {S, 5 * MINUTE},
	};

	return draw_scale(draw, ranges_us[trouble][0], ranges_us[trouble][1]);
}

static void draw_place(struct place *place, struct draw *draw)
{
	bool is_metered = draw_chance(draw, 25);

	place->round_s = is_metered ? 30 : 10;
	place->near_s = is_metered ? 1800 : 600;
	place->slot_s = 60;
	place->has_ntp = draw_chance(draw, 60);
	place->has_edge = draw_chance(draw, 90);
	place->has_provider = draw_chance(draw, 90);
	place->has_neighbours = draw_chance(draw, 80);
	place->is_gateway_mute = place->has_neighbours && draw_chance(draw, 25);
	place->is_edge_mute = draw_chance(draw, 10);
	place->is_provider_mute = draw_chance(draw, 10);
	place->tells_resets = draw_chance(draw, 80);
	place->loss_permille = (unsigned)draw_between(draw, 0, 30);
	place->rtt_us = (uint32_t)draw_scale(draw, 8000, 700000);
	place->drift_ppm = (int)draw_between(draw, 0, 60) - 30;
	place->has_reflector = draw_chance(draw, 40);
	place->spool_records = 20000; /* two weeks */
	place->report_us = is_metered ? 10 * MINUTE : MINUTE;
}

void story_begin(struct story *story, uint64_t seed, struct draw *draw)
{
	memset(story, 0, sizeof(*story));
	story->seed = seed;
	draw_init(draw, seed);
	story->length_us = STORY_MONTH;
	draw_place(&story->place, draw);
}

void story_add_detail(struct story *story, const struct spell *spell)
{
	if (spell->from_us < story->length_us && story->count < STORY_SPELLS_MAX)
		story->spells[story->count++] = *spell;
}

void story_add(struct story *story, enum trouble trouble, uint64_t from_us, uint64_t length_us)
{
	story_add_detail(story, &(struct spell){from_us, from_us + length_us, .trouble = trouble});
}

void story_add_stalls(struct story *story, uint64_t at_us, uint64_t end_us, struct draw *draw)
{
	uint64_t longest_us = draw_scale(draw, S, 20 * S);

	while (at_us < end_us) {
		uint64_t length_us = draw_between(draw, S / 10, longest_us);

		story_add(story, TROUBLE_STALL, at_us, length_us);
		at_us += length_us + draw_between(draw, S / 100, longest_us);
	}
}

static int by_beginning(const void *left, const void *right)
{
	const struct spell *a = left, *b = right;

	if (a->from_us != b->from_us)
		return a->from_us < b->from_us ? -1 : 1;
	if (a->to_us != b->to_us)
		return a->to_us < b->to_us ? -1 : 1;
	return (int)a->trouble - (int)b->trouble;
}

void story_sort(struct story *story)
{
	qsort(story->spells, story->count, sizeof(story->spells[0]), by_beginning);
}

void story_draw(struct story *story, uint64_t seed)
{
	struct draw draw;

	story_begin(story, seed, &draw);
	story->kind = (enum story_kind)(seed % KINDS);
	if (story->kind == STORY_WILD)
		story_draw_wild(story, &draw);
	else
		story_draw_scenes(story, &draw);
	story_sort(story);
}
