/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/speed_count.h"

#define S 1000000ULL

static struct speed_count count;

static int begin_anew(void **state)
{
	memset(&count, 0, sizeof(count));
	count.most = 8;
	return 0;
}

static struct speed_address address(uint8_t number)
{
	return (struct speed_address){.bytes = {10, 0, 0, number}};
}

static struct speed_stream *begin(uint64_t nonce, uint8_t from, uint64_t now_us)
{
	struct speed_address one = address(from);

	return speed_count_begin(&count, nonce, &one, now_us);
}

static void what_moved_is_told_for_two_minutes(void **state)
{
	struct speed_stream *stream = begin(1, 1, 10 * S);

	speed_count_move(stream, 100, 11 * S);
	speed_count_move(stream, 50, 13 * S);
	speed_count_end(stream);
	assert_ptr_equal(speed_count_find(&count, 1, 14 * S), stream);
	assert_int_equal(stream->bytes, 150);
	assert_int_equal(stream->last_us - stream->first_us, 2 * S);
	assert_null(speed_count_find(&count, 2, 14 * S));
	assert_null(speed_count_find(&count, 1, 131 * S));
}

static void no_more_than_so_many_at_once(void **state)
{
	struct speed_stream *streams[8];

	for (uint8_t i = 0; i < 8; i++)
		assert_non_null(streams[i] = begin(i + 1, i, S));
	assert_null(begin(99, 99, S));
	speed_count_end(streams[3]);
	assert_non_null(begin(99, 99, S));
}

static void one_address_has_its_share(void **state)
{
	for (uint64_t i = 0; i < SPEED_ADDRESS_STREAMS; i++)
		assert_non_null(begin(i + 1, 1, S));
	assert_null(begin(50, 1, S));
	assert_non_null(begin(50, 2, S));
	/* A proxy's requests are not counted together. */
	assert_non_null(speed_count_begin(&count, 51, NULL, S));
	assert_non_null(speed_count_begin(&count, 52, NULL, S));
}

static void one_address_waits_a_minute_after_so_many(void **state)
{
	for (uint64_t i = 0; i < SPEED_ADDRESS_MINUTE; i++)
		speed_count_end(begin(i + 1, 1, S));
	assert_null(begin(100, 1, 30 * S));
	assert_non_null(begin(100, 2, 30 * S));
	assert_non_null(begin(101, 1, 62 * S));
}

static void nonce_is_used_once(void **state)
{
	speed_count_end(begin(1, 1, S));
	assert_null(begin(1, 2, 2 * S));
	assert_non_null(begin(1, 2, 130 * S));
}

static void room_is_that_of_the_oldest_that_ended(void **state)
{
	struct speed_stream *running = begin(1, 1, S);

	for (uint64_t i = 2; i < 3 * SPEED_KEPT; i++)
		speed_count_end(begin(i, (uint8_t)i, (i + 1) * S));
	assert_true(running->running && running->nonce == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_moved_is_told_for_two_minutes, begin_anew),
		cmocka_unit_test_setup(no_more_than_so_many_at_once, begin_anew),
		cmocka_unit_test_setup(one_address_has_its_share, begin_anew),
		cmocka_unit_test_setup(one_address_waits_a_minute_after_so_many, begin_anew),
		cmocka_unit_test_setup(nonce_is_used_once, begin_anew),
		cmocka_unit_test_setup(room_is_that_of_the_oldest_that_ended, begin_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
