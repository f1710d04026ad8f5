/* SPDX-License-Identifier: Apache-2.0 */
#include "common/handed.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_FD 3 /* after standard input, output and error */

static bool is_listening(int fd)
{
	int value = 0;
	socklen_t length = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value;
}

void handed_find(struct handed *ret)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	long wanted = pid && count && strtol(pid, NULL, 10) == (long)getpid()
		? strtol(count, NULL, 10)
		: 0;

	*ret = (struct handed){0};
	for (long i = 0; i < wanted && i < HANDED_MAX; i++) {
		int fd = FIRST_FD + (int)i;

		if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && is_listening(fd))
			ret->fds[ret->count++] = fd;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

static bool same_address(const struct sockaddr_storage *one, const struct sockaddr *other)
{
	const struct sockaddr_in *v4 = (const void *)one, *other_v4 = (const void *)other;
	const struct sockaddr_in6 *v6 = (const void *)one, *other_v6 = (const void *)other;

	if (one->ss_family != other->sa_family)
		return false;
	if (one->ss_family == AF_INET)
		return v4->sin_port == other_v4->sin_port &&
			v4->sin_addr.s_addr == other_v4->sin_addr.s_addr;
	return one->ss_family == AF_INET6 && v6->sin6_port == other_v6->sin6_port &&
		memcmp(&v6->sin6_addr, &other_v6->sin6_addr, sizeof(v6->sin6_addr)) == 0;
}

int handed_take(struct handed *handed, const struct sockaddr *address)
{
	for (size_t i = 0; i < handed->count; i++) {
		struct sockaddr_storage bound = {0};
		socklen_t length = sizeof(bound);
		int fd = handed->fds[i];

		if (fd < 0 || getsockname(fd, (struct sockaddr *)&bound, &length) < 0 ||
			!same_address(&bound, address))
			continue;
		handed->fds[i] = -1;
		return fd;
	}
	return -1;
}

int handed_take_any(struct handed *handed)
{
	for (size_t i = 0; i < handed->count; i++) {
		int fd = handed->fds[i];

		handed->fds[i] = -1;
		if (fd >= 0)
			return fd;
	}
	return -1;
}
