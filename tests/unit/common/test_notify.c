/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/notify.h"

/* A manager that listens under the name; '@' stands for the 0 of a name without a file. */
static int listen_as(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

	assert_true(fd >= 0);
	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static void hears(int fd, const char *text)
{
	char got[64] = "";

	assert_int_equal(recv(fd, got, sizeof(got) - 1, 0), strlen(text));
	assert_string_equal(got, text);
}

static void manager_hears_it_by_both_kinds_of_name(void **state)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "@pantau-test-notify-%ld", (long)getpid());
	fd = listen_as(name);
	assert_int_equal(notify_send("READY=1"), 0);
	hears(fd, "READY=1");
	close(fd);
	snprintf(name, sizeof(name), "/tmp/pantau-test-notify-%ld", (long)getpid());
	fd = listen_as(name);
	assert_int_equal(notify_send("STOPPING=1"), 0);
	hears(fd, "STOPPING=1");
	close(fd);
	unlink(name);
	assert_int_equal(notify_send("READY=1"), -ENOENT);
}

static void without_a_manager_nothing_happens(void **state)
{
	char name[200];

	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(notify_send("READY=1"), 0);
	setenv("NOTIFY_SOCKET", "relative", 1);
	assert_int_equal(notify_send("READY=1"), -EINVAL);
	memset(name, 'x', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	assert_int_equal(notify_send("READY=1"), -EINVAL);
}

static void watchdog_is_fed_twice_in_its_period_if_it_is_ours(void **state)
{
	char pid[32];

	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(notify_watchdog_ms(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(notify_watchdog_ms(), 15000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(notify_watchdog_ms(), 0);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(notify_watchdog_ms(), 15000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manager_hears_it_by_both_kinds_of_name),
		cmocka_unit_test(without_a_manager_nothing_happens),
		cmocka_unit_test(watchdog_is_fed_twice_in_its_period_if_it_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
