/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/common/seglog_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/seglog_folder.h"

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (!f)
		return -1;
	snprintf(f->base, sizeof f->base, "/tmp/pantau-seglog.XXXXXX");
	if (!mkdtemp(f->base))
		return -1;
	snprintf(f->folder, sizeof f->folder, "%s/log", f->base);
	*state = f;
	return 0;
}

static void empty_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	empty_folder(f->folder);
	empty_folder(f->base);
	free(f);
	return 0;
}

struct seglog *fixture_open(struct fixture *f, size_t segment_bytes, size_t buffer_bytes)
{
	struct seglog_options options = {
		.segment_bytes = segment_bytes, .buffer_bytes = buffer_bytes};
	struct seglog *log = NULL;
	struct err err = {0};

	if (seglog_open(f->folder, &options, &log, &err) < 0)
		fail_msg("%s", err.text);
	return log;
}

struct seglog_reader *fixture_reader(struct fixture *f, struct seglog_pos from)
{
	struct seglog_reader *reader = NULL;
	struct err err = {0};

	if (seglog_reader_open(f->folder, from, &reader, &err) < 0)
		fail_msg("%s", err.text);
	return reader;
}

void fixture_path(struct fixture *f, uint64_t segment, char ret_path[96])
{
	char name[SEGLOG_NAME_BYTES];

	seglog_name(segment, name);
	snprintf(ret_path, 96, "%s/%s", f->folder, name);
}

uint64_t fixture_file_bytes(struct fixture *f, uint64_t segment)
{
	char path[96];
	struct stat st;

	fixture_path(f, segment, path);
	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_size;
}

static void write_file(const char *path, const char *mode, const void *bytes, size_t length)
{
	FILE *file = fopen(path, mode);

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

void fixture_write_segment(struct fixture *f, uint64_t segment, const void *bytes, size_t length)
{
	char path[96];

	fixture_path(f, segment, path);
	write_file(path, "w", bytes, length);
}

void fixture_append_segment(struct fixture *f, uint64_t segment, const void *bytes, size_t length)
{
	char path[96];

	fixture_path(f, segment, path);
	write_file(path, "a", bytes, length);
}

uint8_t *fixture_read_segment(struct fixture *f, uint64_t segment, size_t *ret_length)
{
	uint8_t *bytes = NULL;
	char path[96];

	fixture_path(f, segment, path);
	assert_int_equal(file_read(path, 1 << 24, &bytes, ret_length, NULL), 0);
	return bytes;
}

void append_number(struct seglog *log, uint32_t number, struct seglog_pos *ret_after)
{
	assert_int_equal(seglog_append(log, &number, sizeof number, ret_after), 0);
}

void append_numbers(struct seglog *log, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		append_number(log, from, NULL);
}

int64_t read_number(struct seglog_reader *reader)
{
	struct seglog_pos after;
	const uint8_t *bytes;
	uint32_t number;
	size_t length;
	int r;

	r = seglog_read(reader, &bytes, &length, &after);
	assert_in_range(r, 0, 1);
	if (r == 0)
		return -1;
	assert_int_equal(length, sizeof number);
	memcpy(&number, bytes, sizeof number);
	return number;
}

void expect_numbers(struct seglog_reader *reader, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		assert_int_equal(read_number(reader), from);
}

void expect_nothing(struct seglog_reader *reader)
{
	assert_int_equal(read_number(reader), -1);
}
