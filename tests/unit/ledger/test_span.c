/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdbool.h>

#include "collector/ledger/span.h"

#define WORLD 64

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void fill(struct spans *spans, bool *seconds, uint32_t *seed)
{
	memset(seconds, 0, WORLD * sizeof(*seconds));
	for (int i = 0; i < 6; i++) {
		int64_t from = next_random(seed) % WORLD, to = from + next_random(seed) % 9;
		if (to > WORLD)
			to = WORLD;
		assert_int_equal(spans_add(spans, from, to), 0);
		for (int64_t t = from; t < to; t++)
			seconds[t] = true;
	}
}

static void expect(const struct spans *spans, const bool *seconds)
{
	int64_t total = 0;
	for (size_t i = 0; i < spans->count; i++) {
		assert_true(spans->items[i].from < spans->items[i].to);
		if (i)
			assert_true(spans->items[i - 1].to < spans->items[i].from);
	}
	for (int64_t t = 0; t < WORLD; t++) {
		assert_int_equal(spans_within(spans, t, t + 1), seconds[t]);
		total += seconds[t];
	}
	assert_int_equal(spans_total(spans), total);
	assert_int_equal(spans_within(spans, 0, WORLD), total);
}

/* Against the plainest model there is: one flag a second. */
static void sets_agree_with_flags(void **state)
{
	uint32_t seed = 7;
	for (int round = 0; round < 2000; round++) {
		struct spans a = {0}, b = {0}, both = {0}, only = {0}, either = {0};
		bool in_a[WORLD], in_b[WORLD], wanted[WORLD];
		fill(&a, in_a, &seed);
		fill(&b, in_b, &seed);
		expect(&a, in_a);
		spans_intersect(&a, &b, &both);
		spans_subtract(&a, &b, &only);
		spans_union(&a, &b, &either);
		for (int t = 0; t < WORLD; t++)
			wanted[t] = in_a[t] && in_b[t];
		expect(&both, wanted);
		for (int t = 0; t < WORLD; t++)
			wanted[t] = in_a[t] && !in_b[t];
		expect(&only, wanted);
		for (int t = 0; t < WORLD; t++)
			wanted[t] = in_a[t] || in_b[t];
		expect(&either, wanted);
		spans_done(&a);
		spans_done(&b);
		spans_done(&both);
		spans_done(&only);
		spans_done(&either);
	}
}

static void empty_interval_changes_nothing(void **state)
{
	struct spans spans = {0};
	assert_int_equal(spans_add(&spans, 5, 5), 0);
	assert_int_equal(spans_add(&spans, 6, 5), 0);
	assert_int_equal(spans.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_agree_with_flags),
		cmocka_unit_test(empty_interval_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
