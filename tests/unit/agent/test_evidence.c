/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence and the inbox, with real programs and files in a folder of their own. */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/errands/evidence.h"
#include "agent/errands/inbox.h"
#include "common/clock.h"

#define TOLD_MAX 8

struct world {
	char folder[64], evidence[80], inbox[80];
	uv_loop_t loop;
	struct settings settings;
	struct errand_context context;
	const struct errand_type *type;
	void *errand;
	size_t told;
	struct observation *seen[TOLD_MAX];
};

static void on_record(void *arg, const struct record *record)
{
	struct world *world = arg;

	assert_int_equal(record->kind, RECORD_OBSERVATION);
	assert_true(world->told < TOLD_MAX);
	assert_memory_equal(record->observation.boot, boot_id, BOOT_BYTES);
	assert_true(record->observation.mono_us <= clock_boot_us());
	world->seen[world->told] = malloc(sizeof(struct observation));
	*world->seen[world->told++] = record->observation;
}

static void put(const char *folder, const char *name, const char *text, mode_t mode)
{
	char path[160], hidden[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(hidden, sizeof(hidden), "%s/.new", folder);
	file = fopen(hidden, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(hidden, mode), 0);
	assert_int_equal(rename(hidden, path), 0);
}

static struct world *begin(void)
{
	struct world *world = calloc(1, sizeof(*world));

	strcpy(world->folder, "/tmp/pantau-evidence-XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	snprintf(world->evidence, sizeof(world->evidence), "%s/evidence.d", world->folder);
	snprintf(world->inbox, sizeof(world->inbox), "%s/inbox", world->folder);
	assert_int_equal(mkdir(world->evidence, 0755), 0);
	assert_int_equal(uv_loop_init(&world->loop), 0);
	world->settings.evidence.folder = world->evidence;
	world->settings.evidence.interval_s = 2;
	world->settings.runtime_folder = world->folder;
	world->context = (struct errand_context){.loop = &world->loop,
		.settings = &world->settings,
		.boot = boot_id,
		.arg = world,
		.record = on_record};
	return world;
}

static void open_errand(struct world *world, const struct errand_type *type)
{
	struct err err;

	world->type = type;
	assert_int_equal(type->open(&world->context, &world->errand, &err), 0);
}

/* Turns the loop until so much was told, or for so long. */
static void run(struct world *world, size_t told, double seconds)
{
	uint64_t limit_us = clock_boot_us() + S(seconds);

	while (world->told < told && clock_boot_us() < limit_us) {
		uv_run(&world->loop, UV_RUN_NOWAIT);
		usleep(2000);
	}
}

static void end(struct world *world)
{
	char command[128];

	if (world->errand)
		world->type->close(world->errand);
	uv_run(&world->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&world->loop), 0);
	snprintf(command, sizeof(command), "rm -rf %s", world->folder);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < world->told; i++)
		free(world->seen[i]);
	free(world);
}

static void says(const struct world *world, size_t index, const char *source, const char *items)
{
	const struct observation *seen = world->seen[index];
	char text[1024] = "";

	assert_true(index < world->told);
	assert_string_equal(seen->source, source);
	for (size_t i = 0; i < seen->item_count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s=%s;",
			seen->items[i].key, seen->items[i].value);
	assert_string_equal(text, items);
}

static void programs_are_run_and_files_are_read_one_after_the_other(void **state)
{
	struct world *world = begin();

	put(world->evidence, "10-modem.sh", "#!/bin/sh\necho rsrp=-97; echo \"home=$HOME\"\n",
		0755);
	put(world->evidence, "20-battery", "volts=12.6\n", 0644);
	put(world->evidence, ".hidden", "a=1\n", 0644);
	put(world->evidence, "old~", "a=1\n", 0644);
	open_errand(world, &errand_evidence);
	run(world, 2, 5);
	assert_int_equal(world->told, 2);
	says(world, 0, "10-modem", "rsrp=-97;home=;");
	says(world, 1, "20-battery", "volts=12.6;");
	end(world);
}

static void what_is_as_before_is_not_said_again(void **state)
{
	struct world *world = begin();

	put(world->evidence, "battery", "volts=12.6\n", 0644);
	open_errand(world, &errand_evidence);
	run(world, 1, 5);
	run(world, 2, 2.5);
	assert_int_equal(world->told, 1);
	put(world->evidence, "battery", "volts=12.1\n", 0644);
	run(world, 2, 5);
	assert_int_equal(world->told, 2);
	says(world, 1, "battery", "volts=12.1;");
	end(world);
}

static void program_that_fails_says_so_and_costs_nobody_else(void **state)
{
	struct world *world = begin();

	put(world->evidence, "1-fails", "#!/bin/sh\nexit 3\n", 0755);
	put(world->evidence, "2-floods", "#!/bin/sh\nwhile :; do echo =; done\n", 0755);
	put(world->evidence, "3-nobody", "#!/nonexistent/sh\n", 0755);
	put(world->evidence, "4-half", "#!/bin/sh\necho good=1; echo bad; exit 1\n", 0755);
	put(world->evidence, "5-empty", "", 0644);
	put(world->evidence, "commission.sh", "result=good\n",
		0644); /* forged: taken for nothing */
	put(world->evidence, "6-last", "fine=1\n", 0644);
	open_errand(world, &errand_evidence);
	run(world, 5, 8);
	assert_int_equal(world->told, 5);
	says(world, 0, "1-fails", "fault=ended with 3;");
	says(world, 1, "2-floods", "fault=more than 4096 bytes;");
	says(world, 2, "3-nobody", "fault=No such file or directory;");
	says(world, 3, "4-half", "good=1;fault=ended with 1;");
	says(world, 4, "6-last", "fine=1;");
	end(world);
}

static void program_that_hangs_is_over_after_five_seconds(void **state)
{
	struct world *world = begin();
	uint64_t began_us = clock_boot_us();

	put(world->evidence, "1-hangs", "#!/bin/sh\ntrap '' TERM; echo half=1; sleep 60\n", 0755);
	put(world->evidence, "2-next", "fine=1\n", 0644);
	open_errand(world, &errand_evidence);
	run(world, 2, 12);
	assert_int_equal(world->told, 2);
	says(world, 0, "1-hangs", "half=1;fault=not finished after 5 s;");
	assert_true(clock_boot_us() - began_us < S(9));
	end(world);
}

static void folder_that_is_not_there_is_no_error(void **state)
{
	struct world *world = begin();

	assert_int_equal(rmdir(world->evidence), 0);
	open_errand(world, &errand_evidence);
	run(world, 1, 1.3);
	assert_int_equal(world->told, 0);
	end(world);
}

static void pipe_in_the_folder_does_not_hold_the_loop(void **state)
{
	struct world *world = begin();
	char path[128];

	snprintf(path, sizeof(path), "%s/1-pipe", world->evidence);
	assert_int_equal(mkfifo(path, 0644), 0);
	put(world->evidence, "2-next", "fine=1\n", 0644);
	open_errand(world, &errand_evidence);
	run(world, 2, 3);
	assert_int_equal(world->told, 2);
	says(world, 0, "1-pipe", "fault=Invalid argument;");
	end(world);
}

static void empty_setting_leaves_it_out(void **state)
{
	struct world *world = begin();

	world->settings.evidence.folder = strdup("");
	open_errand(world, &errand_evidence);
	assert_null(world->errand);
	free(world->settings.evidence.folder);
	end(world);
}

static void what_lies_in_the_inbox_is_recorded_once_and_removed(void **state)
{
	struct world *world = begin();
	char path[160];

	assert_int_equal(mkdir(world->inbox, 0755), 0);
	put(world->inbox, "commission.1", "by=Budi\n", 0644); /* there before the agent */
	open_errand(world, &errand_inbox);
	run(world, 1, 2);
	says(world, 0, "commission", "by=Budi;");
	put(world->inbox, "commission.2", "by=Sari\n", 0644);
	run(world, 2, 2);
	assert_int_equal(world->told, 2);
	says(world, 1, "commission", "by=Sari;");
	snprintf(path, sizeof(path), "%s/commission.2", world->inbox);
	assert_int_equal(access(path, F_OK), -1);
	run(world, 3, 0.3);
	assert_int_equal(world->told, 2);
	end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_are_run_and_files_are_read_one_after_the_other),
		cmocka_unit_test(what_is_as_before_is_not_said_again),
		cmocka_unit_test(program_that_fails_says_so_and_costs_nobody_else),
		cmocka_unit_test(program_that_hangs_is_over_after_five_seconds),
		cmocka_unit_test(folder_that_is_not_there_is_no_error),
		cmocka_unit_test(pipe_in_the_folder_does_not_hold_the_loop),
		cmocka_unit_test(empty_setting_leaves_it_out),
		cmocka_unit_test(what_lies_in_the_inbox_is_recorded_once_and_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
