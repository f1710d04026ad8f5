/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that takes bytes and then refuses to sync: the linker puts the function below in the place
 * of the system's. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/log.h"
#include "tests/unit/ingest/bench.h"

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

static unsigned failures_left, syncs;

int __wrap_fdatasync(int fd)
{
	syncs++;
	if (failures_left == 0)
		return __real_fdatasync(fd);
	failures_left--;
	errno = EIO;
	return -1;
}

static void a_failed_sync_is_no_acknowledgement_and_the_batch_is_written_again(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	failures_left = 0;
	bench.expected = 3;
	for (uint32_t i = 1; i <= 3; i++)
		bench_add(&bench, i);
	bench_go(&bench);
	assert_int_equal(bench.durable, 3);
	assert_int_equal(commit_stats(bench.commit).end.segment, 1);

	failures_left = 2;
	bench.expected = 0; /* after each try */
	for (uint32_t i = 4; i <= 6; i++)
		bench_add(&bench, i);
	bench_go(&bench);
	assert_int_equal(bench.durable, 3);
	assert_non_null(strstr(commit_trouble(bench.commit), "fdatasync: Input/output error"));
	uv_run(&bench.loop, UV_RUN_DEFAULT); /* tries again by itself, and fails again */
	assert_int_equal(bench.durable, 3);
	assert_int_equal(failures_left, 0);
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	assert_int_equal(bench.durable, 6);
	assert_null(commit_trouble(bench.commit));
	/* What was acknowledged lies in a segment that never failed. */
	assert_int_equal(commit_stats(bench.commit).end.segment, 3);
	assert_int_equal(commit_stats(bench.commit).end.record, 3);
	assert_int_equal(bench_on_disk(&bench), 6);
	bench_done(&bench);
}

static void nothing_is_durable_without_a_sync(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	failures_left = syncs = 0;
	bench.expected = 1;
	bench_add(&bench, 1);
	bench_go(&bench);
	assert_int_equal(bench.durable, 1);
	assert_int_equal(syncs, 1);
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
		cmocka_unit_test(
			a_failed_sync_is_no_acknowledgement_and_the_batch_is_written_again),
		cmocka_unit_test(nothing_is_durable_without_a_sync),
	};

	return cmocka_run_group_tests(tests, silence, NULL);
}
