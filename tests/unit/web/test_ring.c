/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "web/ring.h"

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct ring));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	ring_done(*state);
	free(*state);
	return 0;
}

static void push(struct ring *ring, int64_t last, const char *text)
{
	assert_int_equal(ring_push(ring, last, text, strlen(text)), 0);
}

static void each_reader_finds_what_comes_after_its_id(void **state)
{
	struct ring *ring = *state;

	ring_reset(ring, 10);
	push(ring, 12, "a");
	push(ring, 15, "b");
	assert_memory_equal(ring_after(ring, 10)->text, "a", 1);
	assert_memory_equal(ring_after(ring, 11)->text, "a", 1); /* half of it: all of it again */
	assert_memory_equal(ring_after(ring, 12)->text, "b", 1);
	assert_null(ring_after(ring, 15));
	assert_int_equal(ring->floor, 10);
	assert_int_equal(ring->head, 15);
}

static void rows_that_say_nothing_move_the_head(void **state)
{
	struct ring *ring = *state;

	ring_reset(ring, 10);
	push(ring, 12, "a");
	push(ring, 17, "");
	push(ring, 20, "b");
	assert_int_equal(ring->count, 2);
	assert_int_equal(ring_after(ring, 12)->last, 20);
	assert_int_equal(ring_after(ring, 17)->last, 20);
}

static void the_oldest_make_room_and_raise_the_floor(void **state)
{
	struct ring *ring = *state;

	ring_reset(ring, 0);
	for (int64_t id = 1; id <= EVENTS_RING + 5; id++)
		push(ring, id, "x");
	assert_int_equal(ring->count, EVENTS_RING);
	assert_int_equal(ring->floor, 5);
	assert_int_equal(ring_after(ring, ring->floor)->last, 6);
	assert_int_equal(ring_after(ring, EVENTS_RING + 4)->last, EVENTS_RING + 5);
	assert_int_equal(ring->bytes, EVENTS_RING);
}

static void the_bytes_are_bounded_too(void **state)
{
	const size_t length = EVENTS_RING_BYTES / 3;
	struct ring *ring = *state;
	char *text = calloc(1, length);

	assert_non_null(text);
	ring_reset(ring, 0);
	for (int64_t id = 1; id <= 5; id++)
		assert_int_equal(ring_push(ring, id, text, length), 0);
	assert_int_equal(ring->count, 3);
	assert_int_equal(ring->floor, 2);
	free(text);
}

static void a_reset_forgets_everything(void **state)
{
	struct ring *ring = *state;

	ring_reset(ring, 0);
	push(ring, 3, "a");
	ring_reset(ring, 1);
	assert_null(ring_after(ring, 0));
	assert_int_equal(ring->floor, 1);
	assert_int_equal(ring->head, 1);
	assert_int_equal(ring->bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_reader_finds_what_comes_after_its_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			rows_that_say_nothing_move_the_head, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_oldest_make_room_and_raise_the_floor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_bytes_are_bounded_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reset_forgets_everything, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
