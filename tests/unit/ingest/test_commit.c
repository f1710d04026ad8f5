/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/log.h"
#include "tests/unit/ingest/bench.h"

static void records_become_durable_in_few_batches(void **state)
{
	struct bench bench;

	bench_init(&bench, 0);
	for (uint32_t i = 1; i <= 1000; i++)
		bench_add(&bench, i);
	bench.expected = 1000;
	bench_go(&bench);
	assert_int_equal(bench.durable, 1000);
	assert_int_equal(bench.batches, 1);
	assert_int_equal(bench_on_disk(&bench), 1000);
	assert_int_equal(commit_stats(bench.commit).behind, 1000);
	assert_null(commit_trouble(bench.commit));
	bench_done(&bench);
}

static void full_disk_acknowledges_nothing_and_says_why(void **state)
{
	struct bench bench;

	bench_init(&bench, UINT64_C(1) << 60);
	bench_add(&bench, 1);
	bench_go(&bench);
	assert_int_equal(bench.tries, 1);
	assert_int_equal(bench.durable, 0);
	assert_int_equal(bench_on_disk(&bench), 0);
	assert_non_null(strstr(commit_trouble(bench.commit), "kept in reserve"));
	assert_false(commit_full(bench.commit));
	/* It fills up, and then nobody is read any more. */
	for (uint32_t i = 2; !commit_full(bench.commit); i++)
		bench_add(&bench, i);
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
	bench_add(&bench, 1);
	commit_tick(bench.commit, (struct seglog_pos){0, 0}); /* flies */
	bench_add(&bench, 2); /* waits */
	commit_drain(bench.commit);
	while (!bench.drained)
		uv_run(&bench.loop, UV_RUN_ONCE);
	assert_int_equal(bench.lost, 0);
	assert_int_equal(bench.durable, 2);
	assert_int_equal(bench_on_disk(&bench), 2);
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
