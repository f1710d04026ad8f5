/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ingest/tally.h"

static struct seglog_pos at(uint64_t segment, uint64_t record)
{
	return (struct seglog_pos){segment, record};
}

static void records_behind_a_place_are_counted_over_segments(void **state)
{
	struct tally tally;

	tally_init(&tally);
	assert_int_equal(tally_behind(&tally, at(0, 0)), 0);
	for (uint64_t record = 1; record <= 10; record++)
		assert_int_equal(tally_note(&tally, at(3, record)), 0);
	assert_int_equal(tally_note(&tally, at(5, 4)), 0);
	assert_int_equal(tally_note(&tally, at(6, 1)), 0);
	assert_int_equal(tally_behind(&tally, at(0, 0)), 15);
	assert_int_equal(tally_behind(&tally, at(3, 4)), 11);
	assert_int_equal(tally_behind(&tally, at(3, 10)), 5);
	assert_int_equal(tally_behind(&tally, at(4, 0)), 5);
	assert_int_equal(tally_behind(&tally, at(5, 9)), 1);
	assert_int_equal(tally_behind(&tally, at(6, 1)), 0);
	tally_forget(&tally, at(5, 2));
	assert_int_equal(tally_behind(&tally, at(5, 2)), 3);
	assert_int_equal(tally.count, 2);
	for (uint64_t segment = 7; segment < 100; segment++)
		assert_int_equal(tally_note(&tally, at(segment, 1)), 0);
	assert_int_equal(tally_behind(&tally, at(6, 1)), 93);
	tally_done(&tally);
}

static void segments_may_be_noted_in_any_order(void **state)
{
	struct tally tally;

	tally_init(&tally);
	assert_int_equal(tally_note(&tally, at(9, 4)), 0);
	for (uint64_t segment = 8; segment > 0; segment--)
		assert_int_equal(tally_note(&tally, at(segment, 10)), 0);
	assert_int_equal(tally_note(&tally, at(9, 6)), 0);
	assert_int_equal(tally_note(&tally, at(4, 11)), 0);
	assert_int_equal(tally.count, 9);
	assert_int_equal(tally_behind(&tally, at(0, 0)), 87);
	assert_int_equal(tally_behind(&tally, at(4, 1)), 56);
	tally_done(&tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_behind_a_place_are_counted_over_segments),
		cmocka_unit_test(segments_may_be_noted_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
