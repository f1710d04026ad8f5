/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/marks.h"

static void nothing_received_is_up_to_nothing(void **state)
{
	struct marks marks;

	marks_init(&marks);
	assert_int_equal(marks_up_to(&marks, 1), 0);
	assert_int_equal(marks_up_to(&marks, 40), 39);
	assert_false(marks_contain(&marks, 1));
	marks_done(&marks);
	marks_done(NULL);
}

static void up_to_stops_at_the_first_hole(void **state)
{
	struct marks marks;

	marks_init(&marks);
	assert_int_equal(marks_add(&marks, 1, 3), 0);
	assert_int_equal(marks_add(&marks, 5, 9), 0);
	assert_int_equal(marks_up_to(&marks, 1), 3);
	assert_int_equal(marks_up_to(&marks, 4), 3);
	assert_int_equal(marks_up_to(&marks, 6), 9);
	assert_int_equal(marks_add(&marks, 4, 4), 0);
	assert_int_equal(marks.count, 1);
	assert_int_equal(marks_up_to(&marks, 1), 9);
	marks_done(&marks);
}

static void ranges_at_both_ends_of_the_numbers(void **state)
{
	struct marks marks;

	marks_init(&marks);
	assert_int_equal(marks_add(&marks, UINT32_MAX, UINT32_MAX), 0);
	assert_int_equal(marks_add(&marks, 1, 1), 0);
	assert_int_equal(marks.count, 2);
	assert_int_equal(marks_up_to(&marks, UINT32_MAX), UINT32_MAX);
	assert_int_equal(marks_add(&marks, 1, UINT32_MAX), 0);
	assert_int_equal(marks.count, 1);
	assert_int_equal(marks_add(&marks, 0, 5), -EINVAL);
	assert_int_equal(marks_add(&marks, 6, 5), -EINVAL);
	marks_done(&marks);
}

static void what_is_missing_is_counted(void **state)
{
	struct marks marks;

	marks_init(&marks);
	assert_int_equal(marks_missing(&marks, 1, 10), 10);
	assert_int_equal(marks_missing(&marks, 1, 0), 0);
	assert_int_equal(marks_missing(&marks, 1, UINT32_MAX), UINT32_MAX);
	assert_int_equal(marks_add(&marks, 3, 5), 0);
	assert_int_equal(marks_add(&marks, 8, 9), 0);
	assert_int_equal(marks_add(&marks, UINT32_MAX, UINT32_MAX), 0);
	assert_int_equal(marks_missing(&marks, 1, 10), 5);
	assert_int_equal(marks_missing(&marks, 4, 8), 2);
	assert_int_equal(marks_missing(&marks, 4, 5), 0);
	assert_int_equal(marks_missing(&marks, 6, 7), 2);
	assert_int_equal(marks_missing(&marks, 9, 8), 0);
	assert_int_equal(marks_missing(&marks, 8, 7), 0);
	assert_int_equal(marks_missing(&marks, 10, UINT32_MAX), UINT32_MAX - 10);
	assert_int_equal(marks_missing(&marks, UINT32_MAX, UINT32_MAX), 0);
	marks_done(&marks);
}

#define NUMBERS 300

static void check_against(const struct marks *marks, const bool *received)
{
	uint32_t i, up_to;

	for (i = 1; i < NUMBERS; i++) {
		assert_int_equal(marks_contain(marks, i), received[i]);
		for (up_to = i; up_to < NUMBERS && received[up_to]; up_to++)
			;
		assert_int_equal(marks_up_to(marks, i), up_to - 1);
	}
	for (i = 1; i < marks->count; i++)
		assert_true(marks->ranges[i].first > marks->ranges[i - 1].last + 1);
}

static void agrees_with_a_plain_table_for_any_order(void **state)
{
	uint32_t seed;

	for (seed = 1; seed <= 50; seed++) {
		bool received[NUMBERS] = {false};
		struct marks marks;
		uint32_t random = seed * 2654435761u;
		int i;

		marks_init(&marks);
		for (i = 0; i < 120; i++) {
			uint32_t first, last, n;

			random = random * 1664525u + 1013904223u;
			first = 1 + (random >> 8) % (NUMBERS - 12);
			last = first + (random >> 24) % 11 * ((random >> 20) % 4 == 0);
			assert_int_equal(marks_add(&marks, first, last), 0);
			for (n = first; n <= last; n++)
				received[n] = true;
			if (i % 20 == 0)
				check_against(&marks, received);
		}
		check_against(&marks, received);
		marks_done(&marks);
	}
}

static void set_over_the_bound_forgets_the_highest(void **state)
{
	struct marks marks;
	uint32_t i;

	marks_init(&marks);
	for (i = 1; i <= MARKS_RANGES_MAX + 10; i++)
		assert_int_equal(marks_add(&marks, 2 * i, 2 * i), 0);
	assert_int_equal(marks.count, MARKS_RANGES_MAX);
	assert_true(marks_contain(&marks, 2 * MARKS_RANGES_MAX));
	assert_false(marks_contain(&marks, 2 * MARKS_RANGES_MAX + 2));
	/* a new low one costs the highest */
	assert_int_equal(marks_add(&marks, 100000, 100000), 0);
	assert_false(marks_contain(&marks, 100000));
	assert_int_equal(marks_add(&marks, 3, 3), 0);
	assert_int_equal(marks_up_to(&marks, 2), 4);
	assert_int_equal(marks.count, MARKS_RANGES_MAX - 1);
	marks_done(&marks);
}

static void snapshot_comes_back_as_it_was(void **state)
{
	struct marks marks, back;
	struct buf bytes;
	size_t taken;

	marks_init(&marks);
	marks_init(&back);
	buf_init(&bytes, 1000);
	marks_add(&marks, 1, 17);
	marks_add(&marks, 19, 30);
	marks_add(&marks, 44, UINT32_MAX);
	assert_int_equal(marks_encode(&marks, &bytes), 0);
	buf_append(&bytes, "more", 4);
	assert_int_equal(marks_decode(buf_peek(&bytes), buf_length(&bytes), &back, &taken), 0);
	assert_int_equal(taken, buf_length(&bytes) - 4);
	assert_int_equal(back.count, 3);
	assert_memory_equal(back.ranges, marks.ranges, 3 * sizeof(back.ranges[0]));
	marks_done(&back);
	marks_done(&marks);
	marks_init(&marks);
	buf_clear(&bytes);
	assert_int_equal(marks_encode(&marks, &bytes), 0);
	assert_int_equal(marks_decode(buf_peek(&bytes), buf_length(&bytes), &back, &taken), 0);
	assert_int_equal(back.count, 0);
	buf_done(&bytes);
}

static void damaged_snapshot_is_refused(void **state)
{
	static const char *const damaged[] = {
		"\1\0\0", /* no count */
		"\2\0\0\0\1\0\0\0\2\0\0\0", /* fewer ranges than it says */
		"\1\0\0\0\0\0\0\0\2\0\0\0", /* begins with 0 */
		"\1\0\0\0\3\0\0\0\2\0\0\0", /* ends before it begins */
		"\2\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0", /* touching */
		"\xff\xff\xff\xff",
	};
	static const size_t lengths[] = {3, 12, 12, 12, 20, 4};
	struct marks marks;
	size_t i, taken;

	marks_init(&marks);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_int_equal(marks_decode(damaged[i], lengths[i], &marks, &taken), -EBADMSG);
	assert_int_equal(marks.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_received_is_up_to_nothing),
		cmocka_unit_test(up_to_stops_at_the_first_hole),
		cmocka_unit_test(ranges_at_both_ends_of_the_numbers),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(agrees_with_a_plain_table_for_any_order),
		cmocka_unit_test(set_over_the_bound_forgets_the_highest),
		cmocka_unit_test(snapshot_comes_back_as_it_was),
		cmocka_unit_test(damaged_snapshot_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
