/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "collector/ledger/month.h"
#include "line_maker.h"

#define T0 1774972800

static void percent_is_truncated_not_rounded(void **state)
{
	char text[MONTH_PERCENT_BYTES];
	month_percent(2592000 - 12961, 2592000, text);
	assert_string_equal(text, "99.499961");
	month_percent(1, 1, text);
	assert_string_equal(text, "100.000000");
	month_percent(2, 3, text);
	assert_string_equal(text, "66.666666");
	month_percent(0, 0, text);
	assert_string_equal(text, "");
}

static void verdict_is_compared_in_integers(void **state)
{
	struct terms terms;
	terms_init(&terms);
	terms.target_ppm = 995000;
	assert_int_equal(month_verdict(&terms, 2592000 - 12960, 0, 2592000), VERDICT_MET);
	assert_int_equal(month_verdict(&terms, 2592000 - 12961, 0, 2592000), VERDICT_MISSED);
	assert_int_equal(month_verdict(&terms, 2592000 - 12961, 1, 2592000), VERDICT_UNDECIDED);
	assert_int_equal(month_verdict(&terms, 0, 0, 0), VERDICT_NOT_JUDGED);
}

static void month_outside_the_contract_has_no_row(void **state)
{
	struct line line;
	struct terms terms;
	struct states states = {0};
	struct month_row row;
	struct exclusions none = {0};
	struct month_period period = {T0, T0 + 86400, T0 + 86400};
	struct span before = {T0 - 100, T0}, inside = {T0 + 60, T0 + 120};
	struct month_case early = {&before, &terms, &states, &none};
	struct month_case month_case = {&inside, &terms, &states, &none};
	terms_init(&terms);
	line_make(&line, T0, "g60");
	assert_int_equal(states_compute(&line, &terms, T0 - 100, &states), 0);
	assert_int_equal(month_compute(&period, &early, &row), -ENODATA);
	assert_int_equal(month_compute(&period, &month_case, &row), 0);
	assert_int_equal(row.s, 60);
	assert_int_equal(row.u, 60);
	month_row_done(&row);
	period.as_of = T0 + 60;
	assert_int_equal(month_compute(&period, &month_case, &row), -ENODATA);
	states_done(&states);
	line_done(&line);
}

static void causes_add_up_and_the_longest_outage_is_clipped(void **state)
{
	struct line line;
	struct terms terms;
	struct states states = {0};
	struct month_row row;
	struct exclusions none = {0};
	struct month_period period = {T0 + 720, T0 + 86400, T0 + 86400};
	struct span always = {0, SPAN_FOREVER};
	struct month_case month_case = {&always, &terms, &states, &none};
	int64_t n = 0, d = 0;
	terms_init(&terms);
	line_make(&line, T0, "g10 b10 g10 p20 g5 l10 g10 x6 g10 a6 g10");
	assert_int_equal(states_compute(&line, &terms, T0, &states), 0);
	assert_int_equal(month_compute(&period, &month_case, &row), 0);
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		n += row.n_by[i];
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++)
		d += row.d_by[i];
	assert_int_equal(n, row.n);
	assert_int_equal(d, row.d);
	assert_int_equal(row.d_by[DOWN_UPSTREAM], 480);
	assert_int_equal(row.d_by[DOWN_ACCESS], 360);
	assert_int_equal(row.n_by[UNKNOWN_POWER], 1200);
	assert_int_equal(row.n_by[UNKNOWN_LOCAL], 600);
	assert_int_equal(row.n_by[UNKNOWN_DISPUTED], 360);
	assert_int_equal(row.outages, 2);
	assert_int_equal(row.longest_s, 480);
	month_row_done(&row);
	states_done(&states);
	line_done(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percent_is_truncated_not_rounded),
		cmocka_unit_test(verdict_is_compared_in_integers),
		cmocka_unit_test(month_outside_the_contract_has_no_row),
		cmocka_unit_test(causes_add_up_and_the_longest_outage_is_clipped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
