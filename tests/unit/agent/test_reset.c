/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/reset.h"
#include "common/file.h"

static char root[] = "/tmp/test-reset-XXXXXX";
static char state_folder[64];
static const uint8_t boots[][BOOT_BYTES] = {{1}, {2}, {3}, {0xff, 4}};

static void put(const char *name, const char *text)
{
	char path[256], *slash;
	struct err err;

	snprintf(path, sizeof(path), "%s/sys/%s", root, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	assert_int_equal(file_make_folder(path, 0755, &err), 0);
	*slash = '/';
	assert_int_equal(file_replace(path, text, strlen(text), 0644, &err), 0);
}

static int clean(void **state)
{
	char command[256];
	struct err err;

	snprintf(command, sizeof(command), "rm -rf %s/sys %s/state", root, root);
	if (system(command) != 0)
		return -1;
	return file_make_folder(state_folder, 0755, &err);
}

static enum reset find(unsigned boot)
{
	return reset_find(root, state_folder, boots[boot]);
}

static void machine_without_word_says_nothing(void **state)
{
	assert_int_equal(find(0), RESET_UNKNOWN);
	put("class/watchdog/watchdog0/bootstatus", "0\n");
	put("fs/pstore/console-ramoops-0", "ordinary words");
	assert_int_equal(find(0), RESET_UNKNOWN);
}

static void watchdog_that_bit_says_so(void **state)
{
	put("class/watchdog/watchdog0/bootstatus", "1\n"); /* it was hot, not the watchdog */
	assert_int_equal(find(0), RESET_UNKNOWN);
	put("class/watchdog/watchdog1/bootstatus", "33\n");
	assert_int_equal(find(0), RESET_WATCHDOG);
	put("class/watchdog/watchdog1/bootstatus", "what?\n");
	assert_int_equal(find(0), RESET_UNKNOWN);
}

static void panic_counts_in_the_boot_after_it_and_in_no_other(void **state)
{
	assert_int_equal(find(0), RESET_UNKNOWN);
	put("fs/pstore/dmesg-ramoops-0", "Kernel panic - not syncing");
	assert_int_equal(find(1), RESET_PANIC);
	assert_int_equal(find(1), RESET_PANIC); /* the agent began again */
	assert_int_equal(find(2), RESET_UNKNOWN); /* nobody removed the words */
	assert_int_equal(find(2), RESET_UNKNOWN);
	put("fs/pstore/dmesg-ramoops-0", "Kernel panic, once more");
	assert_int_equal(find(3), RESET_PANIC);
	assert_int_equal(find(3), RESET_PANIC);
}

static void panic_that_the_watchdog_ended_is_a_panic(void **state)
{
	put("class/watchdog/watchdog0/bootstatus", "0x20\n");
	put("fs/pstore/dmesg-ramoops-1", "Oops");
	assert_int_equal(find(0), RESET_PANIC);
	assert_int_equal(find(1), RESET_WATCHDOG);
}

static void damaged_memory_of_words_stops_nothing(void **state)
{
	char path[128];
	struct err err;

	snprintf(path, sizeof(path), "%s/last-words", state_folder);
	assert_int_equal(file_replace(path, "\0\xff nonsense", 11, 0600, &err), 0);
	assert_int_equal(find(0), RESET_UNKNOWN);
	put("fs/pstore/dmesg-ramoops-0", "Oops");
	assert_int_equal(find(1), RESET_PANIC);
	assert_int_equal(find(2), RESET_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(machine_without_word_says_nothing, clean),
		cmocka_unit_test_setup(watchdog_that_bit_says_so, clean),
		cmocka_unit_test_setup(panic_counts_in_the_boot_after_it_and_in_no_other, clean),
		cmocka_unit_test_setup(panic_that_the_watchdog_ended_is_a_panic, clean),
		cmocka_unit_test_setup(damaged_memory_of_words_stops_nothing, clean),
	};
	char command[256];
	int failed;

	if (!mkdtemp(root))
		return 2;
	snprintf(state_folder, sizeof(state_folder), "%s/state", root);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) != 0 ? 2 : failed;
}
