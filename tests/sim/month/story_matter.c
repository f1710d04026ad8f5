/* SPDX-License-Identifier: Apache-2.0 */
/* A few hours with one thing in them. */
#include "tests/sim/month/story.h"

#define S STORY_S
#define MINUTE STORY_MINUTE
#define HOUR STORY_HOUR
#define LENGTH_US (6 * HOUR)

const char *matter_words(enum matter matter)
{
	static const char *const words[MATTER_COUNT] = {
		[MATTER_LOCAL] = "local",
		[MATTER_CPE] = "cpe",
		[MATTER_ACCESS] = "access",
		[MATTER_PROVIDER] = "provider",
		[MATTER_UPSTREAM] = "upstream",
		[MATTER_POWER] = "power",
		[MATTER_RESTART] = "restart",
		[MATTER_AGENT] = "agent",
		[MATTER_DROPPED] = "dropped",
		[MATTER_CLOCK] = "clock",
		[MATTER_COLLECTOR] = "collector away",
		[MATTER_TARGET] = "one target dead",
		[MATTER_DNS] = "DNS failing",
		[MATTER_NAT] = "NAT forgets",
		[MATTER_STEP] = "clock set wrongly",
		[MATTER_UPGRADE] = "agent upgraded",
		[MATTER_REBOOT] = "short reboot",
		[MATTER_LOSS] = "packets lost",
		[MATTER_STALL] = "router too busy",
		[MATTER_SILENT] = "silent",
	};

	return words[matter];
}

static enum trouble choose(const enum trouble *from, size_t count, struct draw *draw)
{
	return from[draw_between(draw, 0, count - 1)];
}

/* How the thing itself comes about; POWER: see the longer ones below. */
static enum trouble trouble_of(enum matter matter, struct draw *draw)
{
	static const enum trouble cpe[] = {TROUBLE_GATEWAY, TROUBLE_ADDRESS, TROUBLE_ROUTE};
	static const enum trouble restart[] = {TROUBLE_REBOOT, TROUBLE_HANG};
	static const enum trouble agent[] = {TROUBLE_KILL, TROUBLE_UPGRADE};
	static const enum trouble single[MATTER_COUNT] = {
		[MATTER_LOCAL] = TROUBLE_CARRIER,
		[MATTER_ACCESS] = TROUBLE_ACCESS,
		[MATTER_PROVIDER] = TROUBLE_PROVIDER,
		[MATTER_UPSTREAM] = TROUBLE_UPSTREAM,
		[MATTER_POWER] = TROUBLE_POWER,
		[MATTER_DROPPED] = TROUBLE_COLLECTOR,
		[MATTER_CLOCK] = TROUBLE_POWER,
		[MATTER_COLLECTOR] = TROUBLE_COLLECTOR,
		[MATTER_TARGET] = TROUBLE_TARGET,
		[MATTER_DNS] = TROUBLE_DNS,
		[MATTER_NAT] = TROUBLE_NAT,
		[MATTER_STEP] = TROUBLE_STEP,
		[MATTER_UPGRADE] = TROUBLE_UPGRADE,
		[MATTER_REBOOT] = TROUBLE_REBOOT,
		[MATTER_LOSS] = TROUBLE_LOSS,
		[MATTER_SILENT] = TROUBLE_POWER,
	};

	switch (matter) {
	case MATTER_CPE: return choose(cpe, 3, draw);
	case MATTER_RESTART: return choose(restart, 2, draw);
	case MATTER_AGENT: return choose(agent, 2, draw);
	default: return single[matter];
	}
}

/* Long enough to count: a hole shorter than the window costs nothing. */
static uint64_t length_of(enum matter matter, enum trouble trouble, struct draw *draw)
{
	uint64_t length_us;

	if (matter == MATTER_SILENT)
		return LENGTH_US;
	if (matter < MATTER_DROPPED)
		return draw_scale(draw, 6 * MINUTE, 2 * HOUR);
	if (matter == MATTER_DROPPED)
		return draw_between(draw, 100 * MINUTE, 3 * HOUR);
	length_us = story_length(trouble, draw);
	return length_us < 3 * HOUR ? length_us : 3 * HOUR;
}

/* Between two power cuts the router runs without a network, and nobody tells it the time. */
static void add_lost_boot(struct story *story, uint64_t at_us, struct draw *draw)
{
	static const enum trouble why[] = {TROUBLE_CARRIER, TROUBLE_GATEWAY, TROUBLE_ACCESS,
		TROUBLE_PROVIDER, TROUBLE_UPSTREAM};
	uint64_t length_us = draw_between(draw, 20 * MINUTE, 2 * HOUR);
	uint64_t dark_us = draw_between(draw, 5 * S, 2 * MINUTE);

	story_add(story, TROUBLE_POWER, at_us, dark_us);
	story_add(story, choose(why, 5, draw), at_us, length_us);
	story_add(story, TROUBLE_POWER, at_us + length_us - 10 * S, dark_us);
}

/* What the place must have for the evidence to be there at all; or, bare, what is said without. */
static void make_witness(struct place *place, bool is_bare)
{
	place->has_provider = true;
	place->has_edge = place->tells_resets = !is_bare;
	place->is_edge_mute = false;
	place->is_provider_mute = is_bare;
	if (is_bare)
		place->has_neighbours = place->is_gateway_mute = true;
}

/* Something that is nobody's outage, at about the same time. */
static void add_companion(
	struct story *story, enum matter matter, const struct spell *spell, struct draw *draw)
{
	static const enum trouble innocents[] = {TROUBLE_COLLECTOR, TROUBLE_TARGET, TROUBLE_NAT,
		TROUBLE_STEP, TROUBLE_LOSS, TROUBLE_REBOOT};
	/* a reboot beside another hole would be a hole of its own */
	size_t count = matter < MATTER_POWER ? 6 : 5;
	struct spell beside = {.trouble = choose(innocents, count, draw), .detail = 1};
	uint64_t length_us = story_length(beside.trouble, draw);

	if (length_us > HOUR)
		length_us = HOUR;
	beside.from_us = draw_between(draw, spell->from_us - 10 * MINUTE, spell->to_us);
	beside.to_us = beside.from_us + length_us;
	if (beside.trouble == TROUBLE_LOSS)
		beside.detail = 20;
	story_add_detail(story, &beside);
}

void story_draw_matter(struct story *story, enum matter matter, uint64_t seed, bool is_bare)
{
	struct spell spell;
	struct draw draw;

	story_begin(story, seed, &draw);
	story->kind = STORY_CAUSE;
	story->length_us = LENGTH_US;
	make_witness(&story->place, is_bare);
	spell = (struct spell){.trouble = trouble_of(matter, &draw)};
	spell.from_us = HOUR + draw_between(&draw, 0, HOUR);
	spell.to_us = spell.from_us + length_of(matter, spell.trouble, &draw);
	if (matter == MATTER_LOSS)
		spell.detail = (unsigned)draw_between(&draw, 5, 40);
	if (matter == MATTER_DROPPED)
		story->place.spool_records = 64;
	if (matter == MATTER_CLOCK)
		add_lost_boot(story, spell.from_us, &draw);
	else if (matter == MATTER_STALL)
		story_add_stalls(story, spell.from_us, spell.from_us + HOUR, &draw);
	else
		story_add_detail(story, &spell);
	if (matter < MATTER_CAUSES && draw_chance(&draw, 50))
		add_companion(story, matter, &spell, &draw);
	story_sort(story);
}
