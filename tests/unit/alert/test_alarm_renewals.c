/* SPDX-License-Identifier: Apache-2.0 */
/* The alarm about certificates: one, from the first that is late to the last that is renewed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/alert/alarm.h"

#define NOON INT64_C(1767240000) /* 12:00 in WITA */
#define HOUR 3600

static const struct alarm_rules rules = {
	.calm_s = 300,
	.edit_s = 60,
	.escalate_s = HOUR,
	.offset_s = 8 * HOUR,
	.quiet_from_s = 22 * HOUR,
	.quiet_to_s = 6 * HOUR,
	.quiet_links = 5,
};

struct office {
	struct alarm_desk *desk;
	int64_t now_s;
};

static const struct alarm *renewals(struct office *office, uint32_t waiting, uint32_t late)
{
	const struct alarm_renewals found = {.waiting = waiting, .late = late, .agent = 7};
	struct alarm *const *alarms;
	const struct alarm_sight nothing = {.now_s = office->now_s};
	size_t count;

	assert_int_equal(alarm_desk_renewals(office->desk, &found, office->now_s), 0);
	assert_int_equal(alarm_desk_step(office->desk, &nothing), 0);
	alarms = alarm_desk_alarms(office->desk, &count);
	assert_true(count <= 1);
	return count ? alarms[0] : NULL;
}

static void certificates_are_one_alarm_until_there_are_none(void **state)
{
	struct office office = {.now_s = NOON};
	const struct alarm *alarm;

	office.desk = alarm_desk_new(&rules);
	assert_non_null(office.desk);
	assert_null(renewals(&office, 0, 0));
	alarm = renewals(&office, 0, 3);
	assert_int_equal(alarm->phase, ALARM_TOLD);
	assert_int_equal(alarm->version, 1);
	assert_true(alarm_to(alarm) == SPAN_FOREVER);
	office.now_s += 3600;
	assert_int_equal(renewals(&office, 0, 3)->version, 1); /* nothing is new */
	assert_int_equal(renewals(&office, 2, 3)->version, 2);
	office.now_s += 3600;
	assert_int_equal(renewals(&office, 0, 0)->phase, ALARM_TOLD); /* for a moment, perhaps */
	office.now_s += 10;
	alarm = renewals(&office, 1, 0);
	assert_int_equal(alarm->renewals.clear_s, 0);
	office.now_s += 3600;
	renewals(&office, 0, 0);
	office.now_s += 3600;
	alarm = renewals(&office, 0, 0);
	assert_int_equal(alarm->phase, ALARM_CLOSED);
	assert_int_equal(alarm_to(alarm), office.now_s);
	assert_int_equal(alarm->id, 1);
	alarm_desk_free(office.desk);
}

static void they_wait_for_the_morning(void **state)
{
	struct office office = {.now_s = NOON + 11 * HOUR};

	office.desk = alarm_desk_new(&rules);
	assert_non_null(office.desk);
	assert_null(renewals(&office, 0, 3));
	office.now_s += 7 * HOUR;
	assert_int_equal(renewals(&office, 0, 3)->phase, ALARM_TOLD);
	alarm_desk_free(office.desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_one_alarm_until_there_are_none),
		cmocka_unit_test(they_wait_for_the_morning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
