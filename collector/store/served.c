/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/served.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
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

int served_put(const char *state, const struct served *served, struct err *err)
{
	char path[PATH_MAX], line[LINE_BYTES];
	int length = snprintf(line, sizeof(line), "%016" PRIx64 " %s %" PRId64 " %" PRId64 "\n",
		served->nonce, served->down ? "down" : "up", served->ended_s, served->bytes);
	struct stat there;
	int fd, r = day_path(path, state, served->ended_s);

	if (r < 0)
		return err_errno(err, r, "%s/" FOLDER, state);
	if (access(path, F_OK) < 0)
		r = begin_day(state, served->ended_s, err);
	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (fstat(fd, &there) == 0 && there.st_size > DAY_BYTES_MAX)
		r = err_errno(err, -EFBIG, "%s", path);
	else if (write(fd, line, (size_t)length) != length)
		r = err_errno(err, errno ? -errno : -ENOSPC, "%s", path);
	close(fd);
	return r;
}

/* ---- the ledger's */

static bool read_line(const char *line, struct served *ret_served)
{
	struct served served;
	char way[5];

	if (sscanf(line, "%16" SCNx64 " %4s %" SCNd64 " %" SCNd64, &served.nonce, way,
		    &served.ended_s, &served.bytes) != 4 ||
		served.bytes < 0)
		return false;
	served.down = strcmp(way, "down") == 0;
	*ret_served = served;
	return true;
}

static int find_in_day(const char *state, int64_t second, uint64_t nonce, struct served *ret_served)
{
	char path[PATH_MAX], line[LINE_BYTES], digits[NONCE_DIGITS + 1];
	int r = day_path(path, state, second);
	FILE *file = r < 0 ? NULL : fopen(path, "re");

	if (!file)
		return -ENOENT;
	snprintf(digits, sizeof(digits), "%016" PRIx64, nonce);
	r = -ENOENT;
	while (r < 0 && fgets(line, sizeof(line), file)) {
		struct served served;

		if (strncmp(line, digits, NONCE_DIGITS) != 0 || !read_line(line, &served))
			continue;
		*ret_served = served;
		r = 0;
	}
	fclose(file);
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
