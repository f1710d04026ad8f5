/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"

#define PREFIX "pantau-"
#define SUFFIX ".backup"
#define STAMP "%Y%m%dT%H%M%SZ"
#define STAMP_LENGTH 16

/* ---- names */

static bool is_ours(const char *name, const char *suffix)
{
	size_t length = strlen(PREFIX) + STAMP_LENGTH;

	return strlen(name) == length + strlen(suffix) && !strncmp(name, PREFIX, strlen(PREFIX)) &&
		!strcmp(name + length, suffix);
}

static int choose_path(struct shelf *shelf, const char *target, struct err *err)
{
	char stamp[STAMP_LENGTH + 1], name[64], copy[PATH_MAX];
	time_t now = time(NULL);
	struct stat there;
	struct tm at;
	int r;

	if (strlen(target) >= PATH_MAX)
		return err_errno(err, -ENAMETOOLONG, "%s", target);
	shelf->named = stat(target, &there) == 0 && S_ISDIR(there.st_mode);
	if (shelf->named) {
		strftime(stamp, sizeof(stamp), STAMP, gmtime_r(&now, &at));
		snprintf(name, sizeof(name), PREFIX "%s" SUFFIX, stamp);
		snprintf(shelf->folder, PATH_MAX, "%s", target);
		r = file_join(shelf->path, PATH_MAX, target, name);
	} else {
		snprintf(copy, sizeof(copy), "%s", target);
		snprintf(shelf->folder, PATH_MAX, "%s", dirname(copy));
		r = snprintf(shelf->path, PATH_MAX, "%s", target) < PATH_MAX ? 0 : -ENAMETOOLONG;
	}
	snprintf(shelf->part, sizeof(shelf->part), "%s.part", shelf->path);
	return r < 0 ? err_errno(err, r, "%s", target) : 0;
}

static int check_place(const struct shelf *shelf, const char *state, struct err *err)
{
	char folder[PATH_MAX], within[PATH_MAX];
	size_t length;

	if (!realpath(shelf->folder, folder))
		return err_errno(err, -errno, "%s", shelf->folder);
	if (!realpath(state, within))
		return err_errno(err, -errno, "%s", state);
	length = strlen(within);
	if (!strncmp(folder, within, length) && (!folder[length] || folder[length] == '/'))
		return err_set(err, -EINVAL,
			"%s lies in the state folder: the next backup would hold this one", folder);
	if (access(shelf->path, F_OK) == 0)
		return err_set(err, -EEXIST, "%s: is there already", shelf->path);
	return 0;
}

/* ---- one is made at a time */

static int lock_folder(struct shelf *shelf, struct err *err)
{
	shelf->lock_fd = open(shelf->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (shelf->lock_fd < 0)
		return err_errno(err, -errno, "%s", shelf->folder);
	if (flock(shelf->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(
			err, -EBUSY, "%s: another backup is being made there", shelf->folder);
	return 0;
}

/* Nobody writes them: the lock is ours. */
static void sweep(const struct shelf *shelf)
{
	const struct dirent *entry;
	DIR *open = opendir(shelf->folder);

	while (open && (entry = readdir(open))) {
		if (is_ours(entry->d_name, SUFFIX ".part") ||
			is_ours(entry->d_name, SUFFIX ".part.db"))
			unlinkat(shelf->lock_fd, entry->d_name, 0);
	}
	if (open)
		closedir(open);
}

int shelf_open(const char *state, const char *target, struct shelf *ret_shelf, struct err *err)
{
	struct shelf shelf = {.fd = -1, .lock_fd = -1};
	int r = choose_path(&shelf, target, err);

	if (r == 0)
		r = check_place(&shelf, state, err);
	if (r == 0)
		r = lock_folder(&shelf, err);
	if (r == 0) {
		sweep(&shelf);
		shelf.fd = open(
			shelf.part, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (shelf.fd < 0)
			r = err_errno(err, -errno, "%s", shelf.part);
	}
	if (r == 0) {
		*ret_shelf = shelf;
		return 0;
	}
	if (shelf.lock_fd >= 0)
		close(shelf.lock_fd);
	return r;
}

int shelf_keep(struct shelf *shelf, struct err *err)
{
	/* link: unlike rename it never takes the place of another file */
	if (link(shelf->part, shelf->path) < 0) {
		if (errno == EEXIST || rename(shelf->part, shelf->path) < 0)
			return err_errno(err, -errno, "%s", shelf->path);
	}
	unlink(shelf->part);
	shelf->kept = true;
	return file_sync_folder(shelf->folder, err);
}

static int newest_first(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*right)->d_name, (*left)->d_name);
}

static int is_backup(const struct dirent *entry)
{
	return is_ours(entry->d_name, SUFFIX);
}

unsigned shelf_prune(const struct shelf *shelf, unsigned keep)
{
	struct dirent **entries;
	unsigned deleted = 0;
	int count = shelf->named ? scandir(shelf->folder, &entries, is_backup, newest_first) : -1;

	for (int i = 0; i < count; i++) {
		if ((unsigned)i >= keep && unlinkat(shelf->lock_fd, entries[i]->d_name, 0) == 0)
			deleted++;
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return deleted;
}

void shelf_close(struct shelf *shelf)
{
	if (!shelf->kept)
		unlink(shelf->part);
	close(shelf->fd);
	close(shelf->lock_fd);
}
