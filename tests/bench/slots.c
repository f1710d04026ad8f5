/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's core at work, in virtual time and without a network: `agent-slots COUNT FOLDER` has
 * that many slots of a minute watched (a round every ten seconds, each answered), encoded and kept
 * in a spool. For counting instructions.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/watch.h"
#include "agent/spool/spool.h"

#define SLOT_MS 60000
#define ROUND_MS 10000
#define NEAR_US 600000000
#define SPOOL_BYTES (2 * 1024 * 1024)

static const struct target targets[] = {
	{.class = CLASS_INTERNET, .address = {4, {1, 1, 1, 1}}},
	{.class = CLASS_INTERNET, .address = {4, {8, 8, 8, 8}}},
	{.class = CLASS_INTERNET, .address = {4, {9, 9, 9, 9}}},
	{.class = CLASS_GATEWAY, .address = {4, {100, 64, 7, 1}}},
	{.class = CLASS_PROVIDER, .address = {4, {100, 66, 0, 53}}},
};

struct world {
	struct watch *watch;
	struct spool *spool;
	struct record record;
	struct wan_reading reading;
	uint64_t now_us;
	unsigned asked;
};

static struct spool *open_spool(const char *folder)
{
	char near_folder[512];
	struct spool_settings settings = {
		.folder = folder, .limit_bytes = SPOOL_BYTES, .near_folder = near_folder};
	struct spool *spool = NULL;
	struct err err = {0};
	const uint8_t boot[BOOT_BYTES] = {1};

	snprintf(near_folder, sizeof(near_folder), "%s.near", folder);
	if (spool_open(&settings, &spool, &err) < 0 || spool_begin(spool, 1, 1, boot) < 0) {
		fprintf(stderr, "agent-slots: %s\n", err.text);
		exit(1);
	}
	return spool;
}

static void open_watch(struct world *world)
{
	const uint8_t boot[BOOT_BYTES] = {1};
	const struct watch_settings settings = {
		.wan = "wan",
		.boot = boot,
		.slot_ms = SLOT_MS,
		.round_ms = ROUND_MS,
		.near_us = NEAR_US,
		.now_us = world->now_us,
		.reading = &world->reading,
	};

	if (watch_new(&settings, &world->watch) < 0)
		exit(1);
	watch_set_targets(world->watch, targets, sizeof(targets) / sizeof(targets[0]));
}

/* Everybody answers, after a time that is never the same. */
static void ask_all(struct world *world)
{
	struct question question;

	while (watch_next(world->watch, world->now_us, &question)) {
		const struct answer answer = {
			.sent_us = world->now_us,
			.outcome = OUTCOME_ANSWERED,
			.rtt_us = 12000 + world->asked++ * 2654435761U % 65536,
		};
		watch_heard(world->watch, &question, &answer);
	}
}

static unsigned keep(struct world *world)
{
	unsigned kept = 0;

	while (watch_take(world->watch, &world->record.slot)) {
		world->record.kind = RECORD_SLOT;
		if (spool_add(world->spool, &world->record) < 0)
			exit(1);
		spool_turn(world->spool, world->now_us);
		kept++;
	}
	return kept;
}

int main(int argc, char **argv)
{
	static struct world world = {.now_us = 60000000};
	unsigned wanted, kept = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: agent-slots COUNT FOLDER\n");
		return 2;
	}
	wanted = (unsigned)strtoul(argv[1], NULL, 10);
	world.reading.interface = 2;
	world.spool = open_spool(argv[2]);
	open_watch(&world);
	while (kept < wanted) {
		world.reading.rx_bytes += 1000 + world.asked % 977;
		world.reading.tx_bytes += 300;
		if (watch_turn_due(world.watch, world.now_us))
			watch_turn(world.watch, world.now_us, &world.reading);
		ask_all(&world);
		kept += keep(&world);
		world.now_us = watch_due(world.watch);
	}
	watch_free(world.watch);
	spool_close(world.spool);
	printf("%u slots\n", kept);
	return 0;
}
