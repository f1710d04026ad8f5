/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/lab/tun.h"

static int enter(const char *name, size_t length)
{
	char path[256];
	int fd, rc;

	snprintf(path, sizeof path, "/run/netns/%.*s", (int)length, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = setns(fd, CLONE_NEWNET) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

static int create(const char *device)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
	if (ioctl(fd, TUNSETIFF, &request) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

int tun_open(const char *place)
{
	const char *colon = strchr(place, ':');
	int own, rc;

	if (colon == NULL)
		return -EINVAL;
	own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0)
		return -errno;
	rc = enter(place, (size_t)(colon - place));
	if (rc == 0)
		rc = create(colon + 1);
	if (setns(own, CLONE_NEWNET) < 0 && rc >= 0) {
		close(rc);
		rc = -errno;
	}
	close(own);
	return rc;
}

int tun_set_carrier(int fd, bool up)
{
	int value = up;

	return ioctl(fd, TUNSETCARRIER, &value) < 0 ? -errno : 0;
}
