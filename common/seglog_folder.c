/* SPDX-License-Identifier: Apache-2.0 */
#include "common/seglog_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_CAP_MIN 16

struct list {
	uint64_t *segments;
	size_t count, cap;
};

void seglog_name(uint64_t segment, char ret_name[SEGLOG_NAME_BYTES])
{
	snprintf(ret_name, SEGLOG_NAME_BYTES, "%016" PRIx64 ".seg", segment);
}

/* Ids count from 1. */
static bool parse_name(const char *name, uint64_t *ret_segment)
{
	char canonical[SEGLOG_NAME_BYTES];
	uint64_t segment = strtoull(name, NULL, 16);

	seglog_name(segment, canonical);
	if (segment == 0 || strcmp(name, canonical) != 0)
		return false;
	*ret_segment = segment;
	return true;
}

static int add(struct list *list, uint64_t segment)
{
	size_t cap = list->cap ? 2 * list->cap : LIST_CAP_MIN;
	uint64_t *grown;

	if (list->count == list->cap) {
		grown = reallocarray(list->segments, cap, sizeof *grown);
		if (!grown)
			return -ENOMEM;
		list->segments = grown;
		list->cap = cap;
	}
	list->segments[list->count++] = segment;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static int collect(DIR *dir, struct list *list)
{
	struct dirent *entry;
	uint64_t segment;
	int r = 0;

	while (r == 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (parse_name(entry->d_name, &segment))
			r = add(list, segment);
	}
	return r;
}

int seglog_list(int folder_fd, uint64_t **ret_segments, size_t *ret_count)
{
	struct list list = {0};
	DIR *dir;
	int fd, r;

	/* An open of its own: a duplicate would share the position in the listing. */
	fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		r = -errno;
		close(fd);
		return r;
	}
	r = collect(dir, &list);
	closedir(dir);
	if (r < 0) {
		free(list.segments);
		return r;
	}
	if (list.count > 1)
		qsort(list.segments, list.count, sizeof *list.segments, compare);
	*ret_segments = list.segments;
	*ret_count = list.count;
	return 0;
}
