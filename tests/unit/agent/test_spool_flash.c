/* SPDX-License-Identifier: Apache-2.0 */
/* Days of a village through the spool, with everything counted that reaches the flash. */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/run_counter.h"
#include "common/file.h"
#include "tests/bench/flash.h"
#include "tests/bench/spool_day.h"

#define DAY_BYTES (256 * 1024)
#define DAY_SYNCS 200
#define SPOOL_BYTES (2 * 1024 * 1024)
#define WEEK (7 * VILLAGE_DAY)
#define SMALL_FILES 12 /* other small files replaced in a day: docs/SPOOL.md names them */

static char base[64], flash[80], state[80], spool_folder[80], memory[80];

static int set_up(void **state_)
{
	snprintf(base, sizeof(base), "/tmp/test-flash-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(flash, sizeof(flash), "%s/flash", base);
	snprintf(state, sizeof(state), "%s/flash/state", base);
	snprintf(spool_folder, sizeof(spool_folder), "%s/flash/spool", base);
	snprintf(memory, sizeof(memory), "%s/memory", base);
	if (mkdir(flash, 0700) < 0 || mkdir(state, 0700) < 0)
		return -1;
	flash_watch(flash);
	return 0;
}

static int tear_down(void **state_)
{
	char command[128];

	flash_watch(NULL);
	snprintf(command, sizeof(command), "rm -r %s", base);
	return system(command);
}

static void begin(struct spool_day *day, bool is_reached)
{
	const struct spool_settings settings = {
		.folder = spool_folder, .limit_bytes = SPOOL_BYTES, .near_folder = memory};
	uint32_t run;
	struct err err;

	*day = (struct spool_day){.is_reached = is_reached};
	assert_int_equal(run_counter_raise(state, 0, &run, &err), 0);
	assert_int_equal(spool_day_begin(day, &settings, 7), 0);
}

/* What the agent keeps beside the spool and the counter. */
static void replace_small_files(void)
{
	char path[128], text[200] = "what a small file holds\n";
	struct err err;

	snprintf(path, sizeof(path), "%s/small", state);
	for (int i = 0; i < SMALL_FILES; i++)
		assert_int_equal(file_replace(path, text, sizeof(text), 0640, &err), 0);
}

static void healthy_day_writes_little_even_in_whole_pages(void **state_)
{
	struct spool_day day;
	struct flash_counts counts;

	begin(&day, true);
	spool_day_live(&day, 0, VILLAGE_DAY, VILLAGE_UP);
	replace_small_files();
	spool_sync(day.spool); /* in order, at the end */
	counts = flash_counts();
	print_message("a healthy day: %llu bytes, %llu in pages, %llu syncs\n",
		(unsigned long long)counts.bytes, (unsigned long long)counts.pages * FLASH_PAGE,
		(unsigned long long)counts.syncs);
	assert_true(counts.pages * FLASH_PAGE <= DAY_BYTES);
	assert_true(counts.syncs <= DAY_SYNCS / 4);
	assert_int_equal(spool_figures(day.spool).waiting, 0);
	spool_day_end(&day);
}

static void metered_day_with_few_reports_writes_little_too(void **state_)
{
	struct spool_day day;
	struct flash_counts counts;

	begin(&day, true);
	day.report_every_us = S(600);
	spool_day_live(&day, 0, VILLAGE_DAY, VILLAGE_UP);
	replace_small_files();
	counts = flash_counts();
	print_message("a metered day: %llu bytes, %llu in pages, %llu syncs\n",
		(unsigned long long)counts.bytes, (unsigned long long)counts.pages * FLASH_PAGE,
		(unsigned long long)counts.syncs);
	assert_true(counts.pages * FLASH_PAGE <= DAY_BYTES);
	assert_true(counts.syncs <= DAY_SYNCS / 4);
	spool_day_end(&day);
}

static void acknowledged_day_is_still_there_for_a_restored_collector(void **state_)
{
	struct held_run runs[RUNS_MAX];
	struct spool_day day;
	struct entry entry;
	uint32_t found = 0;

	begin(&day, true);
	spool_day_live(&day, 0, VILLAGE_DAY, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).waiting, 0);
	assert_int_equal(day.source.runs(day.source.arg, runs), 1);
	assert_int_equal(runs[0].first, 1);
	day.source.rewind(day.source.arg);
	while (day.source.next(day.source.arg, &entry) > 0)
		assert_int_equal(entry.key.sequence, ++found);
	assert_int_equal(found, day.sequence);
	spool_day_end(&day);
}

static void day_of_flaps_without_the_collector_keeps_the_budget(void **state_)
{
	struct spool_day day;
	struct flash_counts counts;

	begin(&day, false);
	day.is_sketched = true;
	spool_day_live(&day, 0, VILLAGE_DAY, VILLAGE_FLAPS);
	replace_small_files();
	counts = flash_counts();
	print_message("a day of flaps: %llu bytes, %llu in pages, %llu syncs\n",
		(unsigned long long)counts.bytes, (unsigned long long)counts.pages * FLASH_PAGE,
		(unsigned long long)counts.syncs);
	assert_true(counts.bytes <= DAY_BYTES);
	assert_true(counts.syncs <= DAY_SYNCS);
	spool_day_end(&day);
}

static void day_of_flaps_with_the_collector_keeps_the_budget(void **state_)
{
	struct spool_day day;
	struct flash_counts counts;

	begin(&day, true);
	day.is_sketched = true;
	spool_day_live(&day, 0, VILLAGE_DAY, VILLAGE_FLAPS);
	replace_small_files();
	counts = flash_counts();
	print_message("a day of flaps, acknowledged: %llu bytes, %llu syncs\n",
		(unsigned long long)counts.bytes, (unsigned long long)counts.syncs);
	assert_true(counts.bytes <= DAY_BYTES);
	assert_true(counts.syncs <= DAY_SYNCS);
	spool_day_end(&day);
}

static void week_without_the_collector_fits_in_full_detail(void **state_)
{
	struct spool_day day;
	struct spool_figures figures;

	begin(&day, false);
	spool_day_live(&day, 0, WEEK, VILLAGE_UP);
	spool_sync(day.spool);
	figures = spool_figures(day.spool);
	print_message("a week up: %llu bytes, %.1f a slot\n", (unsigned long long)figures.bytes,
		(double)figures.bytes / WEEK);
	assert_int_equal(figures.lost, 0);
	assert_int_equal(figures.waiting, day.sequence);
	assert_true(figures.bytes <= SPOOL_BYTES);
	spool_day_end(&day);
}

static void week_of_outage_fits_in_full_detail(void **state_)
{
	struct spool_day day;
	struct spool_figures figures;

	begin(&day, false);
	spool_day_live(&day, 0, WEEK, VILLAGE_DOWN);
	spool_sync(day.spool);
	figures = spool_figures(day.spool);
	print_message("a week down: %llu bytes, %.1f a slot, %llu lost\n",
		(unsigned long long)figures.bytes, (double)figures.bytes / WEEK,
		(unsigned long long)figures.lost);
	assert_int_equal(figures.lost, 0);
	spool_day_end(&day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			healthy_day_writes_little_even_in_whole_pages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			metered_day_with_few_reports_writes_little_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			acknowledged_day_is_still_there_for_a_restored_collector, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			day_of_flaps_without_the_collector_keeps_the_budget, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			day_of_flaps_with_the_collector_keeps_the_budget, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			week_without_the_collector_fits_in_full_detail, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			week_of_outage_fits_in_full_detail, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
