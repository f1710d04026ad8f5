/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a village costs a router's flash and RAM, in virtual time, for bench.py: one figure a line.
 *
 *   spool-figures FOLDER                  lives days and weeks, below the folder
 *   spool-figures FOLDER LIMIT_BYTES      only opens what is there: the peak of its memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/bench/flash.h"
#include "tests/bench/spool_day.h"

#define SPOOL_BYTES (2 * 1024 * 1024)
#define WEEK (7 * VILLAGE_DAY)
#define WEEKS_MAX 200
#define WEEK_DAYS 7.0

static const char *base;

static void make_folder(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", base, name);
	if (mkdir(path, 0700) < 0) {
		perror(path);
		exit(1);
	}
}

static void begin(struct spool_day *day, const char *name, size_t limit_bytes)
{
	char folder[4096], flash[4200], memory[4200];
	const struct spool_settings settings = {
		.folder = flash, .limit_bytes = limit_bytes, .near_folder = memory};

	make_folder(folder, sizeof(folder), name);
	snprintf(flash, sizeof(flash), "%s/flash", folder);
	snprintf(memory, sizeof(memory), "%s/memory", folder);
	mkdir(flash, 0700);
	flash_watch(flash);
	if (spool_day_begin(day, &settings, 7) < 0)
		exit(1);
}

static void print_day(const char *name, enum village_link link, bool is_reached)
{
	struct spool_day day = {.is_reached = is_reached, .is_sketched = link == VILLAGE_FLAPS};
	struct flash_counts counts;

	begin(&day, name, SPOOL_BYTES);
	spool_day_live(&day, 0, VILLAGE_DAY, link);
	counts = flash_counts();
	printf("%s_bytes %llu\n", name, (unsigned long long)counts.bytes);
	printf("%s_page_bytes %llu\n", name, (unsigned long long)counts.pages * FLASH_PAGE);
	printf("%s_syncs %llu\n", name, (unsigned long long)counts.syncs);
	spool_day_end(&day);
}

/* A week offline, the days before `down_from` with a link that is up. */
static void print_week(const char *name, uint32_t down_from, uint32_t down_to)
{
	struct spool_day day = {.is_reached = false};
	struct spool_figures figures;

	begin(&day, name, SPOOL_BYTES);
	spool_day_live(&day, 0, down_from, VILLAGE_UP);
	spool_day_live(&day, down_from, down_to, VILLAGE_DOWN);
	spool_day_live(&day, down_to, WEEK, VILLAGE_UP);
	spool_sync(day.spool);
	figures = spool_figures(day.spool);
	printf("%s_slot_bytes %.1f\n", name, (double)figures.bytes / WEEK);
	printf("%s_days_in_2mb %.1f\n", name, WEEK_DAYS * SPOOL_BYTES / (double)figures.bytes);
	printf("%s_lost %llu\n", name, (unsigned long long)figures.lost);
	spool_day_end(&day);
}

static void fill(const char *name, size_t limit_bytes)
{
	struct spool_day day = {.is_reached = false};
	size_t full = limit_bytes - limit_bytes / 8;

	begin(&day, name, limit_bytes);
	for (uint32_t week = 0; week < WEEKS_MAX && spool_figures(day.spool).bytes < full; week++)
		spool_day_live(&day, week * WEEK, (week + 1) * WEEK, VILLAGE_UP);
	spool_sync(day.spool);
	spool_day_end(&day);
}

static int print_start(const char *limit)
{
	char flash[4200], memory[4200];
	const struct spool_settings settings = {
		.folder = flash, .near_folder = memory, .limit_bytes = (size_t)atol(limit)};
	struct spool *spool;
	struct err err;

	snprintf(flash, sizeof(flash), "%s/flash", base);
	snprintf(memory, sizeof(memory), "%s/memory", base);
	if (spool_open(&settings, &spool, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	printf("peak_kib %ld\nbytes %llu\n", spool_day_peak_kib(),
		(unsigned long long)spool_figures(spool).bytes);
	spool_close(spool);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: spool-figures FOLDER [LIMIT_BYTES]\n");
		return 2;
	}
	base = argv[1];
	if (argc == 3)
		return print_start(argv[2]);
	print_day("healthy_day", VILLAGE_UP, true);
	print_day("offline_day", VILLAGE_UP, false);
	print_day("flapping_day", VILLAGE_FLAPS, false);
	print_week("week", 3 * VILLAGE_DAY, 4 * VILLAGE_DAY);
	print_week("down_week", 0, WEEK);
	fill("small", SPOOL_BYTES);
	fill("large", 32UL * SPOOL_BYTES);
	return 0;
}
