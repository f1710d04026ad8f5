/* SPDX-License-Identifier: Apache-2.0 */
/* What VictoriaMetrics says that it dropped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/export/counters.h"

#define PAGE                                                    \
	"# a comment\n"                                         \
	"process_start_time_seconds 1790000000\n"               \
	"vm_rows_invalid_total{type=\"graphite\"} 9\n"          \
	"vm_rows_invalid_total{type=\"influx\"} 2\n"            \
	"vm_rows_ignored_total{reason=\"small_timestamp\"} 3\n" \
	"vm_rows_ignored_total{reason=\"big_timestamp\"} 4\n"   \
	"vm_rows_ignored_total{reason=\"nan_value\"} 5\n"       \
	"vm_daily_series_limit_rows_dropped_total 6\n"          \
	"vm_rows_inserted_total{type=\"influx\"} 1e+06"

static void those_of_our_rows_are_summed_by_reason(void **state)
{
	struct counters counters;

	counters_read(PAGE, &counters);
	assert_int_equal(counters.dropped[DROP_INVALID], 2);
	assert_int_equal(counters.dropped[DROP_OLD], 3);
	assert_int_equal(counters.dropped[DROP_FUTURE], 4);
	assert_int_equal(counters.dropped[DROP_OTHER], 11);
	assert_int_equal(counters.started_s, 1790000000);
	counters_read("", &counters);
	assert_int_equal(counters.dropped[DROP_OTHER], 0);
}

static void a_server_that_began_anew_counts_from_nothing(void **state)
{
	struct counters before = {.dropped = {5, 5, 5, 5}, .started_s = 1};
	struct counters now = {.dropped = {7, 5, 5, 5}, .started_s = 1}, since;

	assert_int_equal(counters_since(&before, &now, &since), 2);
	assert_int_equal(since.dropped[DROP_INVALID], 2);
	now = (struct counters){.dropped = {0, 6, 0, 0}, .started_s = 2};
	assert_int_equal(counters_since(&before, &now, &since), 6);
	assert_int_equal(since.dropped[DROP_OLD], 6);
}

static void what_was_dropped_has_words(void **state)
{
	const struct counters since = {.dropped = {[DROP_OLD] = 3, [DROP_INVALID] = 1}};
	char words[100], few[12];

	counters_words(&since, words, sizeof(words));
	assert_string_equal(words, "1 that it cannot read, 3 older than its retention");
	counters_words(&since, few, sizeof(few));
	assert_string_equal(few, "1 that it c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_of_our_rows_are_summed_by_reason),
		cmocka_unit_test(a_server_that_began_anew_counts_from_nothing),
		cmocka_unit_test(what_was_dropped_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
