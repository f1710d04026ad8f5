/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <errno.h>

#include "agent/core/held.h"

static const struct record_key before_all = {0, 0};

static struct held *make(uint32_t run)
{
	struct held *held;

	assert_int_equal(held_new(&held), 0);
	assert_int_equal(held_run(held, run, 77, boot_id), 0);
	return held;
}

static struct held_span minute(uint32_t sequence)
{
	return (struct held_span){S(60.0 * sequence), S(60.0 * sequence + 60)};
}

static void store(struct held *held, uint32_t run, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to; i++)
		assert_int_equal(held_store(held, (struct record_key){run, i}, minute(i)), 0);
}

static void lose(struct held *held, uint32_t run, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to; i++)
		assert_int_equal(held_lose(held, (struct record_key){run, i}, minute(i)), 0);
}

static void assert_range(struct held *held, uint32_t first, uint32_t last)
{
	struct held_run runs[RUNS_MAX];

	assert_int_equal(held_runs(held, runs), 1);
	assert_int_equal(runs[0].first, first);
	assert_int_equal(runs[0].last, last);
	assert_int_equal(runs[0].nonce, 77);
}

static void stored_records_are_held_from_first_to_last(void **state)
{
	struct held *held = make(3);
	struct held_run runs[RUNS_MAX];

	assert_int_equal(held_runs(held, runs), 0);
	store(held, 3, 1, 40);
	assert_range(held, 1, 40);
	assert_int_equal(held_waiting(held), 40);
	held_acked(held, 3, 25);
	assert_range(held, 1, 40); /* acknowledged ones stay */
	assert_int_equal(held_waiting(held), 15);
	assert_true(held_is_acked(held, (struct record_key){3, 25}));
	assert_false(held_is_acked(held, (struct record_key){3, 26}));
	held_free(held);
}

static void losing_acknowledged_records_leaves_no_gap(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 40);
	held_acked(held, 3, 25);
	lose(held, 3, 1, 20);
	assert_range(held, 21, 40);
	assert_int_equal(held_lost(held), 0);
	assert_false(held_gap_after(held, before_all, &key, &gap));
	held_free(held);
}

static void drops_of_neighbours_become_one_gap_with_exact_count_range_and_time(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 100);
	held_acked(held, 3, 10);
	lose(held, 3, 1, 30);
	lose(held, 3, 31, 55);
	assert_range(held, 11, 100);
	assert_int_equal(held_lost(held), 45);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.run, 3);
	assert_int_equal(key.sequence, 11);
	assert_int_equal(gap.last, 55);
	assert_int_equal(gap.records, 45);
	assert_int_equal(gap.from_us, S(60 * 11));
	assert_int_equal(gap.to_us, S(60 * 56));
	assert_memory_equal(gap.boot, boot_id, BOOT_BYTES);
	assert_int_equal(held_waiting(held), 46);
	held_free(held);
}

static void gap_that_was_handed_out_does_not_grow(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 100);
	lose(held, 3, 1, 30);
	held_gap_handed_out(held, (struct record_key){3, 1});
	lose(held, 3, 31, 50);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.sequence, 1);
	assert_int_equal(gap.last, 30);
	assert_true(held_gap_after(held, key, &key, &gap));
	assert_int_equal(key.sequence, 31);
	assert_int_equal(gap.last, 50);
	assert_false(held_gap_after(held, key, &key, &gap));
	held_free(held);
}

static void acknowledging_ends_a_gap_or_cuts_it(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 100);
	lose(held, 3, 1, 50);
	held_acked(held, 3, 20); /* the collector had these all along */
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.sequence, 21);
	assert_int_equal(gap.records, 30);
	held_acked(held, 3, 60);
	assert_false(held_gap_after(held, before_all, &key, &gap));
	assert_range(held, 51, 100);
	held_free(held);
}

static void acknowledged_gap_behind_stored_records_stays(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 10);
	lose(held, 3, 11, 12); /* the disk refused them */
	store(held, 3, 13, 20);
	held_acked(held, 3, 20);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.sequence, 11);
	assert_int_equal(held_waiting(held), 0);
	lose(held, 3, 1, 10);
	assert_false(held_gap_after(held, before_all, &key, &gap));
	held_free(held);
}

static void numbers_missing_at_a_restart_are_a_gap(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	held_acked(held, 3, 4);
	store(held, 3, 8, 9);
	store(held, 3, 12, 12);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.sequence, 5);
	assert_int_equal(gap.last, 7);
	assert_true(held_gap_after(held, key, &key, &gap));
	assert_int_equal(key.sequence, 10);
	assert_int_equal(gap.last, 11);
	assert_int_equal(gap.from_us, S(60 * 10));
	assert_int_equal(gap.to_us, S(60 * 12));
	held_free(held);
}

static void restored_gap_is_known_and_covers_what_it_says(void **state)
{
	struct held *held = make(3);
	const struct dropped known = {.last = 30, .records = 30, .from_us = 5, .to_us = 9};
	struct record_key key;
	struct dropped gap;

	assert_int_equal(held_restore_gap(held, 3, 1, &known), 0);
	assert_false(held_has(held, (struct record_key){3, 30}));
	assert_int_equal(held_store(held, (struct record_key){3, 30}, minute(30)), -EINVAL);
	store(held, 3, 31, 40);
	assert_range(held, 1, 40);
	lose(held, 3, 31, 31);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(gap.last, 30); /* as it was told before */
	assert_true(held_gap_at(held, 1, &key, &gap));
	assert_int_equal(key.sequence, 31);
	assert_false(held_gap_at(held, 2, &key, &gap));
	held_free(held);
}

static void run_of_which_nothing_is_left_is_forgotten(void **state)
{
	struct held *held = make(3);
	struct held_run runs[RUNS_MAX];

	store(held, 3, 1, 5);
	assert_int_equal(held_run(held, 4, 78, boot_id), 0);
	store(held, 4, 1, 2);
	assert_int_equal(held_runs(held, runs), 2);
	held_acked(held, 3, 5);
	lose(held, 3, 1, 5);
	assert_int_equal(held_runs(held, runs), 1);
	assert_int_equal(runs[0].run, 4);
	assert_int_equal(held_run(held, 3, 77, boot_id), -EINVAL); /* runs only rise */
	held_free(held);
}

static void gaps_come_in_order_of_run_and_number(void **state)
{
	struct held *held = make(3);
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 5);
	assert_int_equal(held_run(held, 4, 78, boot_id), 0);
	store(held, 4, 1, 5);
	lose(held, 3, 1, 5);
	lose(held, 4, 1, 2);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.run, 3);
	assert_true(held_gap_after(held, key, &key, &gap));
	assert_int_equal(key.run, 4);
	assert_int_equal(gap.records, 2);
	held_free(held);
}

static void more_gaps_than_fit_are_joined_and_nothing_is_uncounted(void **state)
{
	struct held *held = make(3);
	struct record_key key = before_all;
	struct dropped gap;
	uint32_t covered = 0;

	for (uint32_t i = 1; i <= 200; i += 2) {
		lose(held, 3, i, i);
		store(held, 3, i + 1, i + 1);
	}
	while (held_gap_after(held, key, &key, &gap))
		covered = gap.last;
	assert_int_equal(covered, 199);
	assert_int_equal(held_lost(held), 100);
	held_free(held);
}

static void numbers_not_found_between_two_records_are_a_gap(void **state)
{
	struct held *held = make(3);
	const struct held_span span = {S(5), S(9)};
	struct record_key key;
	struct dropped gap;

	store(held, 3, 1, 20);
	held_miss(held, (struct record_key){3, 4}, (struct record_key){3, 5}, span);
	assert_false(held_gap_after(held, before_all, &key, &gap));
	held_miss(held, (struct record_key){3, 5}, (struct record_key){3, 9}, span);
	assert_true(held_gap_after(held, before_all, &key, &gap));
	assert_int_equal(key.sequence, 6);
	assert_int_equal(gap.last, 8);
	assert_false(held_has(held, (struct record_key){3, 7}));
	assert_true(held_has(held, (struct record_key){3, 9}));
	assert_int_equal(held_lost(held), 3);
	lose(held, 3, 12, 12); /* and everything before it */
	assert_range(held, 1, 20);
	assert_int_equal(held_lost(held), 12);
	held_free(held);
}

static void runs_are_limited(void **state)
{
	struct held *held = make(1);

	store(held, 1, 1, 1);
	for (uint32_t run = 2; run <= RUNS_MAX; run++) {
		assert_int_equal(held_run(held, run, run, boot_id), 0);
		store(held, run, 1, 1);
	}
	assert_int_equal(held_run(held, RUNS_MAX + 1, 1, boot_id), -ENOSPC);
	held_forget_oldest(held);
	assert_int_equal(held_lost(held), 1);
	assert_int_equal(held_run(held, RUNS_MAX + 1, 1, boot_id), 0);
	held_free(held);
}

static void range_is_stored_as_its_records_are(void **state)
{
	struct held *held = make(1);
	struct record_key key;
	struct dropped gap;

	assert_int_equal(held_store_range(held, (struct record_key){1, 1}, 40, minute(1)), 0);
	assert_int_equal(held_store_range(held, (struct record_key){1, 41}, 41, minute(41)), 0);
	assert_range(held, 1, 41);
	assert_int_equal(held_waiting(held), 41);
	/* Known ones again, and then more: of a block that was written twice. */
	assert_int_equal(
		held_store_range(held, (struct record_key){1, 30}, 41, minute(41)), -EINVAL);
	assert_int_equal(held_store_range(held, (struct record_key){1, 30}, 50, minute(50)), 0);
	assert_range(held, 1, 50);
	assert_false(held_gap_at(held, 0, &key, &gap));
	/* Numbers left out are a gap, of the time between. */
	assert_int_equal(held_store_range(held, (struct record_key){1, 61}, 70, minute(61)), 0);
	assert_true(held_gap_at(held, 0, &key, &gap));
	assert_int_equal(key.sequence, 51);
	assert_int_equal(gap.last, 60);
	assert_int_equal(gap.from_us, S(60.0 * 51));
	assert_int_equal(gap.to_us, S(60.0 * 61));
	assert_int_equal(held_store_range(held, (struct record_key){2, 1}, 2, minute(1)), -EINVAL);
	assert_int_equal(held_store_range(held, (struct record_key){1, 0}, 90, minute(1)), -EINVAL);
	held_free(held);
}

static void range_across_a_gap_does_not_fill_it(void **state)
{
	const struct dropped known = {.last = 20, .records = 10, .from_us = 0, .to_us = 1};
	struct held *held = make(1);

	assert_int_equal(held_restore_gap(held, 1, 11, &known), 0);
	assert_int_equal(held_store_range(held, (struct record_key){1, 15}, 30, minute(30)), 0);
	assert_false(held_has(held, (struct record_key){1, 20}));
	assert_true(held_has(held, (struct record_key){1, 21}));
	held_free(held);
}

static void records_lost_within_lie_in_a_gap_acknowledged_or_not(void **state)
{
	struct held *held = make(1);
	struct record_key key;
	struct dropped gap;

	store(held, 1, 1, 50);
	held_acked(held, 1, 22);
	for (uint32_t i = 21; i <= 30; i++)
		assert_int_equal(held_lose_within(held, (struct record_key){1, i}, minute(i)), 0);
	assert_range(held, 1, 50);
	assert_true(held_gap_at(held, 0, &key, &gap));
	assert_int_equal(key.sequence, 21);
	assert_int_equal(gap.last, 30);
	assert_int_equal(held_lost(held), 8); /* the others are safe */
	assert_true(held_has(held, (struct record_key){1, 20}));
	assert_false(held_has(held, (struct record_key){1, 21}));
	/* At the beginning it is as any loss, and what was never stored is too. */
	assert_int_equal(held_lose_within(held, (struct record_key){1, 1}, minute(1)), 0);
	assert_range(held, 2, 50);
	assert_int_equal(held_lose_within(held, (struct record_key){1, 51}, minute(51)), 0);
	assert_int_equal(held_lost(held), 9);
	assert_int_equal(held_lose_within(held, (struct record_key){2, 1}, minute(1)), -EINVAL);
	held_free(held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stored_records_are_held_from_first_to_last),
		cmocka_unit_test(losing_acknowledged_records_leaves_no_gap),
		cmocka_unit_test(
			drops_of_neighbours_become_one_gap_with_exact_count_range_and_time),
		cmocka_unit_test(gap_that_was_handed_out_does_not_grow),
		cmocka_unit_test(acknowledging_ends_a_gap_or_cuts_it),
		cmocka_unit_test(acknowledged_gap_behind_stored_records_stays),
		cmocka_unit_test(numbers_missing_at_a_restart_are_a_gap),
		cmocka_unit_test(restored_gap_is_known_and_covers_what_it_says),
		cmocka_unit_test(run_of_which_nothing_is_left_is_forgotten),
		cmocka_unit_test(gaps_come_in_order_of_run_and_number),
		cmocka_unit_test(more_gaps_than_fit_are_joined_and_nothing_is_uncounted),
		cmocka_unit_test(numbers_not_found_between_two_records_are_a_gap),
		cmocka_unit_test(runs_are_limited),
		cmocka_unit_test(range_is_stored_as_its_records_are),
		cmocka_unit_test(range_across_a_gap_does_not_fill_it),
		cmocka_unit_test(records_lost_within_lie_in_a_gap_acknowledged_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
