/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/fail.h"
#include "tests/sim/plan.h"
#include "tests/sim/router.h"
#include "tests/sim/station.h"
#include "tests/sim/verdict.h"
#include "tests/sim/wire.h"

#define S 1000000ULL
#define DAY_US (86400 * S)
#define DRAIN_US (12 * 3600 * S) /* by then all has arrived, or something is stuck */
#define NOTICE_US (120 * S) /* by then a peer takes silence for the end */
#define UTC_AT_ZERO_US 1774972800000000LL
#define NEVER UINT64_MAX
#define NO_BACKUP SIZE_MAX
#define RUNS_TOLD 512

struct world {
	struct draw draw;
	FILE *trace; /* NULL: none */
	struct plan plan;
	uint64_t now_us;
	struct wire wire;
	struct weather weather;
	struct router *router;
	struct station *station;
	uint64_t notice_us; /* when the router takes a cut wire for what it is */
	size_t next; /* mishap */
	size_t backup; /* records in the copy */
	bool restored;
	unsigned links_down, darks, aways, fulls; /* spells overlap */
	uint32_t power_cuts;
	uint64_t sessions;
	struct made_slot *made;
	size_t made_count, made_room, synced_count;
	struct told told[RUNS_TOLD];
	size_t told_count;
};

/* ---- what the router says of itself */

static void hear_made(void *arg, const struct made_slot *slot)
{
	struct world *world = arg;

	if (world->made_count == world->made_room) {
		world->made_room = world->made_room ? 2 * world->made_room : 2048;
		world->made = realloc(world->made, world->made_room * sizeof(*world->made));
		if (!world->made)
			sim_fail(world->draw.seed, "no memory");
	}
	world->made[world->made_count++] = *slot;
}

static void hear_synced(void *arg)
{
	struct world *world = arg;

	while (world->synced_count < world->made_count)
		world->made[world->synced_count++].synced = true;
}

static void hear_acked(void *arg, uint32_t run, uint32_t up_to)
{
	struct world *world = arg;
	size_t i;

	for (i = 0; i < world->told_count && world->told[i].run != run; i++)
		;
	if (i == RUNS_TOLD)
		sim_fail(world->draw.seed, "more runs than the simulation holds");
	if (i == world->told_count)
		world->told[world->told_count++] = (struct told){run, 0};
	if (world->told[i].up_to < up_to)
		world->told[i].up_to = up_to;
}

static bool dial(void *arg)
{
	struct world *world = arg;

	if (!world->weather.internet || !station_accept(world->station))
		return false;
	world->sessions++;
	wire_open(&world->wire);
	return true;
}

/* ---- mishaps */

static void cut_wire(struct world *world)
{
	wire_cut(&world->wire);
	world->notice_us = world->now_us + draw_scale(&world->draw, S, NOTICE_US);
}

static void set_weather(struct world *world, bool up, unsigned fault)
{
	struct weather *weather = &world->weather;

	weather->carrier = up || fault != FAULT_CARRIER;
	weather->gateway = up || fault > FAULT_GATEWAY;
	weather->edge = up || fault > FAULT_EDGE;
	weather->provider = up || fault > FAULT_PROVIDER;
	weather->internet = up;
	if (!up)
		cut_wire(world);
}

/* The last of overlapping spells ends them all. */
static bool ends(unsigned *spells)
{
	return *spells > 0 && --*spells == 0;
}

static void befall_router(struct world *world, const struct mishap *mishap)
{
	switch (mishap->kind) {
	case MISHAP_POWER_CUT:
		world->darks++;
		world->power_cuts += router_is_on(world->router);
		router_power_cut(world->router, world->now_us);
		world->synced_count = world->made_count; /* what was not, never will be */
		break;
	case MISHAP_POWER_ON:
		if (ends(&world->darks))
			router_power_on(world->router, world->now_us);
		break;
	case MISHAP_REBOOT: router_reboot(world->router, world->now_us); break;
	case MISHAP_AGENT_RESTART: router_restart_agent(world->router, world->now_us); break;
	case MISHAP_AGENT_KILL: router_kill_agent(world->router, world->now_us); break;
	case MISHAP_HANG_UP: router_hang_up(world->router, world->now_us); break;
	default: break;
	}
}

static void befall_collector(struct world *world, const struct mishap *mishap)
{
	switch (mishap->kind) {
	case MISHAP_CRASH:
		world->aways++;
		station_crash(world->station);
		cut_wire(world);
		break;
	case MISHAP_START:
		if (ends(&world->aways))
			station_start(world->station);
		break;
	case MISHAP_DISK_FULL:
		world->fulls++;
		station_set_full(world->station, true);
		break;
	case MISHAP_DISK_FREE:
		if (ends(&world->fulls))
			station_set_full(world->station, false);
		break;
	case MISHAP_BACKUP: world->backup = station_journal(world->station).count; break;
	case MISHAP_RESTORE:
		if (world->backup == NO_BACKUP)
			break;
		station_restore(world->station, world->backup);
		world->restored = true;
		break;
	default: break;
	}
}

static void befall(struct world *world, const struct mishap *mishap)
{
	if (world->trace)
		fprintf(world->trace, "%8.1f s: %s\n", (double)world->now_us / S,
			mishap_words(mishap->kind));
	switch (mishap->kind) {
	case MISHAP_LINK_DOWN:
		world->links_down++;
		set_weather(world, false, mishap->detail);
		break;
	case MISHAP_LINK_UP:
		if (ends(&world->links_down))
			set_weather(world, true, 0);
		break;
	case MISHAP_WIRE_CUT: cut_wire(world); break;
	default: befall_router(world, mishap); befall_collector(world, mishap);
	}
}

/* The day is over: whatever is still broken is repaired. */
static void repair(struct world *world)
{
	set_weather(world, true, 0);
	router_power_on(world->router, world->now_us);
	station_set_full(world->station, false);
	station_start(world->station);
}

/* ---- time */

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t next_mishap(const struct world *world)
{
	return world->next < world->plan.count ? world->plan.mishaps[world->next].at_us : NEVER;
}

static void step(struct world *world, uint64_t limit_us)
{
	uint64_t due_us = earlier(router_due(world->router), station_due(world->station));

	due_us = earlier(due_us, earlier(next_mishap(world), world->notice_us));
	if (due_us > world->now_us)
		world->now_us = earlier(due_us, limit_us);
	if (next_mishap(world) <= world->now_us)
		befall(world, &world->plan.mishaps[world->next++]);
	if (world->notice_us <= world->now_us) {
		world->notice_us = NEVER;
		if (world->wire.cut)
			router_hang_up(world->router, world->now_us);
	}
	router_step(world->router, world->now_us);
	station_step(world->station, world->now_us);
}

static void live(struct world *world)
{
	while (world->now_us < DAY_US)
		step(world, DAY_US);
	world->next = world->plan.count;
	repair(world);
	while (router_waiting(world->router) > 0) {
		if (world->now_us >= DAY_US + DRAIN_US)
			sim_fail(world->draw.seed, "%llu records never arrive",
				(unsigned long long)router_waiting(world->router));
		step(world, DAY_US + DRAIN_US);
	}
}

/* ---- beginning and end */

static void begin(struct world *world, uint64_t seed, const char *folder)
{
	struct router_events events = {world, dial, hear_made, hear_synced, hear_acked};
	struct router_settings router = {.folder = folder, .utc_at_zero_us = UTC_AT_ZERO_US};
	struct station_settings station = {.utc_at_zero_us = UTC_AT_ZERO_US};
	struct plan *plan = &world->plan;

	memset(world, 0, sizeof(*world));
	draw_init(&world->draw, seed);
	plan_draw(plan, DAY_US, &world->draw);
	world->notice_us = NEVER;
	world->backup = NO_BACKUP;
	wire_init(&world->wire, &world->draw, plan->delay_us, plan->loss_percent);
	router.spool_bytes = plan->spool_bytes;
	router.drift_ppm = plan->drift_ppm;
	router.has_ntp = plan->has_ntp;
	router.sync_every_us = plan->sync_every_us;
	router.report_every_us = plan->report_every_us;
	station.trusted_from_us = plan->trusted_from_us;
	station.sync_us = plan->journal_sync_us;
	set_weather(world, true, 0);
	world->weather.loss_percent = plan->loss_percent;
	world->router = router_new(&router, &events, &world->weather, &world->wire, &world->draw);
	world->station = station_new(&station, &world->wire, &world->draw);
	router_power_on(world->router, 0);
}

static void end(struct world *world)
{
	router_free(world->router);
	station_free(world->station);
	wire_done(&world->wire);
	free(world->made);
}

void world_run(uint64_t seed, const char *folder, FILE *trace, struct world_sum *sum)
{
	struct world *world = malloc(sizeof(*world));
	struct witness witness;

	if (!world)
		sim_fail(seed, "no memory");
	begin(world, seed, folder);
	world->trace = trace;
	live(world);
	witness = (struct witness){
		.slots = world->made,
		.slot_count = world->made_count,
		.told = world->told,
		.told_count = world->told_count,
		.power_cuts = world->power_cuts,
		.was_restored = world->restored,
		.utc_at_zero_us = UTC_AT_ZERO_US,
		.day_us = DAY_US,
	};
	verdict_check(&witness, station_journal(world->station), &world->draw, sum);
	sum->days++;
	sum->sessions += world->sessions;
	end(world);
	free(world);
}
