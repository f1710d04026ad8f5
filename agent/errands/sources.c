/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/sources.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_one(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length < SOURCE_NAME_BYTES &&
		entry->d_name[length - 1] != '~' && entry->d_type != DT_DIR;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

int sources_list(const char *folder, struct sources *ret_sources)
{
	DIR *opened = opendir(folder);
	struct dirent *entry;

	if (!opened)
		return -errno;
	memset(ret_sources, 0, sizeof(*ret_sources));
	while ((entry = readdir(opened)) != NULL) {
		if (!is_one(entry))
			continue;
		if (ret_sources->count == SOURCES_MAX) {
			ret_sources->too_many = true;
			break;
		}
		strcpy(ret_sources->names[ret_sources->count++], entry->d_name);
	}
	closedir(opened);
	qsort(ret_sources->names, ret_sources->count, SOURCE_NAME_BYTES, compare);
	return 0;
}

bool source_is_program(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISREG(found.st_mode) &&
		(found.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

/* One byte more than it may have shows that it has too many. */
static int read_all(int fd, char *text)
{
	size_t length = 0;
	ssize_t got = 1;

	while (got > 0 && length <= SOURCE_TEXT_MAX) {
		got = read(fd, text + length, SOURCE_TEXT_MAX + 1 - length);
		if (got < 0)
			return -errno;
		length += (size_t)got;
	}
	if (length > SOURCE_TEXT_MAX)
		return -EFBIG;
	text[length] = '\0';
	return (int)length;
}

int source_read(const char *path, char ret_text[SOURCE_TEXT_MAX + 1])
{
	/* A pipe would keep the loop waiting, a device may do anything. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), status;
	struct stat found;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &found) < 0)
		status = -errno;
	else if (!S_ISREG(found.st_mode))
		status = -EINVAL;
	else
		status = read_all(fd, ret_text);
	close(fd);
	return status;
}
