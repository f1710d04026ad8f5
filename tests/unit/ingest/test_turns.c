/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ingest/turns.h"

static bool greet(struct turns *turns, uint8_t boot)
{
	return turns_greet(turns, (uint8_t[BOOT_BYTES]){boot});
}

static void reboots_and_new_sessions_are_no_turns(void **state)
{
	struct turns turns = {.told = false};

	for (uint8_t boot = 1; boot < 200; boot++)
		for (int session = 0; session < 3; session++)
			assert_false(greet(&turns, boot));
}

static void who_comes_back_after_another_is_one_of_two(void **state)
{
	struct turns turns = {.told = false};

	assert_false(greet(&turns, 1));
	assert_false(greet(&turns, 2)); /* may be a reboot */
	assert_true(greet(&turns, 1)); /* the second device has had one session */
	assert_false(greet(&turns, 2)); /* told */
}

static void one_that_reboots_between_is_seen(void **state)
{
	struct turns turns = {.told = false};

	assert_false(greet(&turns, 1));
	assert_false(greet(&turns, 2));
	assert_false(greet(&turns, 3));
	assert_false(greet(&turns, 4));
	assert_true(greet(&turns, 1));
}

static void what_is_not_said_is_no_boot(void **state)
{
	struct turns turns = {.told = false};

	assert_false(greet(&turns, 0));
	assert_false(greet(&turns, 1));
	assert_false(greet(&turns, 0));
	assert_false(greet(&turns, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reboots_and_new_sessions_are_no_turns),
		cmocka_unit_test(who_comes_back_after_another_is_one_of_two),
		cmocka_unit_test(one_that_reboots_between_is_seen),
		cmocka_unit_test(what_is_not_said_is_no_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
