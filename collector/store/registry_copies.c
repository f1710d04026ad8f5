/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_copies.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "collector/store/db_copy.h"
#include "collector/store/registry_leap.h"
#include "collector/store/registry_private.h"
#include "common/civil.h"
#include "common/file.h"

#define REGISTRY_NAME "registry.db"
#define PREFIX "registry-"
#define SUFFIX ".db"
#define STAMP_LENGTH 16 /* 20260131T160000Z */
#define DAY_LENGTH 8
#define FOLDER_MODE 0770

/* ---- names */

static void make_stamp(int64_t at_s, char ret_stamp[STAMP_LENGTH + 1])
{
	char text[CIVIL_TIME_BYTES];
	size_t length = 0;

	civil_format(at_s, text);
	for (const char *c = text; *c && length < STAMP_LENGTH; c++) {
		if (*c != '-' && *c != ':')
			ret_stamp[length++] = *c;
	}
	ret_stamp[length] = '\0';
}

static bool is_copy(const char *name)
{
	size_t length = strlen(PREFIX) + STAMP_LENGTH + strlen(SUFFIX);

	return strlen(name) == length && !strncmp(name, PREFIX, strlen(PREFIX)) &&
		!strcmp(name + length - strlen(SUFFIX), SUFFIX);
}

/* "registry-20260131T160000Z.db": the time in it; 0 when it is none. */
static int64_t time_of(const char *name)
{
	const char *stamp = name + strlen(PREFIX);
	char text[CIVIL_TIME_BYTES];
	int64_t at_s = 0;

	snprintf(text, sizeof(text), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", stamp, stamp + 4, stamp + 6,
		stamp + 9, stamp + 11, stamp + 13);
	return civil_parse(text, 0, &at_s, NULL) == 0 ? at_s : 0;
}

struct names {
	char (*items)[COPY_NAME_BYTES];
	size_t count;
};

static int newest_first(const void *left, const void *right)
{
	return strcmp(right, left);
}

static int add_name(struct names *names, const char *name)
{
	void *grown = realloc(names->items, (names->count + 1) * sizeof(*names->items));

	if (!grown)
		return -ENOMEM;
	names->items = grown;
	snprintf(names->items[names->count++], COPY_NAME_BYTES, "%.*s", COPY_NAME_BYTES - 1, name);
	return 0;
}

/* Caller frees the items. */
static int list(const char *folder, struct names *ret_names, struct err *err)
{
	const struct dirent *entry;
	DIR *open = opendir(folder);
	int r = 0;

	*ret_names = (struct names){NULL, 0};
	if (!open)
		return errno == ENOENT ? 0 : err_errno(err, -errno, "%s", folder);
	while (r == 0 && (entry = readdir(open))) {
		if (is_copy(entry->d_name))
			r = add_name(ret_names, entry->d_name);
	}
	closedir(open);
	if (r < 0) {
		free(ret_names->items);
		return err_errno(err, r, "%s", folder);
	}
	if (ret_names->count)
		qsort(ret_names->items, ret_names->count, sizeof(*ret_names->items), newest_first);
	return 0;
}

static int find_paths(
	const char *state, char ret_folder[PATH_MAX], char ret_path[PATH_MAX], struct err *err)
{
	if (file_join(ret_folder, PATH_MAX, state, COPIES_FOLDER) < 0 ||
		file_join(ret_path, PATH_MAX, state, REGISTRY_NAME) < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	return 0;
}

/* ---- made and deleted */

static void prune(const char *folder, const struct names *names)
{
	char path[PATH_MAX], day[DAY_LENGTH + 1] = "";
	int days = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *of = names->items[i] + strlen(PREFIX);
		bool last_of_day = strncmp(of, day, DAY_LENGTH) != 0;

		if (last_of_day) {
			memcpy(day, of, DAY_LENGTH);
			days++;
		}
		if (i < COPIES_NEWEST || (last_of_day && days <= COPIES_DAYS))
			continue;
		if (file_join(path, sizeof(path), folder, names->items[i]) == 0)
			unlink(path);
	}
}

static int make(const char *folder, const char *registry, int64_t now_s, struct err *err)
{
	char stamp[STAMP_LENGTH + 1], fresh[PATH_MAX], path[PATH_MAX], name[COPY_NAME_BYTES];
	int r;

	make_stamp(now_s, stamp);
	snprintf(name, sizeof(name), PREFIX "%s" SUFFIX, stamp);
	if (file_join(path, sizeof(path), folder, name) < 0 ||
		file_join(fresh, sizeof(fresh), folder, "unchecked.db") < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", folder);
	r = db_copy(registry, fresh, err);
	if (r == 0)
		r = db_check(fresh, err);
	if (r == 0 && rename(fresh, path) < 0)
		r = err_errno(err, -errno, "%s", path);
	if (r < 0) {
		unlink(fresh);
		return r;
	}
	return file_sync_folder(folder, err);
}

int registry_copy(const char *state, int64_t now_s, struct err *err)
{
	char folder[PATH_MAX], registry[PATH_MAX];
	struct names names;
	int r = find_paths(state, folder, registry, err);

	if (r == 0)
		r = file_make_folder(folder, FOLDER_MODE, err);
	if (r == 0)
		r = make(folder, registry, now_s, err);
	if (r == 0)
		r = list(folder, &names, err);
	if (r < 0)
		return r;
	prune(folder, &names);
	free(names.items);
	return 0;
}

/* ---- looked at */

static int64_t sequence_in(const char *path)
{
	int64_t sequence = 0;
	struct query q;
	struct db *db;

	if (db_open(path, DB_READ, &db, NULL) < 0)
		return 0;
	db_query(&q, db, "SELECT max(sequence) FROM change");
	if (query_next(&q) > 0)
		sequence = query_get_number(&q, 0);
	query_end(&q, NULL);
	db_close(db);
	return sequence;
}

int registry_copies(const char *state, int (*each)(void *arg, const struct registry_copy *copy),
	void *arg, struct err *err)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct names names = {NULL, 0};
	int stop = find_paths(state, folder, path, err);

	if (stop == 0)
		stop = list(folder, &names, err);
	if (stop < 0)
		return stop;
	for (size_t i = 0; !stop && i < names.count; i++) {
		struct registry_copy copy = {.at_s = time_of(names.items[i])};

		memcpy(copy.name, names.items[i], sizeof(copy.name));
		if (file_join(path, sizeof(path), folder, copy.name) < 0)
			continue;
		copy.sound = db_check(path, NULL) == 0;
		copy.sequence = copy.sound ? sequence_in(path) : 0;
		stop = each(arg, &copy);
	}
	free(names.items);
	return stop;
}

bool registry_has_copies(const char *state)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct names names;
	bool any;

	if (find_paths(state, folder, path, NULL) < 0 || list(folder, &names, NULL) < 0)
		return false;
	any = names.count > 0;
	free(names.items);
	return any;
}

/* ---- put back */

static int lock_ledger(const char *state, int *ret_fd, struct err *err)
{
	char path[PATH_MAX];
	int fd;

	if (file_join(path, sizeof(path), state, "ledger.lock") < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return err_set(err, -EBUSY,
			"the process ledger runs: stop it and pantau-web first (systemctl stop "
			"pantau-ledger pantau-web)");
	}
	*ret_fd = fd;
	return 0;
}

static int set_aside(const char *registry, int64_t now_s, struct err *err)
{
	static const char *const parts[] = {"-wal", "-shm", ""};
	char stamp[STAMP_LENGTH + 1], from[PATH_MAX + 8], to[PATH_MAX + 64];

	make_stamp(now_s, stamp);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(from, sizeof(from), "%s%s", registry, parts[i]);
		snprintf(to, sizeof(to), "%s.damaged-%s%s", registry, stamp, parts[i]);
		if (rename(from, to) < 0 && errno != ENOENT)
			return err_errno(err, -errno, "%s", from);
	}
	return 0;
}

/* Made beside it first: a restore that is killed leaves either file whole. */
static int put_back(
	const char *state, const char *copy, const struct registry_return *order, struct err *err)
{
	char folder[PATH_MAX], registry[PATH_MAX], fresh[PATH_MAX];
	int r = find_paths(state, folder, registry, err);

	if (r == 0 && file_join(fresh, sizeof(fresh), state, "registry.db.restored") < 0)
		r = err_errno(err, -ENAMETOOLONG, "%s", state);
	if (r == 0)
		r = db_copy(copy, fresh, err);
	if (r == 0)
		r = registry_leap(fresh, order, err);
	if (r == 0)
		r = set_aside(registry, order->now_s, err);
	if (r == 0 && rename(fresh, registry) < 0)
		r = err_errno(err, -errno, "%s", registry);
	return r < 0 ? r : file_sync_folder(state, err);
}

int registry_restore(
	const char *state, const char *name, const char *who, int64_t now_s, struct err *err)
{
	char folder[PATH_MAX], path[PATH_MAX], registry_path[PATH_MAX];
	struct registry *registry = NULL;
	int fd = -1, r = find_paths(state, folder, registry_path, err);

	if (r == 0 && (!is_copy(name) || file_join(path, sizeof(path), folder, name) < 0))
		r = err_set(err, -ENOENT, "\"%s\" is no copy: \"pantau restore\" lists them", name);
	if (r == 0)
		r = db_check(path, err);
	if (r == 0)
		r = lock_ledger(state, &fd, err);
	if (r == 0)
		r = put_back(state, path, &(struct registry_return){name, who, now_s}, err);
	/* opening it for writing writes roster.json */
	if (r == 0)
		r = registry_open(state, REGISTRY_WRITE, who, &registry, err);
	registry_close(registry);
	if (fd >= 0)
		close(fd);
	return r;
}
