/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/plan.h"

#include <stdlib.h>
#include <string.h>

#define S 1000000ULL
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)

const char *mishap_words(enum mishap_kind kind)
{
	static const char *const words[] = {
		[MISHAP_LINK_DOWN] = "the link goes down",
		[MISHAP_LINK_UP] = "the link comes up",
		[MISHAP_POWER_CUT] = "the router's power is cut",
		[MISHAP_POWER_ON] = "the router's power comes back",
		[MISHAP_REBOOT] = "the router is rebooted in order",
		[MISHAP_AGENT_RESTART] = "the agent is restarted in order",
		[MISHAP_AGENT_KILL] = "the agent is killed",
		[MISHAP_WIRE_CUT] = "the connection dies unseen",
		[MISHAP_HANG_UP] = "the router hangs up",
		[MISHAP_CRASH] = "the collector crashes",
		[MISHAP_START] = "the collector starts",
		[MISHAP_DISK_FULL] = "the collector's disk is full",
		[MISHAP_DISK_FREE] = "the collector's disk has room again",
		[MISHAP_BACKUP] = "the collector's journal is copied",
		[MISHAP_RESTORE] = "the collector's journal is restored from the copy",
	};

	return words[kind];
}

static void add(struct plan *plan, uint64_t at_us, enum mishap_kind kind, unsigned detail)
{
	if (at_us >= plan->day_us || plan->count == PLAN_MISHAPS_MAX)
		return;
	plan->mishaps[plan->count++] = (struct mishap){at_us, kind, detail};
}

static uint64_t any_time(const struct plan *plan, struct draw *draw)
{
	return draw_between(draw, MINUTE, plan->day_us - 1);
}

/* At most `most` of something that ends by itself, of `shortest` to `longest`. */
static void add_spells(struct plan *plan, struct draw *draw, unsigned most,
	const enum mishap_kind kinds[2], const uint64_t lengths_us[2])
{
	uint64_t count = draw_between(draw, 0, most);

	while (count-- > 0) {
		uint64_t at_us = any_time(plan, draw);

		add(plan, at_us, kinds[0], (unsigned)draw_between(draw, 0, FAULT_COUNT - 1));
		add(plan, at_us + draw_scale(draw, lengths_us[0], lengths_us[1]), kinds[1], 0);
	}
}

static void add_moments(struct plan *plan, struct draw *draw, unsigned most, enum mishap_kind kind)
{
	uint64_t count = draw_between(draw, 0, most);

	while (count-- > 0)
		add(plan, any_time(plan, draw), kind, 0);
}

/* One restore: a copy is taken, and hours later the collector comes back with it. */
static void add_backup(struct plan *plan, struct draw *draw)
{
	uint64_t at_us = any_time(plan, draw);
	uint64_t back_us = at_us + draw_scale(draw, MINUTE, 6 * HOUR);

	add(plan, at_us, MISHAP_BACKUP, 0);
	add(plan, back_us, MISHAP_CRASH, 0);
	add(plan, back_us + S, MISHAP_RESTORE, 0);
	add(plan, back_us + MINUTE, MISHAP_START, 0);
}

static int by_time(const void *left, const void *right)
{
	const struct mishap *a = left, *b = right;

	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

static void draw_day(struct plan *plan, struct draw *draw)
{
	static const size_t spools[] = {64 << 10, 128 << 10, 512 << 10, 4 << 20};

	plan->loss_percent = (unsigned)draw_between(draw, 0, 6);
	plan->delay_us = draw_scale(draw, 1000, 400000);
	plan->spool_bytes = spools[draw_between(draw, 0, 3)];
	plan->drift_ppm = (int)draw_between(draw, 0, 100) - 50;
	plan->has_ntp = draw_chance(draw, 50);
	plan->has_backup = draw_chance(draw, 15);
	plan->sync_every_us = draw_scale(draw, 5 * MINUTE, 60 * MINUTE);
	plan->report_every_us = draw_scale(draw, MINUTE, 20 * MINUTE);
	plan->trusted_from_us = draw_chance(draw, 70) ? 0 : draw_scale(draw, HOUR, 30 * HOUR);
	plan->journal_sync_us = draw_scale(draw, 1000, 2 * S);
	if (plan->has_backup)
		plan->spool_bytes = spools[3]; /* what was acknowledged is still there */
}

void plan_draw(struct plan *plan, uint64_t day_us, struct draw *draw)
{
	static const enum mishap_kind link[] = {MISHAP_LINK_DOWN, MISHAP_LINK_UP};
	static const enum mishap_kind power[] = {MISHAP_POWER_CUT, MISHAP_POWER_ON};
	static const enum mishap_kind collector[] = {MISHAP_CRASH, MISHAP_START};
	static const enum mishap_kind disk[] = {MISHAP_DISK_FULL, MISHAP_DISK_FREE};
	static const uint64_t outage_us[] = {5 * S, 10 * HOUR};
	static const uint64_t dark_us[] = {10 * S, 3 * HOUR};
	static const uint64_t away_us[] = {S, 12 * HOUR};

	memset(plan, 0, sizeof(*plan));
	plan->day_us = day_us;
	draw_day(plan, draw);
	add_spells(plan, draw, 8, link, outage_us);
	add_spells(plan, draw, 4, power, dark_us);
	add_spells(plan, draw, 5, collector, away_us);
	add_spells(plan, draw, 1, disk, dark_us);
	add_moments(plan, draw, 2, MISHAP_REBOOT);
	add_moments(plan, draw, 3, MISHAP_AGENT_RESTART);
	add_moments(plan, draw, 3, MISHAP_AGENT_KILL);
	add_moments(plan, draw, 20, MISHAP_WIRE_CUT);
	add_moments(plan, draw, 20, MISHAP_HANG_UP);
	if (plan->has_backup)
		add_backup(plan, draw);
	qsort(plan->mishaps, plan->count, sizeof(plan->mishaps[0]), by_time);
}
