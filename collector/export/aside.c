/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"

#define FILE_MAX_BYTES (8 * 1024 * 1024) /* 40,000 lines; two of them are kept */
#define FILE_MODE 0640
#define HEAD_MAX (ERR_TEXT_BYTES + 64)

struct aside {
	char path[PATH_MAX], old[PATH_MAX];
};

struct aside *aside_new(const char *state)
{
	struct aside *aside = calloc(1, sizeof(*aside));

	if (!aside || file_join(aside->path, sizeof(aside->path), state, ASIDE_NAME) < 0 ||
		file_join(aside->old, sizeof(aside->old), state, ASIDE_NAME ".old") < 0) {
		free(aside);
		return NULL;
	}
	return aside;
}

void aside_free(struct aside *aside)
{
	free(aside);
}

static int open_file(const struct aside *aside)
{
	struct stat st;
	int fd;

	if (stat(aside->path, &st) == 0 && st.st_size > FILE_MAX_BYTES &&
		rename(aside->path, aside->old) < 0)
		return -errno;
	fd = open(aside->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, FILE_MODE);
	return fd < 0 ? -errno : fd;
}

int aside_put(
	struct aside *aside, const char *lines, size_t length, const char *why, struct err *err)
{
	char head[HEAD_MAX], now[CIVIL_TIME_BYTES];
	struct iovec parts[2] = {{head, 0}, {(void *)lines, length}};
	int fd = open_file(aside), r = 0;

	if (fd < 0)
		return err_errno(err, fd, "%s", aside->path);
	civil_format(clock_utc_us() / 1000000, now);
	parts[0].iov_len = (size_t)snprintf(head, sizeof(head), "# %s %s\n", now, why);
	/* a short write is a full disk: what is there can still be read */
	if (writev(fd, parts, 2) != (ssize_t)(parts[0].iov_len + length))
		r = err_set(err, -EIO, "%s: could not be written to its end", aside->path);
	close(fd);
	return r;
}
