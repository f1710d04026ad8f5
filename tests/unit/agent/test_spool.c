/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/spool.h"

#define LIMIT SPOOL_BYTES_MIN

static char folder[] = "/tmp/test-spool-XXXXXX";
static struct record *record; /* what the tests write */
static struct record *found; /* what they read back */

static void empty_folder(void)
{
	DIR *dir = opendir(folder);
	struct dirent *item;
	char path[512];

	assert_non_null(dir);
	while ((item = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, item->d_name);
		if (item->d_name[0] != '.')
			unlink(path);
	}
	closedir(dir);
}

static int set_up(void **state)
{
	empty_folder();
	return 0;
}

static struct spool *open_spool(void)
{
	const struct spool_settings settings = {.folder = folder, .limit_bytes = LIMIT};
	struct spool *spool = NULL;
	struct err err;

	if (spool_open(&settings, &spool, &err) < 0)
		fail_msg("%s", err.text);
	return spool;
}

/* A slot of the minute that its number says. */
static int add_slot(struct spool *spool, uint32_t minute)
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
			.rtt_us = 12000 + minute};
	return spool_add(spool, record);
}

static void add_slots(struct spool *spool, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to; i++)
		assert_int_equal(add_slot(spool, i), 0);
}

/* Checks that the source gives exactly every number of the run from `first` to `last`, in
 * order, records and Dropped together, and that records are what was written. Returns how many
 * numbers were dropped. */
static uint32_t read_all(struct spool *spool, uint32_t run, uint32_t first, uint32_t last)
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

static void spool_gives_back_what_was_added_in_order(void **state)
{
	struct spool *spool = open_spool();
	struct held_run runs[RUNS_MAX];
	struct sender_source source = spool_source(spool);

	assert_int_equal(spool_begin(spool, 1, 99, boot_id), 0);
	add_slots(spool, 1, 50);
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_int_equal(runs[0].nonce, 99);
	assert_int_equal(runs[0].first, 1);
	assert_int_equal(runs[0].last, 50);
	assert_int_equal(read_all(spool, 1, 1, 50), 0);
	assert_int_equal(spool_figures(spool).waiting, 50);
	spool_close(spool);
}

static void record_added_while_reading_is_given_next(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct entry entry;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 1);
	source.rewind(source.arg);
	assert_int_equal(source.next(source.arg, &entry), 1);
	assert_int_equal(source.next(source.arg, &entry), 0);
	add_slots(spool, 2, 2);
	assert_int_equal(source.next(source.arg, &entry), 1);
	assert_int_equal(entry.key.sequence, 2);
	spool_close(spool);
}

static void restart_keeps_records_runs_and_what_was_acknowledged(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct held_run runs[RUNS_MAX];

	assert_int_equal(spool_last_run(spool), 0);
	spool_begin(spool, 4, 99, boot_id);
	add_slots(spool, 1, 20);
	source.acked(source.arg, 4, 15);
	assert_int_equal(spool_save(spool), 0);
	spool_close(spool);

	spool = open_spool();
	source = spool_source(spool);
	assert_int_equal(spool_last_run(spool), 4);
	assert_int_equal(spool_figures(spool).waiting, 5);
	assert_int_equal(spool_begin(spool, 5, 100, boot_id), 0);
	add_slots(spool, 1, 3);
	assert_int_equal(source.runs(source.arg, runs), 2);
	assert_int_equal(runs[0].run, 4);
	assert_int_equal(runs[0].nonce, 99);
	assert_int_equal(runs[0].first, 1); /* acknowledged ones stay */
	assert_int_equal(runs[1].run, 5);
	assert_int_equal(runs[1].nonce, 100);
	spool_close(spool);
}

static void process_killed_without_a_word_loses_nothing(void **state)
{
	struct spool *spool;
	pid_t child = fork();
	int status;

	if (child == 0) {
		spool = open_spool();
		spool_begin(spool, 1, 99, boot_id);
		for (uint32_t i = 1; i <= 300; i++)
			if (add_slot(spool, i) < 0)
				_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	spool = open_spool();
	assert_int_equal(read_all(spool, 1, 1, 300), 0);
	spool_close(spool);
}

static void spool_drops_oldest_when_full_and_counts_exactly(void **state)
{
	struct spool *spool = open_spool();
	uint32_t dropped;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 9000);
	assert_true(spool_figures(spool).bytes <= LIMIT + LIMIT / 16);
	dropped = read_all(spool, 1, 1, 9000);
	assert_in_range(dropped, 1, 8999);
	assert_int_equal(spool_figures(spool).lost, dropped);
	spool_close(spool);
}

static void one_dropped_record_tells_range_and_time_of_all_drops(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct entry entry;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 9000);
	source.rewind(source.arg);
	assert_int_equal(source.next(source.arg, &entry), 1);
	assert_int_equal(entry.key.sequence, 1);
	assert_int_equal(codec_record_decode(entry.record, entry.record_length, found, NULL), 0);
	assert_int_equal(found->kind, RECORD_DROPPED);
	assert_int_equal(found->dropped.records, spool_figures(spool).lost);
	assert_int_equal(found->dropped.from_us, S(60));
	assert_int_equal(found->dropped.to_us, S(60.0 * (found->dropped.last + 1)));
	spool_close(spool);
}

static void dropped_record_survives_a_restart(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source;
	uint32_t dropped;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 9000);
	dropped = read_all(spool, 1, 1, 9000);
	spool_close(spool);
	spool = open_spool();
	assert_int_equal(read_all(spool, 1, 1, 9000), dropped);
	source = spool_source(spool);
	source.acked(source.arg, 1, dropped);
	assert_int_equal(read_all(spool, 1, dropped + 1, 9000), 0);
	spool_close(spool);
}

static void acknowledged_records_make_room_without_being_counted(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct held_run runs[RUNS_MAX];

	spool_begin(spool, 1, 99, boot_id);
	for (uint32_t i = 1; i <= 9000; i++) {
		add_slots(spool, i, i);
		source.acked(source.arg, 1, i);
	}
	assert_int_equal(spool_figures(spool).lost, 0);
	assert_int_equal(spool_figures(spool).waiting, 0);
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_in_range(runs[0].first, 2, 8999);
	assert_int_equal(read_all(spool, 1, runs[0].first, 9000), 0);
	spool_close(spool);
}

static void drops_of_a_run_that_ended_are_its_own(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source;
	struct held_run runs[RUNS_MAX];

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 100);
	spool_close(spool);
	spool = open_spool();
	source = spool_source(spool);
	spool_begin(spool, 2, 100, boot_id);
	add_slots(spool, 1, 9000);
	assert_int_equal(source.runs(source.arg, runs), 2);
	assert_int_equal(runs[0].first, 1);
	assert_int_equal(runs[0].last, 100);
	source.acked(source.arg, 1, 100); /* its one Dropped record */
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_int_equal(runs[0].run, 2);
	read_all(spool, 2, 1, 9000);
	spool_close(spool);
}

static void damage_first_segment(long from, size_t length)
{
	char path[512], *zeros = calloc(1, length);
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort), fd = -1;

	for (int i = 0; i < count; i++) {
		if (fd < 0 && strstr(names[i]->d_name, ".seg")) {
			snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
			fd = open(path, O_WRONLY);
		}
		free(names[i]);
	}
	free(names);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, zeros, length, from), (ssize_t)length);
	close(fd);
	free(zeros);
}

static void damaged_records_are_counted_as_dropped(void **state)
{
	struct spool *spool = open_spool();

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 100);
	spool_close(spool);
	damage_first_segment(3000, 400);
	spool = open_spool();
	assert_in_range(read_all(spool, 1, 1, 100), 1, 10);
	assert_true(spool_figures(spool).damaged >= 1);
	spool_close(spool);
}

static void damage_met_while_reading_is_counted_too(void **state)
{
	struct spool *spool = open_spool();

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 100);
	damage_first_segment(3000, 400);
	assert_in_range(read_all(spool, 1, 1, 100), 1, 10);
	spool_close(spool);
}

static void record_that_the_disk_refuses_keeps_its_number(void **state)
{
	struct rlimit old, none = {.rlim_cur = 9000};
	struct spool *spool = open_spool();
	int refused = 0;

	spool_begin(spool, 1, 99, boot_id);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	add_slots(spool, 1, 10);
	setrlimit(RLIMIT_FSIZE, &none);
	for (uint32_t i = 11; i <= 100; i++)
		refused += add_slot(spool, i) < 0;
	setrlimit(RLIMIT_FSIZE, &old);
	add_slots(spool, 101, 110);
	assert_true(refused > 0);
	assert_int_equal(spool_figures(spool).lost, refused);
	assert_int_equal(read_all(spool, 1, 1, 110), refused);
	spool_close(spool);
}

static void second_process_is_kept_out(void **state)
{
	const struct spool_settings settings = {.folder = folder, .limit_bytes = LIMIT};
	struct spool *spool = open_spool(), *other = NULL;
	struct err err;

	assert_int_equal(spool_open(&settings, &other, &err), -EBUSY);
	assert_null(other);
	spool_close(spool);
}

static void more_runs_than_fit_forget_the_oldest(void **state)
{
	struct spool *spool = open_spool();
	struct held_run *runs = calloc(RUNS_MAX, sizeof(*runs));
	struct sender_source source = spool_source(spool);

	for (uint32_t run = 1; run <= RUNS_MAX + 10; run++) {
		assert_int_equal(spool_begin(spool, run, run, boot_id), 0);
		add_slots(spool, 1, 1);
	}
	assert_int_equal(source.runs(source.arg, runs), RUNS_MAX);
	assert_int_equal(runs[0].run, 11);
	assert_int_equal(spool_figures(spool).lost, 10);
	spool_close(spool);
	free(runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(spool_gives_back_what_was_added_in_order, set_up),
		cmocka_unit_test_setup(record_added_while_reading_is_given_next, set_up),
		cmocka_unit_test_setup(
			restart_keeps_records_runs_and_what_was_acknowledged, set_up),
		cmocka_unit_test_setup(process_killed_without_a_word_loses_nothing, set_up),
		cmocka_unit_test_setup(spool_drops_oldest_when_full_and_counts_exactly, set_up),
		cmocka_unit_test_setup(
			one_dropped_record_tells_range_and_time_of_all_drops, set_up),
		cmocka_unit_test_setup(dropped_record_survives_a_restart, set_up),
		cmocka_unit_test_setup(
			acknowledged_records_make_room_without_being_counted, set_up),
		cmocka_unit_test_setup(drops_of_a_run_that_ended_are_its_own, set_up),
		cmocka_unit_test_setup(damaged_records_are_counted_as_dropped, set_up),
		cmocka_unit_test_setup(damage_met_while_reading_is_counted_too, set_up),
		cmocka_unit_test_setup(record_that_the_disk_refuses_keeps_its_number, set_up),
		cmocka_unit_test_setup(second_process_is_kept_out, set_up),
		cmocka_unit_test_setup(more_runs_than_fit_forget_the_oldest, set_up),
	};
	int failed;

	if (!mkdtemp(folder))
		return 1;
	record = calloc(1, sizeof(*record));
	found = calloc(1, sizeof(*found));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	empty_folder();
	rmdir(folder);
	free(record);
	free(found);
	return failed;
}
