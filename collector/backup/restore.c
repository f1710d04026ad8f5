/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/restore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/store/db_copy.h"
#include "collector/store/registry_leap.h"
#include "common/file.h"

static int open_file(const char *file, int *ret_fd, struct err *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, -errno, "%s", file);
	*ret_fd = fd;
	return 0;
}

int restore_look(const char *file, struct sealed_about *ret_about, struct err *err)
{
	int fd, r = open_file(file, &fd, err);

	if (r < 0)
		return r;
	r = sealed_look(fd, file, ret_about, err);
	close(fd);
	return r;
}

static int read_all(const struct restore_order *order, int folder_fd, struct restored *ret_restored,
	struct err *err)
{
	struct sealed_reader *reader;
	int fd, r = open_file(order->file, &fd, err);

	if (r < 0)
		return r;
	r = sealed_look(fd, order->file, &ret_restored->about, err);
	if (r == 0)
		r = sealed_reader_new(fd, order->file, order->lock, &reader, err);
	if (r == 0) {
		r = unpack(reader, folder_fd, &ret_restored->content, err);
		sealed_reader_free(reader);
	}
	close(fd);
	return r;
}

int restore_check(const struct restore_order *order, struct restored *ret_restored, struct err *err)
{
	return read_all(order, -1, ret_restored, err);
}

/* ---- the folder */

static int check_empty(const char *state, struct err *err)
{
	const struct dirent *entry;
	DIR *open = opendir(state);
	int r = 0;

	if (!open)
		return errno == ENOENT ? 0 : err_errno(err, -errno, "%s", state);
	while (r == 0 && (entry = readdir(open))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = err_set(err, -ENOTEMPTY,
				"%s is not empty (%.60s): restore into another folder, or move "
				"away what is there",
				state, entry->d_name);
	}
	closedir(open);
	return r;
}

static int make_beside(const char *state, char ret_temp[PATH_MAX], struct err *err)
{
	size_t length = strlen(state);

	while (length > 1 && state[length - 1] == '/')
		length--;
	if (snprintf(ret_temp, PATH_MAX, "%.*s.restoring-XXXXXX", (int)length, state) >= PATH_MAX)
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	return mkdtemp(ret_temp) ? 0 : err_errno(err, -errno, "%s", ret_temp);
}

static int remove_one(const char *path, const struct stat *like, int kind, struct FTW *ftw)
{
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- what came out */

static int check_database(const char *folder, const char *name, struct err *err)
{
	char path[PATH_MAX];

	if (file_join(path, sizeof(path), folder, name) < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", folder);
	return db_check(path, err);
}

static int settle(const struct restore_order *order, const char *temp, struct err *err)
{
	char copy[PATH_MAX];
	struct registry_return back = {.who = order->who, .now_s = time(NULL)};
	int r = check_database(temp, "registry.db", err);

	if (r == 0) {
		r = check_database(temp, "ledger.db", err);
		r = r == -ENOENT ? 0 : r;
	}
	if (r < 0)
		return r;
	snprintf(copy, sizeof(copy), "%s", order->file);
	back.name = basename(copy);
	r = registry_returned(temp, &back, err);
	return r < 0 ? r : file_sync_system(temp, err);
}

static int fill(const struct restore_order *order, const char *temp, struct restored *ret_restored,
	struct err *err)
{
	int fd = open(temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (fd < 0)
		return err_errno(err, -errno, "%s", temp);
	r = read_all(order, fd, ret_restored, err);
	close(fd);
	return r < 0 ? r : settle(order, temp, err);
}

static int move(const char *temp, const char *state, struct err *err)
{
	char copy[PATH_MAX];

	if (rename(temp, state) < 0) {
		int r = -errno;

		return err_errno(err, r, "%s%s", state,
			r == -EBUSY ? " (where a disk is mounted: restore into a folder in it)"
				    : "");
	}
	snprintf(copy, sizeof(copy), "%s", state);
	return file_sync_folder(dirname(copy), err);
}

int restore_run(const struct restore_order *order, struct restored *ret_restored, struct err *err)
{
	struct restored restored = {.content.parts = 0};
	char temp[PATH_MAX];
	int r = check_empty(order->state, err);

	if (r == 0)
		r = make_beside(order->state, temp, err);
	if (r < 0)
		return r;
	r = fill(order, temp, &restored, err);
	if (r == 0)
		r = move(temp, order->state, err);
	if (r < 0)
		remove_tree(temp);
	else
		*ret_restored = restored;
	return r;
}
