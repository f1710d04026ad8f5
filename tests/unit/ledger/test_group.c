/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ledger/group.h"

static void seconds_and_rupiah_add_up(void **state)
{
	const struct month_row one = {.s = 100,
		.e = 10,
		.u = 50,
		.d = 30,
		.n = 10,
		.d_by[DOWN_CPE] = 30,
		.n_by[UNKNOWN_POWER] = 10,
		.outages = 2,
		.longest_s = 20,
		.high_loss_intervals = 3,
		.has_restitution = true,
		.restitution_low = 7,
		.restitution_high = 9};
	const struct month_row two = {
		.s = 5, .u = 5, .outages = 1, .longest_s = 25, .high_loss_intervals = 1};
	struct month_row sum = {0};

	group_add_seconds(&sum, &one);
	group_add_seconds(&sum, &two);
	assert_int_equal(sum.s, 105);
	assert_int_equal(sum.u + sum.d + sum.n + sum.e, sum.s);
	assert_int_equal(sum.d_by[DOWN_CPE], 30);
	assert_int_equal(sum.n_by[UNKNOWN_POWER], 10);
	assert_int_equal(sum.outages, 3);
	assert_int_equal(sum.longest_s, 25);
	assert_int_equal(sum.high_loss_intervals, 0);
	group_add_money(&sum, &two);
	assert_false(sum.has_restitution);
	group_add_money(&sum, &one);
	assert_true(sum.has_restitution);
	assert_int_equal(sum.restitution_low, 7);
	assert_int_equal(sum.restitution_high, 9);
	assert_int_equal(sum.high_loss_intervals, 4);
}

static void the_worst_row_speaks_for_a_link(void **state)
{
	static const enum verdict from_best[] = {
		VERDICT_NOT_JUDGED, VERDICT_MET, VERDICT_UNDECIDED, VERDICT_MISSED};

	for (int a = 0; a < 4; a++) {
		for (int b = 0; b < 4; b++)
			assert_int_equal(
				group_worse(from_best[a], from_best[b]), from_best[a > b ? a : b]);
	}
}

static void each_link_counts_once_or_nowhere(void **state)
{
	struct group_links links = {0};

	group_count_link(&links, VERDICT_MET, true);
	group_count_link(&links, VERDICT_MISSED, true);
	group_count_link(&links, VERDICT_MISSED, true);
	group_count_link(&links, VERDICT_UNDECIDED, true);
	group_count_link(&links, VERDICT_NOT_JUDGED, true);
	group_count_link(&links, VERDICT_UNDECIDED, false);
	group_count_link(&links, VERDICT_NOT_JUDGED, false);
	assert_int_equal(links.met, 1);
	assert_int_equal(links.missed, 2);
	assert_int_equal(links.undecided, 1);
	assert_int_equal(links.never, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seconds_and_rupiah_add_up),
		cmocka_unit_test(the_worst_row_speaks_for_a_link),
		cmocka_unit_test(each_link_counts_once_or_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
