/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rights.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP UINT32_MAX /* the mode stays as whoever made the file wanted it */
#define DEPTH_MAX 4 /* folders in folders of the state */

struct right {
	const char *name; /* in its folder; NULL: all that are not named before */
	const char *user, *group;
	mode_t mode;
	const struct right *within; /* of a folder's content; NULL: as the folder, modes kept */
};

/* A certificate is public. Its key is signed with by the account that is handed it: the signer gets
 * ca.key as a credential, from root. */
static const struct right in_ca[] = {
	{"ca.crt", "root", "pantau", 0644, NULL},
	{NULL, "root", "root", 0600, NULL},
};

static const struct right in_tls[] = {
	{"server.crt", "root", "root", 0644, NULL},
	{NULL, "pantau-ingest", "pantau-ingest", 0400, NULL},
};

/* Records: the group reads them. The cursor is the ledger's; the folder is sticky, so that nobody
 * of the group removes what another wrote. */
static const struct right in_journal[] = {
	{"ledger.cursor", "pantau", "pantau-ingest", KEEP, NULL},
	{NULL, "pantau-ingest", "pantau-ingest", KEEP, NULL},
};

/* Who is in the group `pantau` shares the databases: SQLite's readers lock in a file that they must
 * be able to write. Ingest is not in it. */
static const struct right in_state[] = {
	{"ca", "root", "pantau", 0751, in_ca},
	{"tls", "root", "root", 0751, in_tls},
	{"stamp.key", "pantau-ingest", "pantau-ingest", 0400, NULL},
	{"journal", "pantau-ingest", "pantau-ingest", 03770, in_journal},
	{"keys", "pantau", "pantau", 0751, NULL},
	{"roster.json", "pantau", "pantau", 0644, NULL},
	{NULL, "pantau", "pantau", KEEP, NULL},
};

/* Others pass through to what is theirs, and see no names. */
static const struct right state_right = {NULL, "root", "pantau", 02771, in_state};

/* Written beside the journal until ingest had an account of its own. */
static const char *const moved[] = {"ingest.marks", "ingest.roster", "followers.json"};

bool rights_apply(void)
{
	return geteuid() == 0 && getpwnam("pantau") && getpwnam("pantau-ingest");
}

/* ---- one file or folder */

static int give(int fd, const struct stat *st, const struct right *right)
{
	const struct passwd *user = getpwnam(right->user);
	const struct group *group = getgrnam(right->group);
	char path[64];

	if (!user || !group)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((st->st_uid != user->pw_uid || st->st_gid != group->gr_gid) &&
		fchownat(fd, "", user->pw_uid, group->gr_gid, AT_EMPTY_PATH) < 0)
		return -errno;
	if (right->mode != KEEP && chmod(path, right->mode) < 0)
		return -errno;
	return 0;
}

static const struct right *right_of(const struct right *rights, const char *name)
{
	while (rights->name && strcmp(rights->name, name) != 0)
		rights++;
	return rights;
}

static int give_tree(int folder, const char *name, const struct right *right, int depth);

/* What a running process replaces meanwhile is gone by now, and its owner's in any case. */
static int give_content(int fd, const struct right *right, int depth)
{
	const struct right same[] = {{NULL, right->user, right->group, KEEP, NULL}};
	const struct right *within = right->within ? right->within : same;
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = again >= 0 ? fdopendir(again) : NULL;
	struct dirent *entry;

	if (!dir)
		r = -errno;
	while (r == 0 && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		r = give_tree(fd, entry->d_name, right_of(within, entry->d_name), depth + 1);
		if (r == -ENOENT && faccessat(fd, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			r = 0;
	}
	if (dir)
		closedir(dir);
	else if (again >= 0)
		close(again);
	return r;
}

/* Never by way of a link, symbolic or hard: who may write in a folder could point it elsewhere. */
static int give_tree(int folder, const char *name, const struct right *right, int depth)
{
	int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), r = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (S_ISDIR(st.st_mode))
		r = give(fd, &st, right);
	else if (S_ISREG(st.st_mode) && st.st_nlink == 1)
		r = give(fd, &st, right);
	if (r == 0 && S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
		r = give_content(fd, right, depth);
	close(fd);
	return r;
}

/* ---- the whole */

/* Never by way of a link: the group may write in the state folder. */
static int move_old(const char *state)
{
	int folder = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC), r = folder < 0 ? -errno : 0;
	int journal = -1;

	if (r == 0) {
		journal = openat(folder, "journal", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		r = journal < 0 ? -errno : 0;
	}
	for (size_t i = 0; r == 0 && i < sizeof(moved) / sizeof(moved[0]); i++)
		if (faccessat(journal, moved[i], F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
			renameat(folder, moved[i], journal, moved[i]) < 0 && errno != ENOENT)
			r = -errno;
	if (journal >= 0)
		close(journal);
	if (folder >= 0)
		close(folder);
	return r;
}

int rights_give(const char *state, struct err *err)
{
	char path[4096];
	int r = 0;

	/* Ingest could not make it: the folder around is not its own. */
	if (snprintf(path, sizeof(path), "%s/journal", state) >= (int)sizeof(path))
		r = -ENAMETOOLONG;
	else if (mkdir(path, 0750) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0)
		r = move_old(state);
	if (r == 0)
		r = give_tree(AT_FDCWD, state, &state_right, 0);
	return r < 0 ? err_errno(err, r, "%s: cannot be given to its owners", state) : 0;
}
