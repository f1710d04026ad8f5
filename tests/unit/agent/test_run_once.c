/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that print, fail, hang, print for ever and leave others behind: all of them shell. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/run_once.h"
#include "common/clock.h"

#define OUTPUT_MAX 100

struct told {
	unsigned times;
	enum run_once_end end;
	int exit_status;
	char output[OUTPUT_MAX + 1];
};

static void on_done(void *arg, const struct run_once_result *result)
{
	struct told *told = arg;

	told->times++;
	told->end = result->end;
	told->exit_status = result->exit_status;
	assert_int_equal(strlen(result->output), result->length);
	snprintf(told->output, sizeof(told->output), "%s", result->output);
}

static void run_shell(const char *script, struct told *told)
{
	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	struct run_once_settings settings = {
		.argv = argv, .deadline_ms = 500, .output_bytes_max = OUTPUT_MAX};
	struct run_once *run;
	uv_loop_t loop;

	memset(told, 0, sizeof(*told));
	assert_int_equal(uv_loop_init(&loop), 0);
	settings.loop = &loop;
	assert_int_equal(run_once_start(&settings, on_done, told, &run), 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(told->times, 1);
}

static void what_it_prints_and_how_it_ends_is_told(void **state)
{
	struct told told;

	run_shell("echo one; echo two; exit 3", &told);
	assert_int_equal(told.end, RUN_ONCE_EXITED);
	assert_int_equal(told.exit_status, 3);
	assert_string_equal(told.output, "one\ntwo\n");
	run_shell("kill -SEGV $$", &told);
	assert_int_equal(told.end, RUN_ONCE_EXITED);
	assert_int_equal(told.exit_status, 128 + SIGSEGV);
}

static void nothing_of_the_environment_is_handed_on(void **state)
{
	struct told told;

	setenv("SECRET", "key", 1);
	run_shell("echo $SECRET$HOME; pwd; cat; echo unseen >&2", &told);
	assert_string_equal(told.output, "\n/\n");
}

static void program_that_hangs_is_killed_at_its_deadline(void **state)
{
	uint64_t began_us = clock_boot_us();
	struct told told;

	run_shell("trap '' TERM HUP INT; echo begun; while :; do sleep 60; done", &told);
	assert_int_equal(told.end, RUN_ONCE_DEADLINE);
	assert_string_equal(told.output, "begun\n");
	assert_true(clock_boot_us() - began_us < 3000000);
}

static void program_that_prints_for_ever_is_cut(void **state)
{
	uint64_t began_us = clock_boot_us();
	struct told told;

	run_shell("while :; do echo 0123456789; done", &told);
	assert_int_equal(told.end, RUN_ONCE_TOO_MUCH);
	assert_int_equal(strlen(told.output), OUTPUT_MAX);
	assert_true(clock_boot_us() - began_us < 450000);
	run_shell("printf '%0100d' 7", &told); /* all that it may */
	assert_int_equal(told.end, RUN_ONCE_EXITED);
}

/* Its output stays open in the one that it left behind: both are gone after the deadline. */
static void one_left_behind_goes_with_it(void **state)
{
	struct told told;
	pid_t left;

	run_shell("sleep 60 & echo $!; exit 0", &told);
	assert_int_equal(told.end, RUN_ONCE_DEADLINE);
	left = atoi(told.output);
	assert_true(left > 1);
	for (int i = 0; i < 100 && kill(left, 0) == 0; i++) {
		char path[64], state_of[64] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/stat", left);
		file = fopen(path, "r");
		if (!file || fscanf(file, "%*d %*s %63s", state_of) != 1 || state_of[0] == 'Z')
			left = 0; /* dead, and nobody has asked for it yet */
		if (file)
			fclose(file);
		if (!left)
			return;
		usleep(10000);
	}
	assert_int_equal(kill(left, 0), -1);
}

static void program_that_is_not_there_is_an_error(void **state)
{
	const char *argv[] = {"/nonexistent/program", NULL};
	struct run_once_settings settings = {
		.argv = argv, .deadline_ms = 500, .output_bytes_max = OUTPUT_MAX};
	struct run_once *run = NULL;
	struct told told = {0};
	uv_loop_t loop;

	uv_loop_init(&loop);
	settings.loop = &loop;
	assert_int_equal(run_once_start(&settings, on_done, &told, &run), -ENOENT);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(told.times, 0);
	assert_null(run);
}

static void cancelled_program_is_never_told_of(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "sleep 60", NULL};
	struct run_once_settings settings = {
		.argv = argv, .deadline_ms = 60000, .output_bytes_max = OUTPUT_MAX};
	uint64_t began_us = clock_boot_us();
	struct told told = {0};
	struct run_once *run;
	uv_loop_t loop;

	uv_loop_init(&loop);
	settings.loop = &loop;
	assert_int_equal(run_once_start(&settings, on_done, &told, &run), 0);
	run_once_cancel(run);
	run_once_cancel(NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(told.times, 0);
	assert_true(clock_boot_us() - began_us < 5000000);
}

/* As the first process of a jail or of a container: whoever lost its parent is its own. */
static void first_process_buries_whom_a_program_left_behind(void **state)
{
	static const char *const scripts[] = {
		"(sleep 100 & sleep 100 & true &) >&- 2>&-; echo x",
		"(sleep 100 >&- &); yes", /* prints too much */
		"(sleep 100 >&- &); sleep 100", /* hangs */
	};
	struct told told;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		run_shell(scripts[i], &told);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_prints_and_how_it_ends_is_told),
		cmocka_unit_test(nothing_of_the_environment_is_handed_on),
		cmocka_unit_test(program_that_hangs_is_killed_at_its_deadline),
		cmocka_unit_test(program_that_prints_for_ever_is_cut),
		cmocka_unit_test(one_left_behind_goes_with_it),
		cmocka_unit_test(program_that_is_not_there_is_an_error),
		cmocka_unit_test(cancelled_program_is_never_told_of),
		cmocka_unit_test(first_process_buries_whom_a_program_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
