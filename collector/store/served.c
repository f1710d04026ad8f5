/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/served.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/civil.h"
#include "common/file.h"

#define FOLDER "speed"
#define FOLDER_MODE 0770 /* the web writes, the ledger reads */
#define FILE_MODE 0660 /* "pantau init --rights" gives it to the group */
#define DAY_BYTES 11 /* 2026-01-15 */
#define LINE_BYTES 96
#define NONCE_DIGITS 16
/* Some 100,000 streams, many times a province's: strangers may ask too, and the ledger reads it. */
#define DAY_BYTES_MAX (5 * 1024 * 1024)
#define DAY_SECONDS 86400
#define BEFORE_S 60 /* a test's time is good to 10 s */
#define AFTER_S 120 /* a stream takes 30 s at the most */

static void day_name(int64_t second, char ret_name[DAY_BYTES])
{
	char text[CIVIL_TIME_BYTES];

	civil_format(second, text);
	snprintf(ret_name, DAY_BYTES, "%.10s", text);
}

static int day_path(char *ret_path, const char *state, int64_t second)
{
	char name[sizeof(FOLDER) + DAY_BYTES], day[DAY_BYTES];

	day_name(second, day);
	snprintf(name, sizeof(name), FOLDER "/%s", day);
	return file_join(ret_path, PATH_MAX, state, name);
}

/* ---- the web's side */

static bool is_day(const char *name)
{
	return strlen(name) == DAY_BYTES - 1 && strspn(name, "0123456789-") == DAY_BYTES - 1;
}

/* Names of days are in the order of days. */
static void forget(const char *folder, int64_t now_s)
{
	char oldest[DAY_BYTES];
	DIR *days = opendir(folder);
	struct dirent *entry;

	day_name(now_s - (int64_t)SERVED_KEPT_DAYS * DAY_SECONDS, oldest);
	while (days && (entry = readdir(days)))
		if (is_day(entry->d_name) && strcmp(entry->d_name, oldest) < 0)
			unlinkat(dirfd(days), entry->d_name, 0);
	if (days)
		closedir(days);
}

static int begin_day(const char *state, int64_t now_s, struct err *err)
{
	char folder[PATH_MAX];
	int r = file_join(folder, sizeof(folder), state, FOLDER);

	if (r < 0)
		return err_errno(err, r, "%s/" FOLDER, state);
	r = file_make_folder(folder, FOLDER_MODE, err);
	if (r == 0)
		forget(folder, now_s);
	return r;
}

static size_t write_lines(
	const struct served *items, size_t count, char ret_lines[SERVED_PUT_MAX * LINE_BYTES])
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(ret_lines + length, LINE_BYTES,
			"%016" PRIx64 " %s %" PRId64 " %" PRId64 "\n", items[i].nonce,
			items[i].down ? "down" : "up", items[i].ended_s, items[i].bytes);
	return length;
}

/* What a process that died left of its last line. */
static off_t cut_torn(int fd, off_t size)
{
	char tail[LINE_BYTES];
	size_t wanted = size < LINE_BYTES ? (size_t)size : LINE_BYTES;
	ssize_t got = pread(fd, tail, wanted, size - (off_t)wanted);
	const char *end = got > 0 ? memrchr(tail, '\n', (size_t)got) : NULL;
	off_t torn = got <= 0 ? 0 : end ? tail + got - 1 - end : got;

	return torn && ftruncate(fd, size - torn) == 0 ? size - torn : size;
}

static int append(int fd, const char *lines, size_t length)
{
	struct stat there;
	ssize_t written;

	if (fstat(fd, &there) < 0)
		return -errno;
	if (there.st_size > DAY_BYTES_MAX)
		return -EFBIG;
	there.st_size = cut_torn(fd, there.st_size);
	written = write(fd, lines, length);
	if (written == (ssize_t)length)
		return 0;
	if (written < 0)
		return -errno;
	/* the half that is there is cut now, or by who comes next */
	return ftruncate(fd, there.st_size) < 0 ? -errno : -ENOSPC;
}

static size_t of_one_day(const struct served *items, size_t count)
{
	size_t same = 1;

	while (same < count && same < SERVED_PUT_MAX &&
		items[same].ended_s / DAY_SECONDS == items[0].ended_s / DAY_SECONDS)
		same++;
	return same;
}

int served_put(const char *state, const struct served *items, size_t count, size_t *ret_put,
	struct err *err)
{
	char path[PATH_MAX], lines[SERVED_PUT_MAX * LINE_BYTES];
	size_t some = of_one_day(items, count);
	size_t length = write_lines(items, some, lines);
	int fd, r = day_path(path, state, items[0].ended_s);

	if (r < 0)
		return err_errno(err, r, "%s/" FOLDER, state);
	if (access(path, F_OK) < 0)
		r = begin_day(state, items[0].ended_s, err);
	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	r = append(fd, lines, length);
	close(fd);
	if (r < 0)
		return err_errno(err, r, "%s", path);
	*ret_put = some;
	return 0;
}

/* ---- the ledger's */

/* All of it, to its end. */
static bool read_line(const char *line, size_t length, struct served *ret_served)
{
	struct served served;
	char text[LINE_BYTES], way[5];
	int end = 0;

	if (length >= sizeof(text))
		return false;
	memcpy(text, line, length);
	text[length] = '\0';
	if (sscanf(text, "%16" SCNx64 " %4s %" SCNd64 " %" SCNd64 "%n", &served.nonce, way,
		    &served.ended_s, &served.bytes, &end) != 4 ||
		(size_t)end != length || served.bytes < 0)
		return false;
	served.down = strcmp(way, "down") == 0;
	if (!served.down && strcmp(way, "up") != 0)
		return false;
	*ret_served = served;
	return true;
}

static int find_line(const char *text, size_t length, uint64_t nonce, struct served *ret_served)
{
	const char *at = text, *end = text + length, *newline;
	char digits[NONCE_DIGITS + 2];

	snprintf(digits, sizeof(digits), "%016" PRIx64 " ", nonce);
	while ((at = memmem(at, (size_t)(end - at), digits, NONCE_DIGITS + 1))) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline && (at == text || at[-1] == '\n') &&
			read_line(at, (size_t)(newline - at), ret_served))
			return 0;
		at++;
	}
	return -ENOENT;
}

/* A full day is 5 MiB, which memmem() reads in a millisecond or two: for the tests of a province
 * that is less than what an index would cost to keep. */
static int find_in_day(const char *state, int64_t second, uint64_t nonce, struct served *ret_served)
{
	char path[PATH_MAX];
	uint8_t *text;
	size_t length;
	int r = day_path(path, state, second);

	if (r < 0 ||
		file_read(path, DAY_BYTES_MAX + SERVED_PUT_MAX * LINE_BYTES, &text, &length, NULL) <
			0)
		return -ENOENT;
	r = find_line((const char *)text, length, nonce, ret_served);
	free(text);
	return r;
}

int served_find(const char *state, uint64_t nonce, int64_t began_s, struct served *ret_served)
{
	int64_t first_s = began_s - BEFORE_S, last_s = began_s + AFTER_S;
	int r = find_in_day(state, first_s, nonce, ret_served);

	if (r < 0 && first_s / DAY_SECONDS != last_s / DAY_SECONDS)
		r = find_in_day(state, last_s, nonce, ret_served);
	return r;
}
