/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ledger/start_word.h"

static void each_start_has_its_word(void **state)
{
	static const struct {
		struct start_facts facts;
		const char *word;
	} cases[] = {
		{{.first = true, .reset = RESET_WATCHDOG}, "first"},
		{{.reset = RESET_UNKNOWN}, "power"}, /* a pulled plug */
		{{.reset = RESET_POWER_ON}, "power"},
		{{.stopped = true}, "reboot"},
		{{.reset = RESET_WATCHDOG}, "watchdog"},
		{{.reset = RESET_PANIC}, "panic"},
		{{.same_boot = true}, "crash"},
		{{.same_boot = true, .stopped = true}, "restart"},
		{{.same_boot = true, .stopped = true, .other_software = true}, "upgrade"},
		{{.stopped = true, .other_software = true}, "upgrade"},
		{{.other_software = true}, "upgrade"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(start_word_name(start_word_of(&cases[i].facts)), cases[i].word);
}

/* A boot that was asked for, on a router that calls every boot a watchdog's. */
static void what_was_asked_for_is_no_reset(void **state)
{
	assert_int_equal(
		start_word_of(&(struct start_facts){.stopped = true, .reset = RESET_WATCHDOG}),
		START_REBOOT);
}

/* The boot's first start said so; the later ones of the boot repeat it. */
static void a_crash_after_a_reset_is_a_crash(void **state)
{
	assert_int_equal(
		start_word_of(&(struct start_facts){.same_boot = true, .reset = RESET_WATCHDOG}),
		START_CRASH);
}

/* New software that hangs is a matter of the watchdog first. */
static void a_reset_goes_before_an_upgrade(void **state)
{
	assert_int_equal(
		start_word_of(&(struct start_facts){.other_software = true, .reset = RESET_PANIC}),
		START_PANIC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_start_has_its_word),
		cmocka_unit_test(what_was_asked_for_is_no_reset),
		cmocka_unit_test(a_crash_after_a_reset_is_a_crash),
		cmocka_unit_test(a_reset_goes_before_an_upgrade),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
