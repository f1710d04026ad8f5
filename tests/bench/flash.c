/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/flash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct { /* the one thing that is done behind the program's back */
	char folder[PATH_MAX];
	size_t length;
	struct flash_counts counts;
	ino_t inode; /* of the page touched last */
	uint64_t page;
	int error;
	unsigned refuses;
	uint64_t calls_left; /* until the process is killed; 0: it is not */
} flash;

void flash_watch(const char *folder)
{
	memset(&flash, 0, sizeof(flash));
	if (folder && realpath(folder, flash.folder))
		flash.length = strlen(flash.folder);
}

void flash_refuse(int error, unsigned what)
{
	flash.error = error;
	flash.refuses = what;
}

void flash_kill_at(uint64_t call)
{
	flash.calls_left = call;
}

struct flash_counts flash_counts(void)
{
	return flash.counts;
}

/* Whether the file lies below the folder. */
static bool is_on_flash(int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	if (!flash.length)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	return length >= (ssize_t)flash.length && strncmp(path, flash.folder, flash.length) == 0 &&
		(length == (ssize_t)flash.length || path[flash.length] == '/');
}

static void count(int fd, uint64_t at, uint64_t length)
{
	struct stat found;
	uint64_t first = at / FLASH_PAGE, last = (at + length - 1) / FLASH_PAGE;

	if (length == 0 || fstat(fd, &found) < 0)
		return;
	flash.counts.bytes += length;
	flash.counts.pages += last - first + 1;
	if (found.st_ino == flash.inode && first == flash.page)
		flash.counts.pages--; /* not synced since: it is the same write */
	flash.inode = found.st_ino;
	flash.page = last;
}

/* One more call on flash: whether the process is to die of it. */
static bool is_last(int fd)
{
	return flash.calls_left && is_on_flash(fd) && --flash.calls_left == 0;
}

static bool refused(int fd, unsigned what)
{
	if (what != FLASH_WRITE && is_last(fd))
		raise(SIGKILL);
	if (!(flash.refuses & what) || !is_on_flash(fd))
		return false;
	errno = flash.error;
	return true;
}

/* ---- in the place of the C library's */

static mode_t mode_of(int flags, va_list more)
{
	return flags & O_CREAT ? va_arg(more, mode_t) : 0;
}

int openat(int folder_fd, const char *name, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	if (flags & (O_WRONLY | O_RDWR) && folder_fd >= 0 && refused(folder_fd, FLASH_OPEN))
		return -1;
	return (int)syscall(SYS_openat, folder_fd, name, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	if (flags & (O_WRONLY | O_RDWR) && flash.refuses & FLASH_OPEN && flash.length &&
		strncmp(path, flash.folder, flash.length) == 0) {
		errno = flash.error;
		return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int unlinkat(int folder_fd, const char *name, int flags)
{
	if (flash.refuses & FLASH_UNTIL_REMOVED && folder_fd >= 0 && is_on_flash(folder_fd))
		flash.refuses = 0;
	return (int)syscall(SYS_unlinkat, folder_fd, name, flags);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
	ssize_t written;

	if (refused(fd, FLASH_WRITE))
		return -1;
	if (is_last(fd)) {
		if (lseek(fd, at, SEEK_SET) == at)
			syscall(SYS_write, fd, bytes, length / 2);
		raise(SIGKILL);
	}
#if __SIZEOF_LONG__ == 8
	written = syscall(SYS_pwrite64, fd, bytes, length, at);
#else
	if (lseek(fd, at, SEEK_SET) < 0)
		return -1;
	written = syscall(SYS_write, fd, bytes, length);
#endif
	if (written > 0 && is_on_flash(fd))
		count(fd, (uint64_t)at, (uint64_t)written);
	return written;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t written;

	if (refused(fd, FLASH_WRITE))
		return -1;
	written = syscall(SYS_write, fd, bytes, length);
	if (written > 0 && at >= 0 && is_on_flash(fd))
		count(fd, (uint64_t)at, (uint64_t)written);
	return written;
}

static int sync_file(int fd, bool data_only)
{
	if (is_on_flash(fd)) {
		flash.counts.syncs++;
		flash.inode = 0;
		return refused(fd, FLASH_SYNC) ? -1 : 0; /* nobody cuts the power here */
	}
	return (int)syscall(data_only ? SYS_fdatasync : SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return sync_file(fd, true);
}

int fsync(int fd)
{
	return sync_file(fd, false);
}
