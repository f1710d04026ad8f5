/* SPDX-License-Identifier: Apache-2.0 */
/* A village's power is cut at any moment of any day: what is still there, and what may be gone. */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/flush.h"
#include "agent/core/news.h"
#include "common/crc32c.h"
#include "tests/bench/spool_day.h"
#include "tests/sim/disk.h"

#define WORLDS 150
#define LONGEST_MINUTES 700
#define MADE_MAX 1200
#define DETAIL_US S(600)
#define NEWS_US S(5)
#define SPOOL_BYTES (2 * 1024 * 1024)

struct made {
	uint64_t at_us;
	uint32_t checksum; /* of the encoded record */
	bool is_news, is_there;
};

static struct world {
	struct draw draw;
	char folder[64], memory[96];
	struct news news;
	unsigned news_count;
	uint32_t count, acked;
	uint64_t cut_us;
	struct made made[MADE_MAX + 1]; /* by sequence */
} world;

static struct sums {
	unsigned records, acked, there, detail, news;
} sums; /* of what was lost and not lost */

static uint32_t checksum_of(const struct record *record)
{
	struct buf bytes;
	uint32_t checksum;

	buf_init(&bytes, RECORD_MAX);
	assert_int_equal(codec_record_encode(record, &bytes), 0);
	checksum = crc32c(0, buf_peek(&bytes), buf_length(&bytes));
	buf_done(&bytes);
	return checksum;
}

static void note(void *arg, const struct spool_day *day, const struct record *record)
{
	struct made *made = &world.made[day->sequence];

	assert_true(day->sequence <= MADE_MAX);
	*made = (struct made){.at_us = day->now_us,
		.checksum = checksum_of(record),
		.is_news = news_take(&world.news, record)};
	world.news_count += made->is_news;
	world.count = day->sequence;
}

static struct spool_settings settings_of(void)
{
	return (struct spool_settings){
		.folder = world.folder, .limit_bytes = SPOOL_BYTES, .near_folder = world.memory};
}

/* Spells of every kind, one after the other; then the cut, at any second. */
static void live_and_die(struct spool_day *day)
{
	uint32_t end = (uint32_t)draw_scale(&world.draw, 3, LONGEST_MINUTES), minute = 1;

	while (minute < end) {
		uint32_t until = minute + (uint32_t)draw_scale(&world.draw, 1, 120);
		enum village_link link = (enum village_link)draw_between(&world.draw, 0, 2);

		until = until < end ? until : end;
		day->is_reached = link == VILLAGE_UP && draw_chance(&world.draw, 60);
		spool_day_live(day, minute, until, link);
		minute = until;
	}
	spool_day_pass(day, day->now_us + draw_between(&world.draw, 0, 60000000));
	world.cut_us = day->now_us;
	world.acked = day->acked;
	disk_hear_syncs(false); /* nothing that is closed now reaches the disk */
	spool_day_end(day);
	disk_hear_syncs(true);
	disk_cut_power(world.folder, &world.draw);
}

static void find_survivors(void)
{
	const struct spool_settings settings = settings_of();
	struct sender_source source;
	struct spool *spool;
	struct entry entry;
	struct err err;

	if (spool_open(&settings, &spool, &err) < 0)
		fail_msg("%s", err.text);
	source = spool_source(spool);
	source.rewind(source.arg);
	while (source.next(source.arg, &entry) > 0) {
		struct made *made = &world.made[entry.key.sequence];

		assert_int_equal(entry.key.run, 1);
		assert_in_range(entry.key.sequence, 1, world.count);
		assert_int_equal(crc32c(0, entry.record, entry.record_length), made->checksum);
		assert_false(made->is_there);
		made->is_there = true;
	}
	spool_close(spool);
}

static void judge(void)
{
	bool has_budget = world.news_count <= FLUSH_NEWS_BURST;

	for (uint32_t i = 1; i <= world.count; i++) {
		const struct made *made = &world.made[i];
		uint64_t age_us = world.cut_us - made->at_us;

		sums.records++;
		sums.there += made->is_there;
		sums.acked += i <= world.acked;
		if (made->is_there || i <= world.acked)
			continue;
		sums.detail++;
		sums.news += made->is_news;
		if (age_us > DETAIL_US)
			fail_msg("seed %llu: record %u was lost, %.1f s old",
				(unsigned long long)world.draw.seed, i, (double)age_us / 1e6);
		if (made->is_news && has_budget && age_us > NEWS_US)
			fail_msg("seed %llu: the news of record %u were lost, %.1f s old",
				(unsigned long long)world.draw.seed, i, (double)age_us / 1e6);
	}
}

static void cut_once(uint64_t seed)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	struct spool_day day = {.added = note};
	struct spool_settings settings;

	memset(&world, 0, sizeof(world));
	draw_init(&world.draw, seed);
	news_init(&world.news);
	snprintf(world.folder, sizeof(world.folder), "%s/test-power-XXXXXX", base);
	assert_non_null(mkdtemp(world.folder));
	snprintf(world.memory, sizeof(world.memory), "%s/" DISK_MEMORY, world.folder);
	settings = settings_of();
	assert_int_equal(spool_day_begin(&day, &settings, seed), 0);
	live_and_die(&day);
	find_survivors();
	judge();
	disk_remove(world.folder);
}

static void power_cut_takes_ten_minutes_and_no_news(void **state)
{
	const char *worlds = getenv("PANTAU_LONG") ? "5000" : NULL;
	long count = worlds ? atol(worlds) : WORLDS;

	for (long seed = 1; seed <= count; seed++)
		cut_once((uint64_t)seed);
	print_message("%ld cuts, %u records: %u acknowledged, %u found again, %u lost, "
		      "%u of them news\n",
		count, sums.records, sums.acked, sums.there, sums.detail, sums.news);
	/* Otherwise nothing was shown. */
	assert_true(sums.detail > 0 && sums.acked > 0 && sums.there > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_cut_takes_ten_minutes_and_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
