/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/ask.h"
#include "common/clock.h"
#include "common/file.h"

/* A folder whose path alone is longer than a socket's address. */
#define LONG_NAME "a-folder-with-a-long-name-of-more-than-fifty-characters-in-it"
#define FOLDER LONG_NAME "/" LONG_NAME

static int enter_folder(void **state)
{
	char folder[] = "/tmp/pantau-ask.XXXXXX";

	*state = mkdtemp(folder) ? strdup(folder) : NULL;
	return *state && chdir(folder) == 0 ? file_make_folder(FOLDER, 0700, NULL) : -1;
}

static int leave_folder(void **state)
{
	char command[64];
	int r;

	snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
	r = chdir("/") < 0 ? -1 : system(command);
	free(*state);
	return r;
}

/* A listening socket FOLDER/name; bound from inside, because the path is too long. */
static int listen_at(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
	assert_int_equal(chdir(FOLDER), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(chdir("../.."), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* A process that answers one client in pieces of at most `piece` bytes. */
static pid_t answer(int fd, const char *text, size_t length, size_t piece)
{
	pid_t child = fork();
	int client;

	assert_true(child >= 0);
	if (child > 0)
		return child;
	client = accept(fd, NULL, NULL);
	while (client >= 0 && length > 0) {
		size_t step = length < piece ? length : piece;

		if (send(client, text, step, MSG_NOSIGNAL) != (ssize_t)step)
			break;
		text += step;
		length -= step;
		usleep(1000);
	}
	_exit(0);
}

static void gives_the_whole_answer(void **state)
{
	static const char text[] = "{\"journal\":{\"records\":12}}";
	int fd = listen_at("whole.sock"), status;
	pid_t child = answer(fd, text, strlen(text), 5);
	struct err err = {0};
	uint8_t *json = NULL;
	size_t length = 0;

	if (ask_status(FOLDER, "whole.sock", &json, &length, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(length, strlen(text));
	assert_string_equal((char *)json, text);
	free(json);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(fd);
}

static void a_process_that_does_not_run_is_told(void **state)
{
	struct err err = {0};
	uint8_t *json = NULL;
	size_t length = 0;

	close(listen_at("dead.sock"));
	assert_int_equal(ask_status(FOLDER, "dead.sock", &json, &length, &err), -ECONNREFUSED);
	assert_int_equal(ask_status(FOLDER, "absent.sock", &json, &length, &err), -ENOENT);
	assert_non_null(strstr(err.text, "absent.sock: cannot connect: No such file"));
	assert_int_equal(ask_status("no folder", "x.sock", &json, &length, &err), -ENOENT);
	assert_null(json);
}

static void silence_ends_after_the_time_limit(void **state)
{
	int fd = listen_at("silent.sock"); /* the kernel connects; nobody answers */
	uint64_t begun_us = clock_boot_us(), took_ms;
	struct err err = {0};
	uint8_t *json = NULL;
	size_t length = 0;

	assert_int_equal(ask_status(FOLDER, "silent.sock", &json, &length, &err), -ETIMEDOUT);
	took_ms = (clock_boot_us() - begun_us) / 1000;
	assert_in_range(took_ms, ASK_TIMEOUT_MS, ASK_TIMEOUT_MS + 2000);
	close(fd);
}

static void an_empty_answer_is_none(void **state)
{
	int fd = listen_at("empty.sock"), status;
	pid_t child = answer(fd, "", 0, 1);
	struct err err = {0};
	uint8_t *json = NULL;
	size_t length = 0;

	assert_int_equal(ask_status(FOLDER, "empty.sock", &json, &length, &err), -ENODATA);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(fd);
}

static void an_answer_without_end_is_cut_off(void **state)
{
	size_t size = ASK_ANSWER_MAX + 100000;
	char *text = calloc(1, size);
	int fd = listen_at("endless.sock"), status;
	pid_t child = answer(fd, text, size, size);
	struct err err = {0};
	uint8_t *json = NULL;
	size_t length = 0;

	assert_int_equal(ask_status(FOLDER, "endless.sock", &json, &length, &err), -EFBIG);
	assert_null(json);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(fd);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_whole_answer),
		cmocka_unit_test(a_process_that_does_not_run_is_told),
		cmocka_unit_test(silence_ends_after_the_time_limit),
		cmocka_unit_test(an_empty_answer_is_none),
		cmocka_unit_test(an_answer_without_end_is_cut_off),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
