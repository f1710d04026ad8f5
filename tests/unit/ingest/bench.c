/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

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

void bench_init(struct bench *bench, uint64_t reserve_bytes)
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

void bench_done(struct bench *bench)
{
	commit_close(bench->commit);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->loop), 0);
	commit_free(bench->commit);
	journal_close(bench->journal);
	disk_done(&bench->disk);
}

void bench_add(struct bench *bench, uint32_t sequence)
{
	static const uint8_t bytes[200] = "a record";
	struct batch_entry entry = {.agent = 7, .key = {1, sequence}, .last = sequence};
	struct journal_record record = {
		.agent = 7, .key = {1, sequence}, .record = bytes, .record_length = sizeof(bytes)};

	assert_int_equal(commit_add(bench->commit, &entry, &record), 0);
}

uint64_t bench_on_disk(const struct bench *bench)
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

void bench_go(struct bench *bench)
{
	commit_tick(bench->commit, (struct seglog_pos){0, 0});
	uv_run(&bench->loop, UV_RUN_DEFAULT);
}
