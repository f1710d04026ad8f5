/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/figures.h"

static struct figures *new_figures(void)
{
	struct figures *figures = malloc(sizeof(*figures));

	assert_non_null(figures);
	figures_init(figures);
	return figures;
}

static uint32_t rtt_of(uint32_t number)
{
	return 9000 + (number * 2654435761u >> 20) * 37;
}

static struct figures *day_of(uint32_t from, uint32_t to, uint32_t step)
{
	struct figures *figures = new_figures();
	struct tally *tally = tally_new();

	for (uint32_t i = from; i != to; i += step)
		assert_int_equal(tally_add(tally, i % 3, i % 10, rtt_of(i)), 0);
	tally_end_day(tally, figures);
	tally_free(tally);
	return figures;
}

static void the_order_of_probes_does_not_matter(void **state)
{
	struct figures *forth = day_of(0, 5000, 1),
		       *back = day_of(4999, (uint32_t)-1, (uint32_t)-1);

	assert_memory_equal(forth, back, sizeof(*forth));
	assert_int_equal(forth->sent, 5000);
	assert_int_equal(forth->lost, 500);
	free(forth);
	free(back);
}

static void variation_counts_from_the_targets_own_least(void **state)
{
	struct figures *figures = new_figures();
	struct tally *tally = tally_new();

	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(tally_add(tally, 1, true, 100), 0);
		assert_int_equal(tally_add(tally, 2, true, 240), 0);
	}
	assert_int_equal(tally_add(tally, 2, true, 250), 0);
	tally_end_day(tally, figures);
	assert_int_equal(figures->pdv.counts[0], 20);
	assert_int_equal(figures->pdv.counts[10], 1);
	/* the next day has a least of its own */
	assert_int_equal(tally_add(tally, 1, true, 200), 0);
	tally_end_day(tally, figures);
	assert_int_equal(figures->pdv.counts[0], 21);
	assert_int_equal(figures->rtt.total, 22);
	tally_free(tally);
	free(figures);
}

static void exact_times_and_their_steps_are_one(void **state)
{
	struct figures *exact = new_figures(), *stepped = new_figures();
	struct tally *a = tally_new(), *b = tally_new();

	for (uint32_t i = 0; i < 5000; i++) {
		assert_int_equal(tally_add(a, i % 3, true, rtt_of(i)), 0);
		assert_int_equal(tally_add(b, i % 3, true, hist_step(rtt_of(i))), 0);
	}
	tally_end_day(a, exact);
	tally_end_day(b, stepped);
	assert_memory_equal(exact, stepped, sizeof(*exact));
	tally_free(a);
	tally_free(b);
	free(exact);
	free(stepped);
}

static void figures_are_the_same_after_their_bytes(void **state)
{
	struct figures *day = day_of(0, 5000, 1), *other = day_of(5000, 7000, 1);
	struct figures *sum = new_figures(), *read = new_figures();
	struct buf bytes;

	buf_init(&bytes, 65536);
	figures_merge(sum, day);
	figures_merge(sum, other);
	assert_int_equal(figures_encode(day, &bytes), 0);
	assert_int_equal(figures_decode(read, buf_peek(&bytes), buf_length(&bytes)), 0);
	buf_clear(&bytes);
	assert_int_equal(figures_encode(other, &bytes), 0);
	assert_int_equal(figures_decode(read, buf_peek(&bytes), buf_length(&bytes)), 0);
	assert_memory_equal(read, sum, sizeof(*sum));
	for (size_t length = 0; length < buf_length(&bytes); length++)
		assert_int_equal(figures_decode(read, buf_peek(&bytes), length), -EBADMSG);
	buf_done(&bytes);
	free(day);
	free(other);
	free(sum);
	free(read);
}

static void more_targets_than_are_told_apart_still_count(void **state)
{
	struct figures *figures = new_figures();
	struct tally *tally = tally_new();

	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(tally_add(tally, i, true, 100), 0);
	tally_end_day(tally, figures);
	assert_int_equal(figures->rtt.total, 1000);
	assert_int_equal(figures->rtt.counts[100], 1000);
	tally_free(tally);
	free(figures);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_probes_does_not_matter),
		cmocka_unit_test(variation_counts_from_the_targets_own_least),
		cmocka_unit_test(exact_times_and_their_steps_are_one),
		cmocka_unit_test(figures_are_the_same_after_their_bytes),
		cmocka_unit_test(more_targets_than_are_told_apart_still_count),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
