/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/commit.h"
#include "common/log.h"
#include "tests/unit/ingest/disk.h"

struct bench {
	struct disk disk;
	uv_loop_t loop;
	struct journal *journal;
	struct commit *commit;
	uint64_t durable, tries, batches;
	size_t lost;
	bool drained;
	uint64_t expected; /* the loop stops when so many are durable; 0: after a try */
};

static void on_durable(void *arg, const struct batch *batch)
{
	struct bench *bench = arg;

	bench->durable += batch->count;
	bench->batches++;
}

static void on_moved(void *arg)
{
	struct bench *bench = arg;

	bench->tries++;
	if (bench->durable >= bench->expected)
		uv_stop(&bench->loop);
}

static void on_drained(void *arg, size_t lost)
{
	struct bench *bench = arg;

	bench->drained = true;
	bench->lost = lost;
}

static void bench_init(struct bench *bench, uint64_t reserve_bytes)
{
	struct journal_options options = {.segment_bytes = 1 << 20, .reserve_bytes = reserve_bytes};
	struct commit_events events = {bench, on_durable, on_moved, on_drained};
	struct err err;

	memset(bench, 0, sizeof(*bench));
	disk_init(&bench->disk);
	assert_int_equal(journal_open(bench->disk.state, &options, &bench->journal, &err), 0);
	assert_int_equal(uv_loop_init(&bench->loop), 0);
	assert_int_equal(commit_new(&bench->loop, bench->journal, &events, &bench->commit), 0);
}

static void bench_done(struct bench *bench)
{
	commit_close(bench->commit);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->loop), 0);
	commit_free(bench->commit);
	journal_close(bench->journal);
	disk_done(&bench->disk);
}

static void add(struct bench *bench, uint32_t sequence)
{
	static const uint8_t bytes[200] = "a record";
	struct batch_entry entry = {.agent = 7, .key = {1, sequence}, .last = sequence};
	struct journal_record record = {
		.agent = 7, .key = {1, sequence}, .record = bytes, .record_length = sizeof(bytes)};

	assert_int_equal(commit_add(bench->commit, &entry, &record), 0);
}

/* How many records a reader finds. */
static uint64_t on_disk(const struct bench *bench)
{
	struct seglog_reader *reader;
	const uint8_t *bytes;
	struct seglog_pos after;
	uint64_t count = 0;
	size_t length;
	struct err err;

	assert_int_equal(
		seglog_reader_open(bench->disk.journal, (struct seglog_pos){0, 0}, &reader, &err),
		0);
	while (seglog_read(reader, &bytes, &length, &after) == 1)
		count++;
	seglog_reader_close(reader);
	return count;
}

static void records_become_durable_in_few_batches(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	for (uint32_t i = 1; i <= 1000; i++)
		add(&bench, i);
	bench.expected = 1000;
	commit_tick(bench.commit, (struct seglog_pos){0, 0});
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	assert_int_equal(bench.durable, 1000);
	assert_int_equal(bench.batches, 1);
	assert_int_equal(on_disk(&bench), 1000);
	assert_int_equal(commit_stats(bench.commit).behind, 1000);
	assert_null(commit_trouble(bench.commit));
	bench_done(&bench);
}

static void full_disk_acknowledges_nothing_and_says_why(void **state)
{
	struct bench bench;

	bench_init(&bench, UINT64_C(1) << 60);
	add(&bench, 1);
	commit_tick(bench.commit, (struct seglog_pos){0, 0});
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	assert_int_equal(bench.tries, 1);
	assert_int_equal(bench.durable, 0);
	assert_int_equal(on_disk(&bench), 0);
	assert_non_null(strstr(commit_trouble(bench.commit), "kept in reserve"));
	assert_false(commit_full(bench.commit));
	/* It fills up, and then nobody is read any more. */
	for (uint32_t i = 2; !commit_full(bench.commit); i++)
		add(&bench, i);
	/* It tries again by itself. */
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	assert_int_equal(bench.tries, 2);
	assert_true(commit_full(bench.commit));
	commit_drain(bench.commit);
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	uv_run(&bench.loop, UV_RUN_NOWAIT);
	assert_true(bench.drained);
	assert_true(bench.lost > 1000);
	assert_int_equal(bench.durable, 0);
	bench_done(&bench);
}

static void draining_writes_what_waits(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	bench.expected = UINT64_MAX;
	add(&bench, 1);
	commit_tick(bench.commit, (struct seglog_pos){0, 0}); /* flies */
	add(&bench, 2); /* waits */
	commit_drain(bench.commit);
	while (!bench.drained)
		uv_run(&bench.loop, UV_RUN_ONCE);
	assert_int_equal(bench.lost, 0);
	assert_int_equal(bench.durable, 2);
	assert_int_equal(on_disk(&bench), 2);
	bench_done(&bench);
}

static void draining_nothing_is_done_at_once(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	commit_drain(bench.commit);
	assert_true(bench.drained);
	assert_int_equal(bench.lost, 0);
	bench_done(&bench);
}

static int silence(void **state)
{
	log_set_level(LOG_LEVEL_ERROR);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_become_durable_in_few_batches),
		cmocka_unit_test(full_disk_acknowledges_nothing_and_says_why),
		cmocka_unit_test(draining_writes_what_waits),
		cmocka_unit_test(draining_nothing_is_done_at_once),
	};

	return cmocka_run_group_tests(tests, silence, NULL);
}
