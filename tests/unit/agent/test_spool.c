/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/spool_fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FULL 20000 /* slots: twice what the spool holds */

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

static void runs_that_are_all_gap_survive_a_restart(void **state)
{
	struct held_run runs[RUNS_MAX];
	struct sender_source source;
	struct spool *spool = open_spool();

	for (uint32_t run = 1; run <= 4; run++) {
		spool_begin(spool, run, run, boot_id);
		add_slots(spool, 1, 500);
	}
	spool_begin(spool, 5, 5, boot_id);
	add_slots(spool, 1, FULL); /* pushes out all of the others */
	for (int restart = 0; restart < 3; restart++) {
		spool_close(spool);
		spool = open_spool();
		source = spool_source(spool);
		assert_int_equal(source.runs(source.arg, runs), 5);
		for (uint32_t run = 1; run <= 4; run++) {
			assert_int_equal(runs[run - 1].run, run);
			assert_int_equal(runs[run - 1].nonce, run);
			assert_int_equal(runs[run - 1].first, 1);
			assert_int_equal(runs[run - 1].last, 500);
		}
	}
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

static void power_cut_takes_only_what_was_in_ram(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 20);
	source.acked(source.arg, 1, 12);
	assert_int_equal(spool_sync(spool), 0);
	add_slots(spool, 21, 25);
	assert_int_equal(read_all(spool, 1, 1, 25), 0);
	spool_close(spool);
	lose_power();
	spool = open_spool();
	assert_int_equal(spool_last_run(spool), 1);
	assert_int_equal(read_all(spool, 1, 1, 20), 0);
	assert_int_equal(spool_figures(spool).waiting, 8);
	spool_close(spool);
}

static void records_that_move_to_flash_while_they_are_read_come_once(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct entry entry;

	spool_begin(spool, 1, 99, boot_id);
	source.rewind(source.arg);
	for (uint32_t i = 1; i <= 300; i++) {
		add_slots(spool, i, i);
		if (i % 7 == 0)
			assert_int_equal(spool_sync(spool), 0);
		if (i % 3)
			continue;
		for (uint32_t given = i - 2; given <= i; given++) {
			assert_int_equal(source.next(source.arg, &entry), 1);
			assert_int_equal(entry.key.sequence, given);
		}
		if (i % 2)
			assert_int_equal(source.next(source.arg, &entry), 0);
	}
	assert_int_equal(spool_figures(spool).lost, 0);
	spool_close(spool);
}

/* As they were on flash before there were blocks. */
static void single_records_on_flash_are_read_too(void **state)
{
	const struct spool_settings swapped = {.folder = spool_fixture_near(),
		.limit_bytes = SPOOL_LIMIT,
		.near_folder = spool_fixture_folder()};
	struct spool *spool = open_spool();
	struct err err;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 50);
	spool_close(spool);
	assert_int_equal(spool_open(&swapped, &spool, &err), 0);
	assert_int_equal(read_all(spool, 1, 1, 50), 0);
	assert_int_equal(spool_figures(spool).waiting, 50);
	spool_close(spool);
}

static void spool_drops_oldest_when_full_and_counts_exactly(void **state)
{
	struct spool *spool = open_spool();
	uint32_t dropped;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, FULL);
	assert_true(spool_figures(spool).bytes <= SPOOL_LIMIT + SPOOL_LIMIT / 16);
	dropped = read_all(spool, 1, 1, FULL);
	assert_in_range(dropped, 1, FULL - 1);
	assert_int_equal(spool_figures(spool).lost, dropped);
	spool_close(spool);
}

static void one_dropped_record_tells_range_and_time_of_all_drops(void **state)
{
	struct record *record = calloc(1, sizeof(*record));
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct entry entry;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, FULL);
	source.rewind(source.arg);
	assert_int_equal(source.next(source.arg, &entry), 1);
	assert_int_equal(entry.key.sequence, 1);
	assert_int_equal(codec_record_decode(entry.record, entry.record_length, record, NULL), 0);
	assert_int_equal(record->kind, RECORD_DROPPED);
	assert_int_equal(record->dropped.records, spool_figures(spool).lost);
	assert_int_equal(record->dropped.from_us, S(60));
	assert_int_equal(record->dropped.to_us, S(60.0 * (record->dropped.last + 1)));
	spool_close(spool);
	free(record);
}

static void dropped_record_survives_a_restart(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source;
	uint32_t dropped;

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, FULL);
	dropped = read_all(spool, 1, 1, FULL);
	spool_close(spool);
	spool = open_spool();
	assert_int_equal(read_all(spool, 1, 1, FULL), dropped);
	source = spool_source(spool);
	source.acked(source.arg, 1, dropped);
	assert_int_equal(read_all(spool, 1, dropped + 1, FULL), 0);
	spool_close(spool);
}

static void acknowledged_records_make_room_without_being_counted(void **state)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);
	struct held_run runs[RUNS_MAX];

	spool_begin(spool, 1, 99, boot_id);
	for (uint32_t i = 1; i <= FULL; i++) {
		add_slots(spool, i, i);
		source.acked(source.arg, 1, i);
	}
	assert_int_equal(spool_figures(spool).lost, 0);
	assert_int_equal(spool_figures(spool).waiting, 0);
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_in_range(runs[0].first, 2, FULL - 1);
	assert_int_equal(read_all(spool, 1, runs[0].first, FULL), 0);
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
	add_slots(spool, 1, FULL);
	assert_int_equal(source.runs(source.arg, runs), 2);
	assert_int_equal(runs[0].first, 1);
	assert_int_equal(runs[0].last, 100);
	source.acked(source.arg, 1, 100); /* its one Dropped record */
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_int_equal(runs[0].run, 2);
	read_all(spool, 2, 1, FULL);
	spool_close(spool);
}

static void second_process_is_kept_out(void **state)
{
	const struct spool_settings settings = {.folder = spool_fixture_folder(),
		.limit_bytes = SPOOL_LIMIT,
		.near_folder = spool_fixture_near()};
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
		cmocka_unit_test(spool_gives_back_what_was_added_in_order),
		cmocka_unit_test(record_added_while_reading_is_given_next),
		cmocka_unit_test(restart_keeps_records_runs_and_what_was_acknowledged),
		cmocka_unit_test(runs_that_are_all_gap_survive_a_restart),
		cmocka_unit_test(process_killed_without_a_word_loses_nothing),
		cmocka_unit_test(power_cut_takes_only_what_was_in_ram),
		cmocka_unit_test(records_that_move_to_flash_while_they_are_read_come_once),
		cmocka_unit_test(single_records_on_flash_are_read_too),
		cmocka_unit_test(spool_drops_oldest_when_full_and_counts_exactly),
		cmocka_unit_test(one_dropped_record_tells_range_and_time_of_all_drops),
		cmocka_unit_test(dropped_record_survives_a_restart),
		cmocka_unit_test(acknowledged_records_make_room_without_being_counted),
		cmocka_unit_test(drops_of_a_run_that_ended_are_its_own),
		cmocka_unit_test(second_process_is_kept_out),
		cmocka_unit_test(more_runs_than_fit_forget_the_oldest),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
