/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/spool_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], near_folder[64];
static struct record *record; /* what the tests write */
static struct record *found; /* what they read back */

static void empty(const char *path_of)
{
	DIR *dir = opendir(path_of);
	struct dirent *item;
	char path[512];

	assert_non_null(dir);
	while ((item = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", path_of, item->d_name);
		if (item->d_name[0] != '.')
			unlink(path);
	}
	closedir(dir);
}

const char *spool_fixture_folder(void)
{
	return folder;
}

const char *spool_fixture_near(void)
{
	return near_folder;
}

void lose_power(void)
{
	empty(near_folder);
}

struct spool *open_spool(void)
{
	const struct spool_settings settings = {
		.folder = folder, .limit_bytes = SPOOL_LIMIT, .near_folder = near_folder};
	struct spool *spool = NULL;
	struct err err;

	if (spool_open(&settings, &spool, &err) < 0)
		fail_msg("%s", err.text);
	return spool;
}

/* No two alike, as on a link: what repeats would take no room. */
static uint32_t rtt_of(uint32_t minute, uint32_t round)
{
	return 12000 + (minute * 6 + round) * 2654435761U % 65536;
}

int add_slot(struct spool *spool, uint32_t minute)
{
	memset(record, 0, sizeof(*record));
	record->kind = RECORD_SLOT;
	record->slot.start_us = S(60.0 * minute);
	record->slot.length_ms = 60000;
	memcpy(record->slot.boot, boot_id, BOOT_BYTES);
	strcpy(record->slot.wan, "wan");
	record->slot.rounds_due = 6;
	record->slot.target_count = 1;
	record->slot.targets[0] = target_v4(CLASS_INTERNET, 1, 0);
	record->slot.probe_count = 6;
	for (uint16_t i = 0; i < 6; i++)
		record->slot.probes[i] = (struct probe){.offset_ms = i * 10000U,
			.round = i,
			.kind = PROBE_ICMP,
			.outcome = OUTCOME_ANSWERED,
			.rtt_us = rtt_of(minute, i)};
	return spool_add(spool, record);
}

void add_slots(struct spool *spool, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to; i++)
		assert_int_equal(add_slot(spool, i), 0);
}

uint32_t read_all(struct spool *spool, uint32_t run, uint32_t first, uint32_t last)
{
	struct sender_source source = spool_source(spool);
	uint32_t expected = first, dropped = 0;
	struct entry entry;
	struct err err;

	source.rewind(source.arg);
	while (source.next(source.arg, &entry) > 0) {
		assert_int_equal(entry.key.run, run);
		assert_int_equal(entry.key.sequence, expected);
		if (codec_record_decode(entry.record, entry.record_length, found, &err))
			fail_msg("%s", err.text);
		if (found->kind == RECORD_DROPPED) {
			assert_int_equal(
				found->dropped.records, found->dropped.last - expected + 1);
			assert_memory_equal(found->dropped.boot, boot_id, BOOT_BYTES);
			dropped += found->dropped.records;
			expected = found->dropped.last + 1;
			continue;
		}
		assert_int_equal(found->kind, RECORD_SLOT);
		assert_int_equal(found->slot.start_us, S(60.0 * expected));
		expected++;
	}
	assert_int_equal(expected, last + 1);
	return dropped;
}

static int set_up(void **state)
{
	empty(folder);
	empty(near_folder);
	record = calloc(1, sizeof(*record));
	found = calloc(1, sizeof(*found));
	return record && found ? 0 : -1;
}

static int tear_down(void **state)
{
	free(record);
	free(found);
	return 0;
}

/* In memory where that can be had: nobody cuts the power here. */
static char *make_folder(char *path, size_t size)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf(path, size, "%s/test-spool-XXXXXX", base);
	return mkdtemp(path);
}

int spool_fixture_run(const struct CMUnitTest *tests, size_t count)
{
	struct CMUnitTest *own = calloc(count, sizeof(*own));
	int failed;

	if (!own || !make_folder(folder, sizeof(folder)) ||
		!make_folder(near_folder, sizeof(near_folder)))
		return 1;
	memcpy(own, tests, count * sizeof(*own));
	for (size_t i = 0; i < count; i++) {
		own[i].setup_func = set_up;
		own[i].teardown_func = tear_down;
	}
	failed = _cmocka_run_group_tests("spool", own, count, NULL, NULL);
	empty(folder);
	empty(near_folder);
	rmdir(folder);
	rmdir(near_folder);
	free(own);
	return failed;
}
