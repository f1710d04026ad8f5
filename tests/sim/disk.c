/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZEROS_MAX 4096 /* a page */
#define FILES_MAX 4096

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

/* ---- what was synced: the one thing that is asked of the program behind its back */

static struct {
	struct synced {
		ino_t inode;
		off_t size;
	} files[FILES_MAX];
	size_t count;
	bool deaf;
} safe;

static struct synced *find(ino_t inode)
{
	size_t i;

	for (i = 0; i < safe.count; i++)
		if (safe.files[i].inode == inode)
			return &safe.files[i];
	return NULL;
}

int fdatasync(int fd)
{
	struct synced *synced;
	struct stat stat_of;

	if (safe.deaf)
		return 0;
	if (fstat(fd, &stat_of) < 0)
		return -1;
	synced = find(stat_of.st_ino);
	if (!synced) {
		if (safe.count == FILES_MAX)
			fail("more files than the simulation holds", "fdatasync");
		synced = &safe.files[safe.count++];
		synced->inode = stat_of.st_ino;
	}
	synced->size = stat_of.st_size;
	return 0;
}

int fsync(int fd)
{
	return fdatasync(fd);
}

void disk_hear_syncs(bool hear)
{
	safe.deaf = !hear;
}

/* ---- the cut */

static bool is_segment(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && !strcmp(dot, ".seg");
}

/* Part of what was not synced stays, sometimes with pages that were allocated and never written. */
static void tear(struct draw *draw, int fd, off_t synced, off_t size)
{
	off_t kept = synced + (off_t)draw_between(draw, 0, (uint64_t)(size - synced));

	if (ftruncate(fd, kept) < 0)
		fail("ftruncate", "a segment");
	if (draw_chance(draw, 25) &&
		ftruncate(fd, kept + (off_t)draw_between(draw, 1, ZEROS_MAX)) < 0)
		fail("ftruncate", "a segment");
}

static void cut_file(void *arg, int folder_fd, const char *name)
{
	struct draw *draw = arg;
	struct synced *synced;
	struct stat stat_of;
	int fd;

	if (!is_segment(name))
		return;
	fd = openat(folder_fd, name, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat_of) < 0)
		fail("open", name);
	synced = find(stat_of.st_ino);
	if (!synced && draw_chance(draw, 50))
		unlinkat(folder_fd, name, 0);
	else if (!synced || synced->size < stat_of.st_size)
		tear(draw, fd, synced ? synced->size : 0, stat_of.st_size);
	close(fd);
}

static void remove_file(void *arg, int folder_fd, const char *name)
{
	unlinkat(folder_fd, name, 0);
}

static void empty_memory(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/" DISK_MEMORY, folder);
	if (access(path, F_OK) == 0)
		each_file(path, remove_file, NULL);
	rmdir(path);
}

void disk_cut_power(const char *folder, struct draw *draw)
{
	empty_memory(folder);
	each_file(folder, cut_file, draw);
}

void disk_remove(const char *folder)
{
	empty_memory(folder);
	each_file(folder, remove_file, NULL);
	rmdir(folder);
	safe.count = 0;
}
