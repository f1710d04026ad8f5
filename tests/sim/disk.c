/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZEROS_MAX 4096 /* a page that was allocated and never written */

static void fail(const char *what, const char *path)
{
	fprintf(stderr, "sim: %s: %s: %m\n", path, what);
	exit(2);
}

/* Calls `take` for each file in the folder. */
static void each_file(
	const char *folder, void (*take)(void *arg, int folder_fd, const char *name), void *arg)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		fail("cannot be read", folder);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			take(arg, dirfd(dir), entry->d_name);
	closedir(dir);
}

static bool is_segment(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && !strcmp(dot, ".seg") &&
		strlen(name) < sizeof(((struct disk_mark *)0)->newest);
}

static void take_newest(void *arg, int folder_fd, const char *name)
{
	struct disk_mark *mark = arg;

	if (is_segment(name) && strcmp(name, mark->newest) > 0)
		strcpy(mark->newest, name);
}

void disk_mark(const char *folder, struct disk_mark *ret_mark)
{
	char path[4096];
	struct stat stat_of;

	*ret_mark = (struct disk_mark){.size = 0};
	each_file(folder, take_newest, ret_mark);
	if (!ret_mark->newest[0])
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, ret_mark->newest);
	if (stat(path, &stat_of) < 0)
		fail("stat", path);
	ret_mark->size = stat_of.st_size;
}

struct cut {
	const struct disk_mark *mark;
	struct draw *draw;
};

static void tear(void *arg, int folder_fd, const char *name)
{
	const struct cut *cut = arg;
	int order = strcmp(name, cut->mark->newest);
	off_t safe = order == 0 ? cut->mark->size : 0, kept;
	struct stat stat_of;
	int fd;

	if (!is_segment(name) || order < 0)
		return;
	if (order > 0 && draw_chance(cut->draw, 50)) {
		unlinkat(folder_fd, name, 0);
		return;
	}
	fd = openat(folder_fd, name, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat_of) < 0)
		fail("open", name);
	kept = safe;
	if (stat_of.st_size > safe)
		kept += (off_t)draw_between(cut->draw, 0, (uint64_t)(stat_of.st_size - safe));
	if (ftruncate(fd, kept) < 0)
		fail("truncate", name);
	if (draw_chance(cut->draw, 25) &&
		ftruncate(fd, kept + (off_t)draw_between(cut->draw, 1, ZEROS_MAX)) < 0)
		fail("extend", name);
	close(fd);
}

void disk_cut_power(const char *folder, const struct disk_mark *mark, struct draw *draw)
{
	struct cut cut = {mark, draw};

	each_file(folder, tear, &cut);
}

static void remove_file(void *arg, int folder_fd, const char *name)
{
	unlinkat(folder_fd, name, 0);
}

void disk_remove(const char *folder)
{
	each_file(folder, remove_file, NULL);
	rmdir(folder);
}
