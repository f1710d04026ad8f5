/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program under test: its n-th call of a kind fails, once in the life of a mark.
 *
 *	PANTAU_FAULT_CALL   write, sync, open, rename or allocate
 *	PANTAU_FAULT_AT     which one, from 1
 *	PANTAU_FAULT_ERROR  the errno; for write 0: half of it is written
 *	PANTAU_FAULT_UNDER  only files below this folder
 *	PANTAU_FAULT_MARK   a file that is made by the failure; where it is, nothing fails any more
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The C library's own, below the names that are taken over here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static struct fault {
	bool on;
	char call[16];
	const char *under, *mark;
	long at;
	int error;
} fault;

static long counted;

__attribute__((constructor)) static void read_environment(void)
{
	const char *call = getenv("PANTAU_FAULT_CALL"), *at = getenv("PANTAU_FAULT_AT");
	const char *error = getenv("PANTAU_FAULT_ERROR");

	fault.under = getenv("PANTAU_FAULT_UNDER");
	fault.mark = getenv("PANTAU_FAULT_MARK");
	if (!call || !at || !error || !fault.under || !fault.mark || access(fault.mark, F_OK) == 0)
		return;
	snprintf(fault.call, sizeof(fault.call), "%s", call);
	fault.at = atol(at);
	fault.error = atoi(error);
	fault.on = true;
}

/* Whether this is the call. Several processes share the mark: the first one to make it fails. */
static bool strikes(const char *call)
{
	long fd;

	if (!fault.on || strcmp(call, fault.call) != 0)
		return false;
	if (__atomic_add_fetch(&counted, 1, __ATOMIC_RELAXED) != fault.at)
		return false;
	fault.on = false;
	fd = syscall(SYS_openat, AT_FDCWD, fault.mark, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd < 0)
		return false;
	syscall(SYS_close, fd);
	errno = fault.error;
	return true;
}

static bool is_under(const char *path)
{
	return fault.on && path && strncmp(path, fault.under, strlen(fault.under)) == 0;
}

static bool is_ours(int fd)
{
	char link[64], path[PATH_MAX];
	long length;

	if (!fault.on)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
	if (length <= 0)
		return false;
	path[length] = '\0';
	return is_under(path);
}

/* ---- files */

static bool open_strikes(const char *path)
{
	return is_under(path) && strikes("open");
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                                          \
	int name(const char *path, int flags, ...);                                         \
	int name(const char *path, int flags, ...)                                          \
	{                                                                                   \
		va_list args;                                                               \
		mode_t mode;                                                                \
                                                                                            \
		va_start(args, flags);                                                      \
		mode = mode_of(flags, args);                                                \
		va_end(args);                                                               \
		if (open_strikes(path))                                                     \
			return -1;                                                          \
		return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode); \
	}
#define OPENAT(name)                                                                      \
	int name(int folder, const char *path, int flags, ...);                           \
	int name(int folder, const char *path, int flags, ...)                            \
	{                                                                                 \
		va_list args;                                                             \
		mode_t mode;                                                              \
                                                                                          \
		va_start(args, flags);                                                    \
		mode = mode_of(flags, args);                                              \
		va_end(args);                                                             \
		if ((is_ours(folder) || is_under(path)) && strikes("open"))               \
			return -1;                                                        \
		return (int)syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode); \
	}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* How much of a write goes through: all of it, half, or -1 with errno. */
static ssize_t allowed(int fd, size_t length)
{
	if (!is_ours(fd) || !strikes("write"))
		return (ssize_t)length;
	return fault.error == 0 && length > 1 ? (ssize_t)(length / 2) : -1;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	ssize_t count = allowed(fd, length);

	return count < 0 ? count : syscall(SYS_write, fd, bytes, (size_t)count);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	if (is_ours(fd) && strikes("write"))
		return fault.error == 0
			? syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2)
			: -1;
	return syscall(SYS_writev, fd, parts, count);
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset)
{
	ssize_t count = allowed(fd, length);

	return count < 0 ? count : syscall(SYS_pwrite64, fd, bytes, (size_t)count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	return write_at(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	return write_at(fd, bytes, length, offset);
}

int fsync(int fd)
{
	return is_ours(fd) && strikes("sync") ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return is_ours(fd) && strikes("sync") ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int rename(const char *from, const char *to)
{
	if (is_under(to) && strikes("rename"))
		return -1;
	return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	if ((is_ours(to_folder) || is_under(to)) && strikes("rename"))
		return -1;
	return (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

/* ---- memory */

void *malloc(size_t size)
{
	return strikes("allocate") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return strikes("allocate") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return strikes("allocate") ? NULL : __libc_realloc(old, size);
}
