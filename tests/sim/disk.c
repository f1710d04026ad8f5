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
#define SECTOR_BYTES 512 /* a disk writes so much or nothing */
#define STALE_BYTES 4096
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

static struct synced *note(ino_t inode)
{
	struct synced *synced = find(inode);

	if (synced)
		return synced;
	if (safe.count == FILES_MAX)
		fail("more files than the simulation holds", "fdatasync");
	synced = &safe.files[safe.count++];
	*synced = (struct synced){.inode = inode};
	return synced;
}

/* A folder's sync makes its names durable: such a file is there, were it empty. */
static void note_name(void *arg, int folder_fd, const char *name)
{
	struct stat stat_of;

	if (fstatat(folder_fd, name, &stat_of, 0) == 0)
		note(stat_of.st_ino);
}

int fdatasync(int fd)
{
	char path[32];
	struct stat stat_of;

	if (safe.deaf)
		return 0;
	if (fstat(fd, &stat_of) < 0)
		return -1;
	if (S_ISDIR(stat_of.st_mode)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		each_file(path, note_name, NULL);
	} else {
		note(stat_of.st_ino)->size = stat_of.st_size;
	}
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

/* What lay on the disk where a file is now: the beginning of another one. */
static struct {
	uint8_t bytes[STALE_BYTES];
	size_t length;
} stale;

static void remember_as_stale(int fd)
{
	ssize_t got = pread(fd, stale.bytes, sizeof(stale.bytes), 0);

	stale.length = got > 0 ? (size_t)got : 0;
}

/* A sector that was never written: zeros, or something of this file or another one. */
static void fill_sector(struct draw *draw, int fd, off_t synced, uint8_t sector[SECTOR_BYTES])
{
	uint64_t dice = draw_between(draw, 0, 2);
	size_t from, length;

	memset(sector, 0, SECTOR_BYTES);
	if (dice == 1 &&
		pread(fd, sector, SECTOR_BYTES, (off_t)draw_between(draw, 0, (uint64_t)synced)) < 0)
		fail("pread", "a segment");
	if (dice == 2) {
		from = draw_between(draw, 0, stale.length);
		length = stale.length - from;
		memcpy(sector, stale.bytes + from, length < SECTOR_BYTES ? length : SECTOR_BYTES);
	}
}

/* Each sector behind what was synced was written, or not, in any order. One that holds both keeps
 * what was synced. */
static void lose_sectors(struct draw *draw, int fd, off_t synced, off_t size)
{
	unsigned lost = (unsigned)draw_between(draw, 0, 100);
	uint8_t sector[SECTOR_BYTES];
	off_t at = synced / SECTOR_BYTES * SECTOR_BYTES;

	for (; at < size; at += SECTOR_BYTES) {
		size_t before = at < synced ? (size_t)(synced - at) : 0;
		size_t length = size - at < SECTOR_BYTES ? (size_t)(size - at) : SECTOR_BYTES;

		if (!draw_chance(draw, lost))
			continue;
		fill_sector(draw, fd, synced, sector);
		if (pwrite(fd, sector + before, length - before, at + (off_t)before) < 0)
			fail("pwrite", "a segment");
	}
}

/* Of what was not synced part stays, at times with holes in it, and the file is as long as it was
 * at some moment, or longer by pages that were allocated and never written. */
static void tear(struct draw *draw, int fd, off_t synced, off_t size)
{
	off_t kept = synced + (off_t)draw_between(draw, 0, (uint64_t)(size - synced));

	if (draw_chance(draw, 50))
		kept = size;
	if (ftruncate(fd, kept) < 0)
		fail("ftruncate", "a segment");
	if (draw_chance(draw, 25) &&
		ftruncate(fd, kept + (off_t)draw_between(draw, 1, ZEROS_MAX)) < 0)
		fail("ftruncate", "a segment");
	if (draw_chance(draw, 50))
		lose_sectors(draw, fd, synced, kept);
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
	remember_as_stale(fd);
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
	stale.length = 0;
}
