/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/spool_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BLOCK_SLOTS 60 /* at most: that many stand and fall together */

static void damage_first_segment(long from, size_t length)
{
	char path[512], *zeros = calloc(1, length);
	struct dirent **names;
	int count = scandir(spool_fixture_folder(), &names, NULL, alphasort), fd = -1;

	for (int i = 0; i < count; i++) {
		if (fd < 0 && strstr(names[i]->d_name, ".seg")) {
			snprintf(path, sizeof(path), "%s/%s", spool_fixture_folder(),
				names[i]->d_name);
			fd = open(path, O_WRONLY);
		}
		free(names[i]);
	}
	free(names);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, zeros, length, from), (ssize_t)length);
	close(fd);
	free(zeros);
}

static void damaged_records_are_counted_as_dropped(void **state)
{
	struct spool *spool = open_spool();

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 400);
	spool_sync(spool);
	spool_close(spool);
	damage_first_segment(9000, 400);
	spool = open_spool();
	assert_in_range(read_all(spool, 1, 1, 400), 1, 2 * BLOCK_SLOTS);
	assert_true(spool_figures(spool).damaged >= 1);
	spool_close(spool);
}

static void damage_met_while_reading_is_counted_too(void **state)
{
	struct spool *spool = open_spool();

	spool_begin(spool, 1, 99, boot_id);
	add_slots(spool, 1, 400);
	spool_sync(spool);
	damage_first_segment(9000, 400);
	assert_in_range(read_all(spool, 1, 1, 400), 1, 2 * BLOCK_SLOTS);
	spool_close(spool);
}

static void record_that_the_disk_refuses_keeps_its_number(void **state)
{
	struct rlimit old, none = {.rlim_cur = 9000};
	struct spool *spool = open_spool();
	int refused = 0;

	spool_begin(spool, 1, 99, boot_id);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	add_slots(spool, 1, 10);
	setrlimit(RLIMIT_FSIZE, &none);
	for (uint32_t i = 11; i <= 1000; i++)
		refused += add_slot(spool, i) < 0;
	setrlimit(RLIMIT_FSIZE, &old);
	add_slots(spool, 1001, 1010);
	assert_true(refused > 0);
	assert_int_equal(spool_figures(spool).lost, refused);
	assert_int_equal(read_all(spool, 1, 1, 1010), refused);
	spool_close(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_records_are_counted_as_dropped),
		cmocka_unit_test(damage_met_while_reading_is_counted_too),
		cmocka_unit_test(record_that_the_disk_refuses_keeps_its_number),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
