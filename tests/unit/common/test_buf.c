/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/buf.h"

static void bytes_come_out_in_order(void **state)
{
	struct buf buf;

	buf_init(&buf, 100);
	assert_int_equal(buf_append(&buf, "hello ", 6), 0);
	assert_int_equal(buf_append(&buf, "desa", 4), 0);
	assert_int_equal(buf_length(&buf), 10);
	buf_consume(&buf, 6);
	assert_int_equal(buf_length(&buf), 4);
	assert_memory_equal(buf_peek(&buf), "desa", 4);
	buf_done(&buf);
}

static void never_grows_beyond_its_limit(void **state)
{
	static const uint8_t bytes[1000];
	struct buf buf;
	uint8_t *room;

	buf_init(&buf, 1000);
	assert_int_equal(buf_append(&buf, bytes, 600), 0);
	assert_int_equal(buf_append(&buf, bytes, 401), -ENOBUFS);
	assert_int_equal(buf_length(&buf), 600);
	assert_int_equal(buf_append(&buf, bytes, 400), 0);
	assert_int_equal(buf.cap, 1000);
	assert_int_equal(buf_reserve(&buf, SIZE_MAX, &room), -ENOBUFS);
	assert_int_equal(buf_append(&buf, bytes, 1), -ENOBUFS);
	buf_consume(&buf, 1);
	assert_int_equal(buf_append(&buf, bytes, 1), 0);
	buf_done(&buf);
}

static void consumed_room_is_used_again(void **state)
{
	uint8_t in[100], out[100];
	struct buf buf;
	unsigned i, round;

	for (i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)i;
	buf_init(&buf, 4096);
	buf_append(&buf, in, sizeof in);
	for (round = 0; round < 1000; round++) {
		assert_int_equal(buf_append(&buf, in, sizeof in), 0);
		memcpy(out, buf_peek(&buf), sizeof out);
		assert_memory_equal(out, in, sizeof in);
		buf_consume(&buf, sizeof in);
	}
	assert_int_equal(buf_length(&buf), sizeof in);
	assert_true(buf.cap <= 512);
	buf_done(&buf);
}

static void reserved_room_counts_once_committed(void **state)
{
	struct buf buf;
	uint8_t *room;

	buf_init(&buf, 100);
	assert_int_equal(buf_reserve(&buf, 50, &room), 0);
	memcpy(room, "abc", 3);
	assert_int_equal(buf_length(&buf), 0);
	buf_commit(&buf, 3);
	assert_int_equal(buf_length(&buf), 3);
	assert_memory_equal(buf_peek(&buf), "abc", 3);
	buf_done(&buf);
}

static void release_gives_back_only_what_is_empty(void **state)
{
	struct buf buf;

	buf_init(&buf, 100);
	buf_append(&buf, "x", 1);
	buf_release(&buf);
	assert_int_equal(buf_length(&buf), 1);
	buf_consume(&buf, 5);
	assert_int_equal(buf_length(&buf), 0);
	assert_non_null(buf.bytes);
	buf_release(&buf);
	assert_null(buf.bytes);
	assert_non_null(buf_peek(&buf));
	assert_int_equal(buf_append(&buf, "y", 1), 0);
	buf_clear(&buf);
	assert_int_equal(buf_length(&buf), 0);
	buf_done(&buf);
	buf_done(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_out_in_order),
		cmocka_unit_test(never_grows_beyond_its_limit),
		cmocka_unit_test(consumed_room_is_used_again),
		cmocka_unit_test(reserved_room_counts_once_committed),
		cmocka_unit_test(release_gives_back_only_what_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
