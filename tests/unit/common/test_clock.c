/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "common/clock.h"

static void boot_time_only_goes_forward(void **state)
{
	uint64_t before_us = clock_boot_us(), after_us;

	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	after_us = clock_boot_us();
	assert_true(after_us - before_us >= 2000);
	assert_true(after_us - before_us < 10000000);
}

static void utc_is_in_microseconds(void **state)
{
	int64_t utc_us = clock_utc_us();

	assert_true(utc_us / 1000000 - (int64_t)time(NULL) <= 1);
	assert_true((int64_t)time(NULL) - utc_us / 1000000 <= 1);
}

static void the_boot_id_stays_for_the_boot(void **state)
{
	static const uint8_t nothing[16];
	uint8_t first[16] = {0}, second[16] = {0};

	assert_int_equal(clock_boot_id(first), 0);
	assert_int_equal(clock_boot_id(second), 0);
	assert_memory_equal(first, second, sizeof first);
	assert_memory_not_equal(first, nothing, sizeof first);
}

static void the_error_is_known_only_when_synchronised(void **state)
{
	uint64_t error_us = 42;

	if (clock_utc_synchronised(&error_us))
		assert_true(error_us < 16000000);
	else
		assert_int_equal(error_us, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boot_time_only_goes_forward),
		cmocka_unit_test(utc_is_in_microseconds),
		cmocka_unit_test(the_boot_id_stays_for_the_boot),
		cmocka_unit_test(the_error_is_known_only_when_synchronised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
