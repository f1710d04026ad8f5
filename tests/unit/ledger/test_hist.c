/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/hist.h"

static int by_value(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

static void percentiles_are_within_one_percent_of_nearest_rank(void **state)
{
	static uint32_t samples[5000];
	static struct hist hist;
	uint32_t seed = 3;
	hist_init(&hist);
	for (size_t i = 0; i < 5000; i++) {
		seed = seed * 1664525u + 1013904223u;
		samples[i] = 1u << (seed >> 27) % 21;
		samples[i] += (seed >> 4) % samples[i];
		hist_add(&hist, samples[i]);
	}
	qsort(samples, 5000, sizeof(samples[0]), by_value);
	for (unsigned percent = 1; percent <= 100; percent++) {
		double wanted = samples[(5000 * percent + 99) / 100 - 1];
		double got = hist_percentile(&hist, percent);
		assert_true(got >= wanted * 0.99 && got <= wanted * 1.01);
	}
}

static void merging_gives_the_same_as_adding(void **state)
{
	static struct hist a, b, all;
	hist_init(&a);
	hist_init(&b);
	hist_init(&all);
	for (uint32_t i = 0; i < 1000; i++) {
		hist_add(i % 3 ? &a : &b, i * 977);
		hist_add(&all, i * 977);
	}
	hist_merge(&a, &b);
	assert_memory_equal(&a, &all, sizeof(all));
}

static void edges_of_the_range_are_kept(void **state)
{
	static struct hist hist;
	hist_init(&hist);
	assert_int_equal(hist_percentile(&hist, 50), 0);
	hist_add(&hist, 0);
	assert_int_equal(hist_percentile(&hist, 50), 0);
	hist_add(&hist, UINT32_MAX);
	assert_true(hist_percentile(&hist, 100) > UINT32_MAX / 100 * 99);
	hist_init(&hist);
	hist_add(&hist, 255);
	assert_int_equal(hist_percentile(&hist, 1), 255);
}

static void a_step_is_at_most_two_percent_and_stays_where_it_is(void **state)
{
	uint32_t begin = 0;

	for (uint32_t value = 0; value < 4000000; value++) {
		uint32_t bucket = hist_bucket(value), middle = hist_step(value);
		assert_true(bucket < HIST_BUCKETS);
		assert_int_equal(hist_middle(bucket), middle);
		assert_int_equal(hist_step(middle), middle);
		if (value && bucket != hist_bucket(value - 1))
			begin = value;
		if (value >= HIST_EXACT)
			assert_true((value - begin) * 50ULL <= begin);
		/* half a microsecond goes to whole numbers */
		assert_true(
			(middle > value ? middle - value : value - middle) * 100ULL <= value + 50);
	}
	assert_true(hist_bucket(UINT32_MAX) == HIST_BUCKETS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_within_one_percent_of_nearest_rank),
		cmocka_unit_test(a_step_is_at_most_two_percent_and_stays_where_it_is),
		cmocka_unit_test(merging_gives_the_same_as_adding),
		cmocka_unit_test(edges_of_the_range_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
