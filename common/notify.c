/* SPDX-License-Identifier: Apache-2.0 */
#include "common/notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STATUS_BYTES 256

int notify_send(const char *text)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path ? strlen(path) : 0;
	int fd, r = 0;

	if (length == 0)
		return 0;
	if (length >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
		return -EINVAL;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* a name of Linux's own, without a file */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		r = -errno;
	close(fd);
	return r;
}

int notify_status(const char *format, ...)
{
	char text[STATUS_BYTES] = "STATUS=";
	size_t length = strlen(text);
	va_list args;

	if (!getenv("NOTIFY_SOCKET"))
		return 0;
	va_start(args, format);
	vsnprintf(text + length, sizeof(text) - length, format, args);
	va_end(args);
	text[strcspn(text, "\n")] = '\0'; /* another line would be another message */
	return notify_send(text);
}

uint64_t notify_watchdog_ms(void)
{
	const char *period_us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!period_us || (pid && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return strtoull(period_us, NULL, 10) / 2000;
}
