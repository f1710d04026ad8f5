/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/cut.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collector/backup/cut_skip.h"
#include "common/file.h"

#define DEPTH_MAX 8
#define TOP "state"

struct taking {
	struct cut *cut;
	const char *state;
	struct err *err;
};

static struct cut_item *add_item(struct taking *taking, const char *name, const struct stat *like)
{
	struct cut *cut = taking->cut;
	struct cut_item *item;

	if (cut->count == cut->room) {
		size_t room = cut->room ? 2 * cut->room : 64;
		void *grown = realloc(cut->items, room * sizeof(*item));

		if (!grown)
			return NULL;
		cut->items = grown;
		cut->room = room;
	}
	item = &cut->items[cut->count];
	*item = (struct cut_item){.name = strdup(name), .like = *like, .fd = -1};
	if (!item->name)
		return NULL;
	cut->count++;
	return item;
}

static int refuse(struct taking *taking, int r, const char *path)
{
	if (r == -EACCES || r == -EPERM)
		return err_set(taking->err, r,
			"%s may not be read by this account, and a backup without it would be "
			"none: run it as root",
			path);
	return err_errno(taking->err, r, "%s", path);
}

static bool has(const struct cut *cut, const char *name)
{
	for (size_t i = 0; i < cut->count; i++) {
		if (!strcmp(cut->items[i].name, name))
			return true;
	}
	return false;
}

/* A file that went meanwhile is none: 0. */
static int add_file(struct taking *taking, const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct cut_item *item;
	struct stat like;

	if (fd < 0)
		return errno == ENOENT ? 0 : refuse(taking, -errno, path);
	if (fstat(fd, &like) < 0 || !S_ISREG(like.st_mode)) {
		close(fd);
		return 0;
	}
	item = add_item(taking, name, &like);
	if (!item) {
		close(fd);
		return err_errno(taking->err, -ENOMEM, "%s", path);
	}
	item->fd = fd;
	item->bytes = (uint64_t)like.st_size;
	return 0;
}

static int add_folder(struct taking *taking, const char *path, const char *name)
{
	struct stat like;

	if (stat(path, &like) < 0)
		return errno == ENOENT ? 0 : refuse(taking, -errno, path);
	return add_item(taking, name, &like) ? 0 : err_errno(taking->err, -ENOMEM, "%s", path);
}

/* STATE/`below`, once. */
static int add_below(struct taking *taking, const char *below)
{
	char path[PATH_MAX], name[PATH_MAX];
	int r = file_join(path, sizeof(path), taking->state, below);

	if (r == 0)
		r = file_join(name, sizeof(name), TOP, below);
	if (r < 0)
		return err_errno(taking->err, r, "%s/%s", taking->state, below);
	return has(taking->cut, name) ? 0 : add_file(taking, path, name);
}

/* ---- folders */

static int walk(struct taking *taking, const char *below, unsigned depth);

static int walk_entry(struct taking *taking, const char *below, unsigned depth)
{
	char path[PATH_MAX], name[PATH_MAX];
	struct stat like;
	int r = file_join(path, sizeof(path), taking->state, below);

	if (r == 0)
		r = file_join(name, sizeof(name), TOP, below);
	if (r < 0)
		return err_errno(taking->err, r, "%s", below);
	if (lstat(path, &like) < 0)
		return errno == ENOENT ? 0 : refuse(taking, -errno, path);
	if (S_ISREG(like.st_mode))
		return add_below(taking, below);
	if (!S_ISDIR(like.st_mode))
		return 0;
	r = has(taking->cut, name) ? 0 : add_folder(taking, path, name);
	return r < 0 ? r : walk(taking, below, depth + 1);
}

static int walk_open(struct taking *taking, DIR *folder, const char *below, unsigned depth)
{
	const struct dirent *entry;
	char inner[PATH_MAX];
	int r = 0;

	while (r == 0 && (entry = readdir(folder))) {
		if (cut_skips(below, entry->d_name))
			continue;
		if (!*below)
			snprintf(inner, sizeof(inner), "%s", entry->d_name);
		else if (file_join(inner, sizeof(inner), below, entry->d_name) < 0)
			return err_errno(taking->err, -ENAMETOOLONG, "%s", below);
		r = walk_entry(taking, inner, depth);
	}
	return r;
}

/* `below` "": the state folder itself. */
static int walk(struct taking *taking, const char *below, unsigned depth)
{
	char path[PATH_MAX];
	DIR *folder;
	int r;

	if (depth > DEPTH_MAX)
		return err_set(taking->err, -ELOOP, "%s: folders in folders in folders", below);
	if (file_join(path, sizeof(path), taking->state, *below ? below : ".") < 0)
		return err_errno(taking->err, -ENAMETOOLONG, "%s", below);
	folder = opendir(path);
	if (!folder)
		return refuse(taking, -errno, path);
	r = walk_open(taking, folder, below, depth);
	closedir(folder);
	return r;
}

/* ---- the configuration */

static int add_others(struct taking *taking, const char *const *files)
{
	char name[PATH_MAX], *step;
	struct stat like = {.st_mode = S_IFDIR | 0700, .st_uid = geteuid(), .st_gid = getegid()};
	int r = 0;

	for (; r == 0 && *files; files++) {
		if (snprintf(name, sizeof(name), TOP "/" CUT_CONFIGURATION "%s", *files) >=
			(int)sizeof(name))
			return err_errno(taking->err, -ENAMETOOLONG, "%s", *files);
		for (step = name + strlen(TOP) + 1; (step = strchr(step, '/')); step++) {
			*step = '\0';
			if (!has(taking->cut, name) && !add_item(taking, name, &like))
				return err_errno(taking->err, -ENOMEM, "%s", *files);
			*step = '/';
		}
		if (!has(taking->cut, name))
			r = add_file(taking, *files, name);
	}
	return r;
}

/* ---- the order */

/* Segments are held by open files, and there may be many. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int name_databases(struct taking *taking, char *ret_journal)
{
	struct cut *cut = taking->cut;
	int r = file_join(cut->ledger_path, PATH_MAX, taking->state, "ledger.db");

	if (r == 0)
		r = file_join(cut->registry_path, PATH_MAX, taking->state, "registry.db");
	if (r == 0)
		r = file_join(ret_journal, PATH_MAX, taking->state, "journal");
	return r < 0 ? err_errno(taking->err, r, "%s", taking->state) : 0;
}

/* Before the journal: where marks are older, a restored reader reads again and skips nothing. */
static int take_marks(struct taking *taking)
{
	static const char *const names[] = {
		"ingest.marks", "journal/ingest.marks", "journal/ledger.cursor"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(names) / sizeof(names[0]); i++)
		r = add_below(taking, names[i]);
	return r;
}

static int take(struct taking *taking, const char *const *files)
{
	struct cut *cut = taking->cut;
	char journal[PATH_MAX];
	int r = name_databases(taking, journal);

	if (r < 0)
		return r;
	r = add_folder(taking, taking->state, TOP);
	if (r == 0)
		r = add_folder(taking, journal, TOP "/journal");
	if (r == 0)
		r = take_marks(taking);
	cut->made_s = time(NULL);
	if (r == 0) {
		r = db_snapshot_open(cut->ledger_path, &cut->ledger, taking->err);
		r = r == -ENOENT ? 0 : r;
	}
	if (r == 0 && access(journal, F_OK) == 0)
		r = walk(taking, "journal", 1);
	if (r == 0)
		r = db_snapshot_open(cut->registry_path, &cut->registry, taking->err);
	if (r == 0)
		r = walk(taking, "", 0);
	return r < 0 ? r : add_others(taking, files);
}

int cut_take(const char *state, const char *const *files, struct cut *ret_cut, struct err *err)
{
	struct cut cut = {.count = 0};
	struct taking taking = {&cut, state, err};
	int r;

	allow_files();
	r = take(&taking, files);
	if (r < 0)
		cut_done(&cut);
	else
		*ret_cut = cut;
	return r;
}

int cut_add_snapshot(struct cut *cut, struct db_snapshot **snapshot, const char *temp,
	const struct db_pace *pace, struct err *err)
{
	bool ledger = *snapshot == cut->ledger;
	const char *path = ledger ? cut->ledger_path : cut->registry_path;
	struct taking taking = {cut, NULL, err};
	struct stat like;
	int r = stat(path, &like) < 0 ? err_errno(err, -errno, "%s", path) : 0;

	if (r == 0)
		r = db_snapshot_copy(*snapshot, temp, pace, err);
	if (r == 0) {
		r = add_file(&taking, temp, ledger ? TOP "/ledger.db" : TOP "/registry.db");
		unlink(temp);
	}
	if (r < 0)
		return r;
	like.st_size = cut->items[cut->count - 1].like.st_size;
	cut->items[cut->count - 1].like = like;
	db_snapshot_close(*snapshot);
	*snapshot = NULL;
	return 0;
}

void cut_done(struct cut *cut)
{
	for (size_t i = 0; i < cut->count; i++) {
		if (cut->items[i].fd >= 0)
			close(cut->items[i].fd);
		free(cut->items[i].name);
	}
	free(cut->items);
	db_snapshot_close(cut->ledger);
	db_snapshot_close(cut->registry);
	memset(cut, 0, sizeof(*cut));
}
