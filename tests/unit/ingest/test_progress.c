/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ingest/progress.h"

static const struct seglog_pos place = {5, 17};

static struct progress *fresh(void)
{
	struct progress *progress;

	assert_int_equal(progress_new(&progress), 0);
	return progress;
}

static void only_what_was_added_is_claimed(void **state)
{
	struct progress_run run = {7, 3, 99};
	struct progress *progress = fresh();

	assert_int_equal(progress_up_to(progress, &run, 1), 0);
	assert_int_equal(progress_add(progress, &run, 1, 1), 0);
	assert_int_equal(progress_add(progress, &run, 3, 3), 0);
	assert_int_equal(progress_up_to(progress, &run, 1), 1);
	assert_int_equal(progress_up_to(progress, &run, 2), 1);
	assert_int_equal(progress_up_to(progress, &run, 3), 3);
	assert_int_equal(progress_add(progress, &run, 2, 2), 0);
	assert_int_equal(progress_up_to(progress, &run, 1), 3);
	assert_true(progress_contains(progress, &run, 2));
	assert_false(progress_contains(progress, &run, 4));
	assert_int_equal(progress_add(progress, &run, 4, 1000), 0); /* a gap record */
	assert_int_equal(progress_up_to(progress, &run, 1), 1000);
	progress_free(progress);
}

static void agents_runs_and_nonces_do_not_mix(void **state)
{
	static const struct progress_run others[] = {
		{8, 3, 99}, {7, 4, 99}, {7, 2, 99}, {7, 3, 98}};
	struct progress_run run = {7, 3, 99}, nobody = {0, 1, 1};
	struct progress *progress = fresh();

	assert_int_equal(progress_add(progress, &run, 1, 50), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(progress_up_to(progress, &others[i], 1), 0);
		assert_int_equal(progress_add(progress, &others[i], 1, (uint32_t)i + 1), 0);
	}
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(progress_up_to(progress, &others[i], 1), i + 1);
	assert_int_equal(progress_up_to(progress, &run, 1), 50);
	assert_int_equal(progress_add(progress, &nobody, 1, 1), -EINVAL);
	assert_int_equal(progress_up_to(progress, &nobody, 1), 0);
	progress_free(progress);
}

static void the_oldest_runs_of_an_agent_are_forgotten_first(void **state)
{
	struct progress *progress = fresh();

	for (uint32_t i = 1; i <= PROGRESS_RUNS_MAX + 10; i++) {
		struct progress_run run = {7, i, 1};

		assert_int_equal(progress_add(progress, &run, 1, 5), 0);
	}
	for (uint32_t i = 1; i <= PROGRESS_RUNS_MAX + 10; i++) {
		struct progress_run run = {7, i, 1};

		assert_int_equal(progress_up_to(progress, &run, 1), i <= 10 ? 0 : 5);
	}
	progress_free(progress);
}

static struct progress *populated(void)
{
	struct progress *progress = fresh();

	srand(1);
	for (uint32_t i = 1; i <= 20000; i++) {
		uint32_t first = (uint32_t)rand() % 1000 + 1;
		struct progress_run run = {(uint32_t)rand() % 3000 * 7919 + 1, i % 3 + 1, i % 2};

		assert_int_equal(progress_add(progress, &run, first, first + i % 20), 0);
	}
	return progress;
}

static void a_snapshot_says_the_same_again(void **state)
{
	struct progress *before = populated(), *after;
	struct seglog_pos pos;
	struct buf bytes, again;

	buf_init(&bytes, PROGRESS_SNAPSHOT_MAX);
	buf_init(&again, PROGRESS_SNAPSHOT_MAX);
	assert_int_equal(progress_encode(before, place, &bytes), 0);
	assert_int_equal(progress_decode(buf_peek(&bytes), buf_length(&bytes), &after, &pos), 0);
	assert_int_equal(seglog_pos_compare(pos, place), 0);
	for (uint32_t i = 0; i < 3000 * 6; i++) {
		struct progress_run run = {i / 6 * 7919 + 1, i % 3 + 1, i % 2};

		for (uint32_t first = 1; first < 1000; first += 37)
			assert_int_equal(progress_up_to(before, &run, first),
				progress_up_to(after, &run, first));
	}
	assert_int_equal(progress_encode(after, place, &again), 0);
	assert_int_equal(buf_length(&again), buf_length(&bytes));
	buf_done(&again);
	buf_done(&bytes);
	progress_free(after);
	progress_free(before);
}

static void a_damaged_snapshot_is_none(void **state)
{
	struct progress *progress = fresh(), *after = NULL;
	struct progress_run run = {7, 3, 99};
	struct seglog_pos pos;
	struct buf bytes;
	size_t length;

	buf_init(&bytes, PROGRESS_SNAPSHOT_MAX);
	progress_add(progress, &run, 1, 50);
	progress_add(progress, &run, 60, 70);
	assert_int_equal(progress_encode(progress, place, &bytes), 0);
	length = buf_length(&bytes);
	for (size_t i = 0; i < length; i++) {
		bytes.bytes[bytes.start + i] ^= 0x10;
		assert_int_equal(progress_decode(buf_peek(&bytes), length, &after, &pos), -EBADMSG);
		bytes.bytes[bytes.start + i] ^= 0x10;
		assert_int_equal(progress_decode(buf_peek(&bytes), i, &after, &pos), -EBADMSG);
	}
	assert_null(after);
	buf_done(&bytes);
	progress_free(progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_added_is_claimed),
		cmocka_unit_test(agents_runs_and_nonces_do_not_mix),
		cmocka_unit_test(the_oldest_runs_of_an_agent_are_forgotten_first),
		cmocka_unit_test(a_snapshot_says_the_same_again),
		cmocka_unit_test(a_damaged_snapshot_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
