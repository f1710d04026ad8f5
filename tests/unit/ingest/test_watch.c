/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/ingest/watch.h"
#include "tests/unit/ingest/disk.h"

#define PRINT "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ROSTER(sequence)                                                         \
	"{\"version\": 1, \"sequence\": " sequence ", \"agents\": [{\"id\": 7, " \
	"\"fingerprint\": \"" PRINT "\", \"revoked\": false}]}"

struct bench {
	struct disk disk;
	uv_loop_t loop;
	struct watch *watch;
	unsigned rosters, looks;
	uint64_t sequence;
	struct seglog_pos cursor;
};

static void on_roster(void *arg, const struct roster *roster)
{
	struct bench *bench = arg;

	bench->rosters++;
	bench->sequence = roster_sequence(roster);
}

static void on_looked(void *arg, struct seglog_pos cursor)
{
	struct bench *bench = arg;

	bench->looks++;
	bench->cursor = cursor;
	uv_stop(&bench->loop);
}

static void write_roster(struct bench *bench, const char *text)
{
	disk_write(&bench->disk, ROSTER_NAME, text, strlen(text));
}

static int bench_open(struct bench *bench, struct err *err)
{
	struct watch_events events = {bench, on_roster, on_looked};

	return watch_new(&bench->loop, bench->disk.state, &events, &bench->watch, err);
}

static void bench_init(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	disk_init(&bench->disk);
	assert_int_equal(uv_loop_init(&bench->loop), 0);
}

static void bench_done(struct bench *bench)
{
	watch_close(bench->watch);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->loop), 0);
	watch_free(bench->watch);
	disk_done(&bench->disk);
}

static void look(struct bench *bench)
{
	uv_run(&bench->loop, UV_RUN_DEFAULT);
}

static void changes_are_seen_at_the_next_look_and_only_changes(void **state)
{
	struct bench bench;
	struct err err;

	bench_init(&bench);
	assert_int_equal(bench_open(&bench, &err), 0); /* no roster yet: nobody */
	assert_int_equal(roster_count(watch_roster(bench.watch)), 0);
	assert_int_equal(watch_start(bench.watch), 0);
	look(&bench);
	assert_int_equal(bench.rosters, 0);
	assert_int_equal(bench.cursor.segment, 0);

	write_roster(&bench, ROSTER("1"));
	disk_set_cursor(&bench.disk, (struct seglog_pos){3, 9});
	look(&bench);
	assert_int_equal(bench.rosters, 1);
	assert_int_equal(bench.sequence, 1);
	assert_int_equal(bench.cursor.segment, 3);
	assert_int_equal(bench.cursor.record, 9);
	look(&bench);
	assert_int_equal(bench.rosters, 1);
	watch_again(bench.watch);
	look(&bench);
	assert_int_equal(bench.rosters, 2);
	write_roster(&bench, ROSTER("2"));
	look(&bench);
	assert_int_equal(bench.sequence, 2);
	bench_done(&bench);
}

static void a_damaged_or_vanished_roster_changes_nothing(void **state)
{
	struct bench bench;
	char path[DISK_PATH + 16];
	struct err err;

	bench_init(&bench);
	write_roster(&bench, ROSTER("1"));
	assert_int_equal(bench_open(&bench, &err), 0);
	assert_int_equal(roster_count(watch_roster(bench.watch)), 1);
	assert_int_equal(watch_start(bench.watch), 0);
	write_roster(&bench, "{\"version\": 1, ");
	look(&bench);
	assert_int_equal(bench.rosters, 0);
	assert_int_equal(roster_count(watch_roster(bench.watch)), 1);
	snprintf(path, sizeof(path), "%s/" ROSTER_NAME, bench.disk.state);
	assert_int_equal(unlink(path), 0);
	look(&bench);
	assert_int_equal(roster_count(watch_roster(bench.watch)), 1);
	write_roster(&bench, ROSTER("5"));
	look(&bench);
	assert_int_equal(bench.sequence, 5);
	bench_done(&bench);
}

static void a_damaged_roster_at_the_start_leaves_the_agents_known_before(void **state)
{
	struct bench bench;
	struct err err;

	bench_init(&bench);
	write_roster(&bench, "[]");
	assert_int_equal(bench_open(&bench, &err), 0);
	assert_int_equal(roster_count(watch_roster(bench.watch)), 0); /* nothing was known */
	assert_int_equal(watch_start(bench.watch), 0);
	write_roster(&bench, ROSTER("7"));
	look(&bench);
	assert_int_equal(bench.sequence, 7);
	watch_close(bench.watch);
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	watch_free(bench.watch);
	write_roster(&bench, "{\"version\": 1, ");
	assert_int_equal(bench_open(&bench, &err), 0);
	assert_int_equal(roster_count(watch_roster(bench.watch)), 1);
	assert_int_equal(roster_sequence(watch_roster(bench.watch)), 7);
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_seen_at_the_next_look_and_only_changes),
		cmocka_unit_test(a_damaged_or_vanished_roster_changes_nothing),
		cmocka_unit_test(a_damaged_roster_at_the_start_leaves_the_agents_known_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
