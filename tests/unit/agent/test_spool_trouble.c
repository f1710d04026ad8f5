/* SPDX-License-Identifier: Apache-2.0 */
/* Flash that is full, read-only or broken, and RAM that has no room: the agent goes on. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/run_counter.h"
#include "common/pack.h"
#include "common/seglog.h"
#include "tests/bench/flash.h"
#include "tests/bench/spool_day.h"

#define SPOOL_BYTES (2 * 1024 * 1024)
#define BIG_BYTES (64 * 1024 * 1024)
#define RSS_SLACK_KIB 64

static char base[64], folder[80], memory[80];

static int set_up(void **state)
{
	snprintf(base, sizeof(base), "/tmp/test-trouble-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(folder, sizeof(folder), "%s/flash", base);
	snprintf(memory, sizeof(memory), "%s/memory", base);
	return mkdir(folder, 0700) < 0 || mkdir(memory, 0700) < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	char command[128];

	flash_watch(NULL);
	snprintf(command, sizeof(command), "rm -r %s", base);
	return system(command);
}

static struct spool_settings settings_of(size_t limit_bytes)
{
	return (struct spool_settings){
		.folder = folder, .limit_bytes = limit_bytes, .near_folder = memory};
}

static void begin(struct spool_day *day)
{
	const struct spool_settings settings = settings_of(SPOOL_BYTES);

	*day = (struct spool_day){.is_reached = false};
	assert_int_equal(spool_day_begin(day, &settings, 7), 0);
}

/* Reads all that is held: every number is a record or lies in a gap. Returns how many do. */
static uint32_t count_dropped(struct spool_day *day)
{
	struct record *record = calloc(1, sizeof(*record));
	uint32_t expected = 1, dropped = 0;
	struct entry entry;

	day->source.rewind(day->source.arg);
	while (day->source.next(day->source.arg, &entry) > 0) {
		assert_int_equal(entry.key.sequence, expected);
		assert_int_equal(
			codec_record_decode(entry.record, entry.record_length, record, NULL), 0);
		if (record->kind == RECORD_DROPPED) {
			dropped += record->dropped.records;
			expected = record->dropped.last;
		}
		expected++;
	}
	assert_int_equal(expected, day->sequence + 1);
	free(record);
	return dropped;
}

static void full_flash_is_waited_out_in_ram(void **state)
{
	struct spool_day day;

	flash_watch(folder);
	begin(&day);
	spool_day_live(&day, 1, 60, VILLAGE_UP);
	flash_refuse(ENOSPC, FLASH_OPEN | FLASH_WRITE);
	spool_day_live(&day, 60, 300, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).trouble, ENOSPC);
	assert_int_equal(spool_figures(day.spool).lost, 0);
	assert_int_equal(count_dropped(&day), 0);
	flash_refuse(0, 0);
	spool_day_live(&day, 300, 330, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).trouble, 0);
	assert_true(spool_figures(day.spool).near_bytes < 16 * 1024);
	assert_int_equal(count_dropped(&day), 0);
	spool_day_end(&day);
}

/* What others left free is less than a batch. */
static void fill_up(struct spool_day *day)
{
	flash_refuse(ENOSPC, FLASH_OPEN | FLASH_WRITE | FLASH_UNTIL_REMOVED);
	spool_day_live(day, 3 * VILLAGE_DAY, 3 * VILLAGE_DAY + 60, VILLAGE_UP);
}

static void full_flash_gives_up_what_is_acknowledged(void **state)
{
	struct held_run runs[RUNS_MAX];
	struct spool_day day;

	flash_watch(folder);
	begin(&day);
	day.is_reached = true;
	spool_day_live(&day, 1, 3 * VILLAGE_DAY, VILLAGE_UP);
	day.is_reached = false;
	fill_up(&day);
	assert_int_equal(spool_figures(day.spool).trouble, 0);
	assert_int_equal(spool_figures(day.spool).lost, 0);
	assert_int_equal(day.source.runs(day.source.arg, runs), 1);
	assert_true(runs[0].first > 1);
	spool_day_end(&day);
}

static void full_flash_keeps_what_nobody_else_has(void **state)
{
	struct held_run runs[RUNS_MAX];
	struct spool_day day;

	flash_watch(folder);
	begin(&day);
	spool_day_live(&day, 1, 3 * VILLAGE_DAY, VILLAGE_UP);
	fill_up(&day);
	assert_int_equal(spool_figures(day.spool).trouble, ENOSPC);
	assert_int_equal(spool_figures(day.spool).lost, 0);
	assert_int_equal(day.source.runs(day.source.arg, runs), 1);
	assert_int_equal(runs[0].first, 1);
	spool_day_end(&day);
}

static void sync_that_fails_is_done_again(void **state)
{
	struct spool_day day;

	flash_watch(folder);
	begin(&day);
	spool_day_live(&day, 1, 60, VILLAGE_UP);
	flash_refuse(EIO, FLASH_SYNC);
	spool_day_live(&day, 60, 120, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).trouble, EIO);
	assert_int_equal(count_dropped(&day), 0);
	flash_refuse(0, 0);
	spool_day_live(&day, 120, 150, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).trouble, 0);
	assert_int_equal(count_dropped(&day), 0);
	spool_day_end(&day);
}

static void ram_that_is_full_too_gives_up_the_oldest_and_counts(void **state)
{
	struct spool_day day;
	uint32_t before;

	flash_watch(folder);
	begin(&day);
	spool_day_live(&day, 1, 60, VILLAGE_UP);
	before = day.sequence;
	flash_refuse(EROFS, FLASH_OPEN | FLASH_WRITE);
	spool_day_live(&day, 60, 3000, VILLAGE_UP);
	assert_in_range(spool_figures(day.spool).lost, 1000, day.sequence - before);
	assert_int_equal(count_dropped(&day), spool_figures(day.spool).lost);
	assert_true(spool_figures(day.spool).near_bytes <= SPOOL_NEAR_BYTES);
	flash_refuse(0, 0);
	spool_day_live(&day, 3000, 3030, VILLAGE_UP);
	assert_int_equal(count_dropped(&day), spool_figures(day.spool).lost);
	spool_day_end(&day);
}

static void flash_that_cannot_be_written_at_the_start_is_read_all_the_same(void **state)
{
	struct spool_day day;
	uint32_t before;

	flash_watch(folder);
	begin(&day);
	spool_day_live(&day, 1, 60, VILLAGE_UP);
	spool_sync(day.spool);
	before = day.sequence;
	spool_day_end(&day);
	flash_refuse(EROFS, FLASH_OPEN | FLASH_WRITE | FLASH_SYNC);
	begin(&day);
	assert_int_equal(spool_figures(day.spool).trouble, EROFS);
	assert_int_equal(day.run, 2);
	spool_day_live(&day, 60, 120, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).waiting, before + day.sequence);
	assert_int_equal(spool_figures(day.spool).lost, 0);
	day.is_reached = true;
	day.source.rewind(day.source.arg);
	spool_day_live(&day, 120, 121, VILLAGE_UP);
	assert_int_equal(day.acked, day.sequence);
	spool_day_end(&day);
}

static void ram_without_room_writes_to_flash(void **state)
{
	struct spool_day day;

	flash_watch(memory);
	begin(&day);
	spool_day_live(&day, 1, 10, VILLAGE_UP);
	flash_refuse(ENOSPC, FLASH_OPEN | FLASH_WRITE);
	spool_day_live(&day, 10, 100, VILLAGE_UP);
	assert_int_equal(spool_figures(day.spool).lost, 0);
	assert_int_equal(count_dropped(&day), 0);
	flash_refuse(0, 0);
	spool_day_live(&day, 100, 110, VILLAGE_UP);
	assert_int_equal(count_dropped(&day), 0);
	spool_day_end(&day);
}

static void counter_that_cannot_be_written_is_drawn(void **state)
{
	uint32_t run, drawn, other;
	struct err err;

	assert_int_equal(run_counter_raise(folder, 0, &run, &err), 0);
	flash_watch(folder);
	flash_refuse(EROFS, FLASH_OPEN | FLASH_WRITE);
	assert_true(spool_bears(run_counter_raise(folder, 0, &run, &err)));
	assert_int_equal(run_counter_draw(folder, 0, &drawn, &err), 0);
	assert_int_equal(run_counter_draw(folder, 0, &other, &err), 0);
	assert_true(drawn > (1U << 20) && drawn != other);
	assert_int_equal(run_counter_draw(folder, UINT32_MAX - (1U << 20) - 1, &drawn, &err), 0);
	assert_true(drawn > UINT32_MAX - (1U << 20) - 1);
}

/* ---- killed */

#define MINUTES 90

static void note_sequence(void *arg, const struct spool_day *day, const struct record *record)
{
	*(volatile uint32_t *)arg = day->sequence;
}

/* Lives, unless it dies of its n-th call to flash; how many records were added meanwhile. */
static bool live_until_killed(uint64_t call, volatile uint32_t *ret_added)
{
	const struct spool_settings settings = settings_of(SPOOL_BYTES);
	int status;
	pid_t child;

	*ret_added = 0;
	child = fork();
	if (child == 0) {
		struct spool_day day = {.added = note_sequence, .arg = (void *)ret_added};

		flash_watch(folder);
		flash_kill_at(call);
		if (spool_day_begin(&day, &settings, 7) == 0)
			spool_day_live(&day, 1, MINUTES, VILLAGE_UP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void agent_killed_at_any_call_to_flash_loses_nothing(void **state)
{
	volatile uint32_t *added = mmap(
		NULL, sizeof(*added), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct spool_settings settings = settings_of(SPOOL_BYTES);
	struct spool_day day = {.run = 1};
	uint64_t call = 1;
	struct err err;

	assert_ptr_not_equal(added, MAP_FAILED);
	for (; live_until_killed(call, added); call++) {
		assert_int_equal(spool_open(&settings, &day.spool, &err), 0);
		day.source = spool_source(day.spool);
		/* The one under way may be there already. */
		day.sequence = (uint32_t)spool_figures(day.spool).waiting;
		assert_in_range(day.sequence, *added, *added + 1);
		assert_int_equal(count_dropped(&day), 0);
		assert_int_equal(spool_sync(day.spool), 0);
		assert_int_equal(count_dropped(&day), 0);
		spool_close(day.spool);
		tear_down(state);
		set_up(state);
	}
	assert_true(call > 20); /* it was killed at all of these */
	munmap((void *)added, sizeof(*added));
}

/* ---- the memory of a start */

/* A spool of so many bytes, of blocks that a start has no need to undo. */
static void fill(size_t bytes)
{
	const struct seglog_options options = {.segment_bytes = bytes / 16};
	uint8_t block[8192];
	uint64_t first = 2;
	struct spool_day day;
	struct seglog *log;
	struct pack pack;
	struct err err;

	begin(&day);
	spool_sync(day.spool);
	spool_day_end(&day);
	memset(block, 'x', sizeof(block));
	assert_int_equal(seglog_open(folder, &options, &log, &err), 0);
	for (; seglog_bytes(log) < bytes - 2 * sizeof(block); first += 100) {
		pack_init(&pack, block, sizeof(block));
		pack_u8(&pack, 'B');
		pack_varint(&pack, 1);
		pack_varint(&pack, first);
		pack_varint(&pack, 100);
		pack_varint(&pack, 8000);
		pack_varint(&pack, S(60.0 * (double)first));
		pack_varint(&pack, S(6000));
		assert_int_equal(seglog_append(log, block, sizeof(block), NULL), 0);
	}
	seglog_close(log);
}

/* Opens the spool, and tells the most memory that it took. */
static void open_and_tell(size_t limit_bytes, int pipe_fd)
{
	const struct spool_settings settings = settings_of(limit_bytes);
	struct spool *spool;
	struct err err;
	long kib;

	if (spool_open(&settings, &spool, &err) < 0 || spool_figures(spool).waiting < 1000)
		_exit(1);
	kib = spool_day_peak_kib();
	_exit(write(pipe_fd, &kib, sizeof(kib)) != sizeof(kib));
}

/* In a process of its own. */
static long measure_start(size_t limit_bytes)
{
	int status, pipe_fds[2];
	long kib = 0;
	pid_t child;

	assert_int_equal(pipe(pipe_fds), 0);
	child = fork();
	if (child == 0)
		open_and_tell(limit_bytes, pipe_fds[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(pipe_fds[0], &kib, sizeof(kib)), sizeof(kib));
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	return kib;
}

static void memory_of_a_start_does_not_depend_on_what_waits(void **state)
{
	long small, big;

	fill(SPOOL_BYTES);
	small = measure_start(SPOOL_BYTES);
	tear_down(state);
	set_up(state);
	fill(BIG_BYTES);
	big = measure_start(BIG_BYTES);
	print_message("a start takes %ld KiB with 2 MB, %ld KiB with 64 MB\n", small, big);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
	assert_in_range(big, small - RSS_SLACK_KIB, small + RSS_SLACK_KIB);
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(full_flash_is_waited_out_in_ram),
		TEST(full_flash_gives_up_what_is_acknowledged),
		TEST(full_flash_keeps_what_nobody_else_has),
		TEST(sync_that_fails_is_done_again),
		TEST(ram_that_is_full_too_gives_up_the_oldest_and_counts),
		TEST(flash_that_cannot_be_written_at_the_start_is_read_all_the_same),
		TEST(ram_without_room_writes_to_flash),
		TEST(counter_that_cannot_be_written_is_drawn),
		TEST(agent_killed_at_any_call_to_flash_loses_nothing),
		TEST(memory_of_a_start_does_not_depend_on_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
