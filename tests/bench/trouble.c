/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/trouble.h"

#include <math.h>

#define MONTH_S (30 * 86400)
#define DAY_S 86400
#define NIGHT_BEGINS_S (14 * 3600) /* UTC of ten in the evening, WITA */
#define NIGHT_LENGTH_S (8 * 3600)
#define LOSSY_A_MONTH 6
#define CALM_S 120 /* between two of a kind, at least */

bool spell_covers(const struct spell *spell, int64_t at_s)
{
	return spell->from_s <= at_s && at_s < spell->to_s;
}

/* As if each second were as likely as any other. */
static int64_t draw_gap(struct draw *draw, uint32_t a_month)
{
	double even = (double)((draw_bits(draw) >> 11) + 1) / (double)(1ULL << 53);

	return CALM_S + (int64_t)(-log(even) * MONTH_S / a_month);
}

static struct spell draw_spell(
	struct draw *draw, int64_t after_s, uint32_t a_month, const uint32_t length_s[2])
{
	struct spell spell = {.from_s = after_s + draw_gap(draw, a_month)};

	spell.to_s = spell.from_s + (int64_t)draw_scale(draw, length_s[0], length_s[1]);
	return spell;
}

static void draw_outage(struct trouble *trouble, int64_t after_s)
{
	/* the provider and what lies behind it break most often */
	static const enum down_cause causes[] = {DOWN_LOCAL, DOWN_CPE, DOWN_CPE, DOWN_ACCESS,
		DOWN_ACCESS, DOWN_PROVIDER, DOWN_PROVIDER, DOWN_PROVIDER, DOWN_UPSTREAM,
		DOWN_UPSTREAM};
	static const uint32_t length_s[2] = {30, 8 * 3600};

	trouble->outage = draw_spell(&trouble->draw, after_s, trouble->outages, length_s);
	trouble->outage.cause =
		causes[draw_between(&trouble->draw, 0, sizeof(causes) / sizeof(causes[0]) - 1)];
}

static void draw_lossy(struct trouble *trouble, int64_t after_s)
{
	static const uint32_t length_s[2] = {120, 2 * 3600};

	trouble->lossy = draw_spell(&trouble->draw, after_s, LOSSY_A_MONTH, length_s);
	trouble->lossy.loss_ppm = (uint32_t)draw_between(&trouble->draw, 50000, 900000);
}

/* The night that begins next, or the accident before it. */
static void draw_dark(struct trouble *trouble, int64_t after_s)
{
	static const uint32_t length_s[2] = {60, 6 * 3600};
	int64_t night_s = after_s - after_s % DAY_S + NIGHT_BEGINS_S;
	unsigned kind = (unsigned)draw_between(&trouble->draw, 0, 9);

	trouble->dark = draw_spell(&trouble->draw, after_s, trouble->cuts, length_s);
	trouble->dark.dark = kind == 0 ? DARK_AGENT : kind == 1 ? DARK_REBOOT : DARK_POWER;
	if (trouble->dark.dark != DARK_POWER)
		trouble->dark.to_s = trouble->dark.from_s + (kind ? 70 : 5);
	if (!trouble->nights)
		return;
	if (night_s <= after_s)
		night_s += DAY_S;
	if (trouble->dark.from_s + CALM_S >= night_s)
		trouble->dark = (struct spell){
			night_s, night_s + NIGHT_LENGTH_S, .dark = DARK_POWER};
}

void trouble_init(struct trouble *trouble, uint32_t outages, uint64_t seed, int64_t from_s)
{
	unsigned mains;

	*trouble = (struct trouble){.outages = outages};
	draw_init(&trouble->draw, seed);
	mains = (unsigned)draw_between(&trouble->draw, 0, 99);
	trouble->nights = mains < 5; /* 5 % of the villages have none */
	trouble->cuts = mains < 25 ? 15 : 2; /* and 20 % poor ones */
	draw_outage(trouble, from_s);
	draw_lossy(trouble, from_s);
	draw_dark(trouble, from_s);
}

void trouble_pass(struct trouble *trouble, int64_t at_s)
{
	while (trouble->outage.to_s <= at_s)
		draw_outage(trouble, trouble->outage.to_s);
	while (trouble->lossy.to_s <= at_s)
		draw_lossy(trouble, trouble->lossy.to_s);
}

void trouble_end_dark(struct trouble *trouble)
{
	draw_dark(trouble, trouble->dark.to_s);
}
