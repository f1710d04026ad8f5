/* SPDX-License-Identifier: Apache-2.0 */
/* What the uplink delivers, and when. */
#include "tests/unit/agent/uplink_world.h"

#include <string.h>

#include "agent/uplink/lessons.h"

static void spool_is_delivered_and_what_comes_later_too(void **state)
{
	struct world *world = begin(1000);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "localhost", port, world->authority.ca);
	run_until_acked(world, 1000);
	assert_int_equal(spool_figures(world->spool).waiting, 0);
	assert_string_equal(world->collector.wan, "wan");
	assert_int_equal(world->times, 1);
	add_slots(world->spool, 1001, 1003);
	uplink_wake(world->uplink, false);
	run_until_acked(world, 1003);
	assert_int_equal(world->collector.accepted, 1);
	assert_true(uplink_figures(world->uplink).open);
	end(world);
}

static void connection_that_broke_is_made_again_and_nothing_is_sent_twice(void **state)
{
	struct world *world = begin(3);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3);
	hang_up(&world->collector);
	add_slots(world->spool, 4, 5);
	run_until_acked(world, 5);
	assert_int_equal(world->collector.accepted, 2);
	assert_int_equal(world->collector.entries, 5);
	end(world);
}

static void collector_of_another_ca_is_not_spoken_to(void **state)
{
	struct world *world = begin(3);
	struct authority other;
	char port[6];

	authority_init(&other);
	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, other.ca);
	run_for(world, 0.5);
	assert_false(uplink_figures(world->uplink).open);
	assert_non_null(strstr(uplink_figures(world->uplink).words, "CA"));
	assert_int_equal(uplink_figures(world->uplink).trouble, TROUBLE_CERTIFICATE);
	assert_int_equal(world->collector.entries, 0);
	end(world);
	authority_done(&other);
}

static void finishing_delivers_what_is_left_and_says_so(void **state)
{
	struct world *world = begin(3);
	char port[6];

	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3);
	add_slots(world->spool, 4, 4);
	uplink_finish(world->uplink, 2000);
	run_for(world, 1.5);
	assert_int_equal(world->finished, 1);
	assert_int_equal(world->collector.last, 4);
	end(world);
}

static void finishing_without_a_collector_ends_in_time(void **state)
{
	struct world *world = begin(3);
	uint64_t began_us = clock_boot_us();

	open_uplink(world, "127.0.0.1", "9", world->authority.ca);
	uplink_finish(world->uplink, 500);
	run_for(world, 5);
	assert_int_equal(world->finished, 1);
	assert_true(clock_boot_us() - began_us < S(1.5));
	assert_int_equal(spool_figures(world->spool).waiting, 3);
	end(world);
}

static void well_slots_wait_for_the_report_and_urgent_ones_do_not(void **state)
{
	struct world *world = begin(3);
	char port[6];

	world->report_ms = 600000;
	open_collector(world, port);
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_until_acked(world, 3); /* what waits goes with a new session */
	add_slots(world->spool, 4, 5);
	uplink_wake(world->uplink, false);
	run_for(world, 0.3);
	assert_int_equal(world->collector.last, 3);
	uplink_wake(world->uplink, true);
	run_until_acked(world, 5);
	uplink_set_pace(world->uplink, 1000, 1000);
	add_slots(world->spool, 6, 6);
	uplink_wake(world->uplink, false);
	run_until_acked(world, 6);
	end(world);
}

static void turned_away_at_the_door_it_comes_again(void **state)
{
	struct world *world = begin(3);
	char port[6];

	open_collector(world, port);
	world->collector.full = true;
	open_uplink(world, "127.0.0.1", port, world->authority.ca);
	run_for(world, 0.3);
	assert_string_equal(uplink_figures(world->uplink).words, "the collector has no room now");
	world->collector.full = false;
	run_until_acked(world, 3);
	end(world);
}

static void turned_away_it_comes_within_what_was_said_but_not_for_ever(void **state)
{
	const struct session_end away = {
		.stream = {.reached = STREAM_HANDSHAKE, .turned_away = true}};
	const struct session_end other = {.stream = {.reached = STREAM_HANDSHAKE}};
	struct lessons lessons;

	lessons_init(&lessons);
	assert_int_equal(lessons_width_ms(&lessons, 33), 0);
	for (int i = 0; i < 8; i++) {
		lessons_ended(&lessons, &away, false);
		assert_int_equal(lessons_width_ms(&lessons, 33), 33000);
	}
	lessons_ended(&lessons, &away, false);
	assert_int_equal(lessons_width_ms(&lessons, 33), 0);
	lessons_ended(&lessons, &other, false);
	lessons_ended(&lessons, &away, false);
	assert_int_equal(lessons_width_ms(&lessons, 33), 33000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spool_is_delivered_and_what_comes_later_too),
		cmocka_unit_test(connection_that_broke_is_made_again_and_nothing_is_sent_twice),
		cmocka_unit_test(collector_of_another_ca_is_not_spoken_to),
		cmocka_unit_test(finishing_delivers_what_is_left_and_says_so),
		cmocka_unit_test(finishing_without_a_collector_ends_in_time),
		cmocka_unit_test(well_slots_wait_for_the_report_and_urgent_ones_do_not),
		cmocka_unit_test(turned_away_at_the_door_it_comes_again),
		cmocka_unit_test(turned_away_it_comes_within_what_was_said_but_not_for_ever),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
