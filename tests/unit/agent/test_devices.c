/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "agent/core/devices.h"

#define NOW_S 1795305600

static struct devices *devices; /* large: kept off the stack */

static size_t count_leases(const char *text, int64_t now_s)
{
	devices->count = 0;
	devices_add_leases(devices, text, now_s);
	return devices->count;
}

static void lease_that_holds_is_a_device(void **state)
{
	const char *text = "1795309200 02:00:00:00:00:01 192.168.1.10 phone 01:02:00:00:00:00:01\n"
			   "1795305599 02:00:00:00:00:02 192.168.1.11 gone *\n"
			   "0 02:00:00:00:00:03 192.168.1.12 printer *\n"
			   "1795309200 02:00:00:00:00:01 192.168.1.13 phone-again *";

	assert_int_equal(count_leases(text, NOW_S), 2);
	assert_int_equal(count_leases(text, 0), 3); /* the time is not known */
}

static void lines_of_another_shape_are_skipped(void **state)
{
	assert_int_equal(
		count_leases("duid 00:01:00:01:2a\n\nhello\n0 02:00:00\n0 zz:00:00:00:00:01 x\n"
			     "99999999999999999999999 02-00-00-00-00-01 x\n0 02:00:00:00:00:1g x\n"
			     "0 02:00:00:00:00:04",
			NOW_S),
		0);
	assert_int_equal(count_leases("", NOW_S), 0);
}

static void groups_and_nobody_are_no_devices(void **state)
{
	const uint8_t group[MAC_BYTES] = {0x33, 0x33, 0, 0, 0, 1}, nobody[MAC_BYTES] = {0};
	const uint8_t phone[MAC_BYTES] = {2, 0, 0, 0, 0, 1};

	devices->count = 0;
	devices_add(devices, group);
	devices_add(devices, nobody);
	assert_int_equal(devices->count, 0);
	devices_add(devices, phone);
	devices_add(devices, phone);
	assert_int_equal(devices->count, 1);
}

static void more_than_are_told_apart_are_not_counted(void **state)
{
	uint8_t mac[MAC_BYTES] = {2};

	devices->count = 0;
	for (unsigned i = 0; i < DEVICES_MAX + 10; i++) {
		mac[4] = (uint8_t)(i >> 8);
		mac[5] = (uint8_t)i;
		devices_add(devices, mac);
	}
	assert_int_equal(devices->count, DEVICES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lease_that_holds_is_a_device),
		cmocka_unit_test(lines_of_another_shape_are_skipped),
		cmocka_unit_test(groups_and_nobody_are_no_devices),
		cmocka_unit_test(more_than_are_told_apart_are_not_counted),
	};
	int failed;

	devices = calloc(1, sizeof(*devices));
	if (!devices)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(devices);
	return failed;
}
