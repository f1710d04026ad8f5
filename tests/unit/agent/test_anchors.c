/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <errno.h>

#include "agent/core/anchors.h"

#define UTC_US 1767196800000000LL /* what the true clock says at boot */

static struct anchor reading(double mono_s, uint64_t error_us)
{
	return (struct anchor){.mono_us = S(mono_s),
		.utc_us = UTC_US + (int64_t)S(mono_s),
		.error_us = error_us,
		.source = ANCHOR_COLLECTOR};
}

static bool offer(struct anchors *anchors, struct anchor candidate)
{
	return anchors_offer(anchors, &candidate);
}

static void first_sound_reading_is_recorded_and_then_one_an_hour(void **state)
{
	struct anchors anchors;

	anchors_init(&anchors);
	assert_true(offer(&anchors, reading(10, 5000)));
	assert_false(offer(&anchors, reading(70, 5000)));
	assert_false(offer(&anchors, reading(3600, 5000)));
	assert_true(offer(&anchors, reading(3610, 5000)));
	assert_false(offer(&anchors, reading(3620, 5000)));
}

static void much_better_reading_is_recorded_at_once(void **state)
{
	struct anchors anchors;

	anchors_init(&anchors);
	assert_true(offer(&anchors, reading(10, 200000)));
	assert_false(offer(&anchors, reading(20, 150000)));
	assert_true(offer(&anchors, reading(30, 20000)));
}

static void reading_that_the_ledger_would_ignore_is_not_recorded(void **state)
{
	struct anchors anchors;

	anchors_init(&anchors);
	assert_true(offer(&anchors, reading(10, 1000)));
	anchors_want(&anchors);
	assert_false(offer(&anchors, reading(20, 5000))); /* 1 ms + 1 ms of drift at most */
	assert_true(offer(&anchors, reading(60, 5000))); /* 1 ms + 5 ms */
	assert_false(offer(&anchors, reading(3700, 900000))); /* hourly, but far too coarse */
}

static void new_session_records_its_first_reading(void **state)
{
	struct anchors anchors;

	anchors_init(&anchors);
	assert_true(offer(&anchors, reading(10, 5000)));
	anchors_want(&anchors);
	assert_true(offer(&anchors, reading(12, 5000)));
	assert_false(offer(&anchors, reading(14, 5000)));
}

static void reading_that_contradicts_the_last_is_recorded(void **state)
{
	struct anchors anchors;
	struct anchor stepped = reading(30, 5000);

	anchors_init(&anchors);
	assert_true(offer(&anchors, reading(10, 5000)));
	stepped.utc_us += 60000000;
	assert_true(offer(&anchors, stepped));
}

static void time_before_the_first_agent_is_no_time(void **state)
{
	struct anchors anchors;
	struct anchor epoch = {.mono_us = S(5), .utc_us = 5000000, .error_us = 1};

	anchors_init(&anchors);
	assert_false(offer(&anchors, epoch));
	epoch.utc_us = UTC_MAX_US + 1;
	assert_false(offer(&anchors, epoch));
}

static void four_timestamps_give_the_middle_and_half_the_trip(void **state)
{
	const struct time_answer answer = {
		.present = true,
		.echo_us = S(100),
		.received_utc_us = UTC_US + 100030000,
		.sent_utc_us = UTC_US + 100050000, /* held 20 ms */
		.error_us = 700,
	};
	struct anchor anchor;

	assert_int_equal(anchor_from_answer(&answer, S(100) + 80000, boot_id, &anchor), 0);
	assert_int_equal(anchor.mono_us, S(100) + 80000);
	assert_int_equal(anchor.utc_us, UTC_US + 100080000); /* 60 ms of travel, half of it */
	assert_in_range(anchor.error_us, 30700, 30701);
	assert_int_equal(anchor.source, ANCHOR_COLLECTOR);
	assert_memory_equal(anchor.boot, boot_id, BOOT_BYTES);
}

static void timestamps_that_cannot_be_are_refused(void **state)
{
	struct time_answer answer = {.present = true, .echo_us = S(100), .received_utc_us = UTC_US};
	struct anchor anchor;

	answer.sent_utc_us = UTC_US - 1;
	assert_int_equal(anchor_from_answer(&answer, S(101), boot_id, &anchor), -EINVAL);
	answer.sent_utc_us = UTC_US;
	assert_int_equal(anchor_from_answer(&answer, S(99), boot_id, &anchor), -EINVAL);
	answer.present = false;
	assert_int_equal(anchor_from_answer(&answer, S(101), boot_id, &anchor), -EINVAL);
}

static void disciplined_clock_is_read_between_two_monotonic_readings(void **state)
{
	const struct clock_reading clock = {
		.before_us = 1000, .after_us = 1010, .utc_us = UTC_US, .error_us = 400};
	struct anchor anchor;

	assert_int_equal(anchor_from_clock(&clock, boot_id, &anchor), 0);
	assert_int_equal(anchor.mono_us, 1005);
	assert_int_equal(anchor.utc_us, UTC_US);
	assert_in_range(anchor.error_us, 405, 406);
	assert_int_equal(anchor.source, ANCHOR_NTP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_sound_reading_is_recorded_and_then_one_an_hour),
		cmocka_unit_test(much_better_reading_is_recorded_at_once),
		cmocka_unit_test(reading_that_the_ledger_would_ignore_is_not_recorded),
		cmocka_unit_test(new_session_records_its_first_reading),
		cmocka_unit_test(reading_that_contradicts_the_last_is_recorded),
		cmocka_unit_test(time_before_the_first_agent_is_no_time),
		cmocka_unit_test(four_timestamps_give_the_middle_and_half_the_trip),
		cmocka_unit_test(timestamps_that_cannot_be_are_refused),
		cmocka_unit_test(disciplined_clock_is_read_between_two_monotonic_readings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
