/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include "agent/core/path_mtu.h"

static void large_packets_that_vanish_make_segments_smaller(void **state)
{
	struct path_mtu path = {0};

	assert_int_equal(path_mtu_segment(&path), 0);
	path_mtu_silent(&path, 5000, false);
	assert_int_equal(path_mtu_segment(&path), 1220); /* tried with the next connection */
	assert_true(path_mtu_tried(&path, true));
	assert_int_equal(path_mtu_segment(&path), 1220); /* and kept */
	assert_false(path_mtu_tried(&path, true));
	path_mtu_silent(&path, 5000, false);
	assert_true(path_mtu_tried(&path, true));
	assert_int_equal(path_mtu_segment(&path), 536);
}

static void link_that_was_down_is_no_reason(void **state)
{
	struct path_mtu path = {0};

	path_mtu_silent(&path, 5000, false);
	assert_false(path_mtu_tried(&path, false));
	assert_int_equal(path_mtu_segment(&path), 0);
}

static void small_packet_that_vanishes_is_no_reason(void **state)
{
	struct path_mtu path = {0};

	path_mtu_silent(&path, 90, false);
	assert_false(path_mtu_tried(&path, true));
	assert_int_equal(path_mtu_segment(&path), 0);
}

/* The collector's certificates are the large ones then, and nothing of ours waits. */
static void setup_that_never_ends_is_one(void **state)
{
	struct path_mtu path = {0};

	path_mtu_silent(&path, 0, true);
	assert_true(path_mtu_tried(&path, true));
	assert_int_equal(path_mtu_segment(&path), 1220);
}

static void what_does_not_help_is_given_up(void **state)
{
	struct path_mtu path = {0};

	for (int i = 0; i < 3; i++) {
		path_mtu_silent(&path, 5000, false);
		path_mtu_tried(&path, true);
	}
	assert_int_equal(path_mtu_segment(&path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_packets_that_vanish_make_segments_smaller),
		cmocka_unit_test(link_that_was_down_is_no_reason),
		cmocka_unit_test(small_packet_that_vanishes_is_no_reason),
		cmocka_unit_test(setup_that_never_ends_is_one),
		cmocka_unit_test(what_does_not_help_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
