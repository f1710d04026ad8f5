/* SPDX-License-Identifier: Apache-2.0 */
#include "common/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define READ_STEP_BYTES 4096
#define TEMP_END ".XXXXXX" /* of the name of a file that is to replace another: .NAME.XXXXXX */
#define TEMP_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* The folder part of a path, in a new allocation: "." when there is none. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Writes and syncs, and closes in any case: a failed close is a failed write. */
static int fill_and_close(int fd, const void *bytes, size_t length, mode_t mode)
{
	int r = write_all(fd, bytes, length);

	if (r == 0 && fchmod(fd, mode) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int file_replace(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err)
{
	char *temp = NULL, *folder = folder_of(path);
	int fd, r;

	/* The name is random: two programs may replace the same file at once. */
	if (!folder || asprintf(&temp, "%s/.%s" TEMP_END, folder, name_of(path)) < 0) {
		r = err_errno(err, -ENOMEM, "%s", path);
		goto free_names;
	}
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		r = err_errno(err, -errno, "%s: cannot create a file beside it", path);
		goto free_names;
	}
	r = fill_and_close(fd, bytes, length, mode);
	if (r < 0) {
		err_errno(err, r, "%s: cannot write", path);
		goto remove_temp;
	}
	if (rename(temp, path) < 0) {
		r = err_errno(err, -errno, "%s: cannot replace", path);
		goto remove_temp;
	}
	r = file_sync_folder(folder, err);
	goto free_names;

remove_temp:
	unlink(temp);
free_names:
	free(temp);
	free(folder);
	return r;
}

int file_create(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	int r;

	if (fd < 0)
		return err_errno(err, -errno, "%s: cannot create", path);
	r = write_all(fd, bytes, length);
	if (r == 0 && fchmod(fd, mode) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0) {
		err_errno(err, r, "%s: cannot write", path);
		unlink(path);
	}
	return r;
}

int file_sync_system(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = 0;

	if (fd < 0 || syncfs(fd) < 0)
		r = err_errno(err, -errno, "%s: cannot sync", path);
	if (fd >= 0)
		close(fd);
	return r;
}

/* Whether it is to replace `name`, or for NULL any file. */
static bool is_temp(const char *temp, const char *name)
{
	size_t end = sizeof(TEMP_END) - 1, length = strlen(temp);

	if (temp[0] != '.' || length < 2 + end || temp[length - end] != '.' ||
		strspn(temp + length - end + 1, TEMP_CHARACTERS) != end - 1)
		return false;
	return !name ||
		(length == 1 + strlen(name) + end && !strncmp(temp + 1, name, strlen(name)));
}

void file_sweep(const char *folder, const char *name)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_temp(entry->d_name, name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

/* Reads to the end, however long fstat() says the file is: files under /proc say 0. */
static int read_all(int fd, size_t limit, uint8_t **ret_bytes, size_t *ret_length)
{
	uint8_t *bytes = NULL, *grown;
	size_t cap = 0, length = 0;
	ssize_t got;
	int r;

	do {
		if (cap - length < READ_STEP_BYTES) {
			cap = 2 * cap + READ_STEP_BYTES;
			grown = realloc(bytes, cap + 1);
			r = -ENOMEM;
			if (!grown)
				goto free_bytes;
			bytes = grown;
		}
		got = read(fd, bytes + length, cap - length);
		r = -errno;
		if (got < 0 && errno != EINTR)
			goto free_bytes;
		length += got > 0 ? (size_t)got : 0;
		r = -EFBIG;
		if (length > limit)
			goto free_bytes;
	} while (got != 0);
	bytes[length] = 0;
	*ret_bytes = bytes;
	*ret_length = length;
	return 0;

free_bytes:
	free(bytes);
	return r;
}

int file_read(
	const char *path, size_t limit, uint8_t **ret_bytes, size_t *ret_length, struct err *err)
{
	int fd, r;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	r = read_all(fd, limit, ret_bytes, ret_length);
	close(fd);
	if (r == -EFBIG)
		return err_set(err, r, "%s: longer than %zu bytes", path, limit);
	if (r < 0)
		return err_errno(err, r, "%s: cannot read", path);
	return 0;
}

static int make_one(const char *path, mode_t mode)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (stat(path, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int file_make_folder(const char *path, mode_t mode, struct err *err)
{
	char *copy = strdup(path), *slash;
	int r = 0;

	if (!copy)
		return err_errno(err, -ENOMEM, "%s", path);
	slash = copy + (copy[0] == '/');
	while (r == 0 && (slash = strchr(slash, '/')) != NULL) {
		*slash = '\0';
		r = make_one(copy, mode);
		*slash++ = '/';
	}
	if (r == 0)
		r = make_one(copy, mode);
	free(copy);
	if (r < 0)
		return err_errno(err, r, "%s: cannot create the folder", path);
	return 0;
}

int file_sync_folder(const char *path, struct err *err)
{
	int fd, r = 0;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (fsync(fd) < 0)
		r = err_errno(err, -errno, "%s: cannot sync the folder", path);
	close(fd);
	return r;
}

int file_space(const char *path, uint64_t *ret_bytes, uint64_t *ret_inodes, struct err *err)
{
	struct statvfs fs;

	if (statvfs(path, &fs) < 0)
		return err_errno(err, -errno, "%s: cannot ask for free space", path);
	*ret_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	/* Some file systems (btrfs) have no fixed number of inodes and say 0 of 0. */
	*ret_inodes = fs.f_files ? fs.f_favail : UINT64_MAX;
	return 0;
}

int file_join(char *ret_path, size_t size, const char *folder, const char *name)
{
	size_t folder_length = strlen(folder), name_length = strlen(name);

	if (folder_length + 1 + name_length + 1 > size)
		return -ENAMETOOLONG;
	memcpy(ret_path, folder, folder_length);
	ret_path[folder_length] = '/';
	memcpy(ret_path + folder_length + 1, name, name_length + 1);
	return 0;
}
