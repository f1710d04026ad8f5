/* SPDX-License-Identifier: Apache-2.0 */
/* Notes of streams, beside a disk that is slow, full or broken. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/limits.h"
#include "web/speed_notes.h"

#define AT INT64_C(1767225600) /* 2026-01-01 UTC */
#define DAY_FILE "speed/2026-01-01"
#define PATIENCE 2000 /* looks, of 10 ms each: a machine may be busy */

struct desk {
	char state[64];
	struct speed_notes *notes;
	char words[200]; /* as told last */
	int told;
};

static void tell(void *arg, const char *words)
{
	struct desk *desk = arg;

	snprintf(desk->words, sizeof(desk->words), "%s", words);
	__atomic_fetch_add(&desk->told, 1, __ATOMIC_SEQ_CST);
}

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	strcpy(desk->state, "/tmp/test-notes-XXXXXX");
	assert_non_null(mkdtemp(desk->state));
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", desk->state);
	assert_int_equal(system(command), 0);
	free(desk);
	return 0;
}

static void start(struct desk *desk)
{
	const struct speed_notes_owner owner = {desk->state, tell, desk};
	struct err err;

	assert_int_equal(speed_notes_start(&owner, &desk->notes, &err), 0);
}

static void add(struct desk *desk, uint64_t nonce)
{
	const struct served served = {nonce, true, AT, 1000 + (int64_t)nonce};

	speed_notes_add(desk->notes, &served);
}

static bool is_noted(const struct desk *desk, uint64_t nonce)
{
	struct served found;

	return served_find(desk->state, nonce, AT, &found) == 0 &&
		found.bytes == 1000 + (int64_t)nonce;
}

static bool wait_noted(const struct desk *desk, uint64_t nonce)
{
	for (int look = 0; look < PATIENCE && !is_noted(desk, nonce); look++)
		usleep(10000);
	return is_noted(desk, nonce);
}

static void wait_told(const struct desk *desk, int times)
{
	for (int look = 0; look < PATIENCE; look++) {
		if (__atomic_load_n(&desk->told, __ATOMIC_SEQ_CST) >= times)
			break;
		usleep(10000);
	}
	assert_int_equal(__atomic_load_n(&desk->told, __ATOMIC_SEQ_CST), times);
}

static void all_that_came_is_there_after_the_end(void **state)
{
	struct desk *desk = *state;

	start(desk);
	for (uint64_t nonce = 1; nonce <= 3 * SERVED_PUT_MAX; nonce++)
		add(desk, nonce);
	speed_notes_stop(desk->notes);
	for (uint64_t nonce = 1; nonce <= 3 * SERVED_PUT_MAX; nonce++)
		assert_true(is_noted(desk, nonce));
	assert_int_equal(desk->told, 0);
}

/* Whoever opens a file with another's lease on it waits, as for a disk that hangs. */
static void a_disk_that_hangs_holds_nobody_up(void **state)
{
	struct desk *desk = *state;
	char path[128];
	int lease;

	signal(SIGIO, SIG_IGN);
	snprintf(path, sizeof(path), "%s/speed", desk->state);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/" DAY_FILE, desk->state);
	lease = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(lease >= 0);
	if (fcntl(lease, F_SETLEASE, F_WRLCK) < 0)
		skip(); /* a file system without */
	start(desk);
	add(desk, 1);
	for (int look = 0; look < PATIENCE && fcntl(lease, F_GETLEASE) == F_WRLCK; look++)
		usleep(10000);
	assert_int_equal(fcntl(lease, F_GETLEASE), F_UNLCK); /* asked for: it hangs now */
	for (uint64_t nonce = 2; nonce <= SPEED_NOTES_MAX; nonce++)
		add(desk, nonce);
	assert_int_equal(desk->told, 0);
	add(desk, SPEED_NOTES_MAX + 1); /* no room, and nobody can write that down */
	add(desk, SPEED_NOTES_MAX + 2);
	assert_int_equal(desk->told, 1);
	assert_non_null(strstr(desk->words, "does not take them in time"));
	assert_int_equal(fcntl(lease, F_SETLEASE, F_UNLCK), 0);
	close(lease);
	wait_told(desk, 2);
	assert_string_equal(desk->words, "");
	assert_true(wait_noted(desk, SPEED_NOTES_MAX));
	assert_true(is_noted(desk, 1));
	assert_false(is_noted(desk, SPEED_NOTES_MAX + 1));
	speed_notes_stop(desk->notes);
}

static void a_fault_is_told_once_and_what_waited_is_noted_after_it(void **state)
{
	struct desk *desk = *state;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/speed", desk->state);
	fd = open(path, O_WRONLY | O_CREAT, 0600); /* where the folder should be */
	assert_true(fd >= 0);
	close(fd);
	start(desk);
	add(desk, 1);
	wait_told(desk, 1);
	assert_null(strchr(desk->words, '/')); /* anybody may ask for it */
	add(desk, 2);
	usleep(3 * SPEED_NOTES_MS * 1000); /* tried again meanwhile */
	assert_int_equal(desk->told, 1);
	assert_int_equal(unlink(path), 0);
	wait_told(desk, 2);
	assert_string_equal(desk->words, "");
	assert_true(wait_noted(desk, 2));
	assert_true(is_noted(desk, 1));
	speed_notes_stop(desk->notes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_came_is_there_after_the_end),
		TEST(a_disk_that_hangs_holds_nobody_up),
		TEST(a_fault_is_told_once_and_what_waited_is_noted_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
