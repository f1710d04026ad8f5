/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/backup/manifest.h"
#include "common/crypto_hash.h"

#define PART_BYTES 262144
#define TOP "state"

struct unpacking {
	struct sealed_reader *sealed;
	struct archive *archive;
	struct manifest *manifest;
	struct crypto_hash *hash;
	struct err err; /* of the sealed file */
	int folder_fd;
	size_t strange_owners;
	char name[PART_NAME_BYTES]; /* of the entry */
	uint8_t part[PART_BYTES];
};

static la_ssize_t open_chunk(struct archive *archive, void *arg, const void **ret_bytes)
{
	struct unpacking *unpacking = arg;
	const uint8_t *bytes = NULL;
	size_t length = 0;
	int r = sealed_read(unpacking->sealed, &bytes, &length, &unpacking->err);

	*ret_bytes = bytes;
	return r < 0 ? -1 : (la_ssize_t)length;
}

static int say(struct unpacking *unpacking, struct err *err)
{
	const char *words = archive_error_string(unpacking->archive);
	const char *name = unpacking->name[0] ? unpacking->name : "the first part";

	if (unpacking->err.code)
		return err_set(err, unpacking->err.code, "%s, in %s", unpacking->err.text, name);
	return err_set(err, -EBADMSG, "%s, near byte %" PRIu64 ": %s", name,
		sealed_place(unpacking->sealed), words ? words : "not to be read");
}

/* ---- names and owners */

/* "state" and what is below it, without "..", an empty step or a 0. */
static bool name_is_ours(const char *name)
{
	size_t top = strlen(TOP);

	if (strncmp(name, TOP, top) != 0 || (name[top] && name[top] != '/'))
		return false;
	for (const char *step = name; step; step = strchr(step, '/')) {
		step += *step == '/';
		if (!*step || *step == '/' || !strncmp(step, "./", 2) || !strcmp(step, ".") ||
			!strncmp(step, "../", 3) || !strcmp(step, ".."))
			return false;
	}
	return true;
}

/* libarchive puts one behind a folder. */
static void cut_slash(char *name)
{
	size_t length = strlen(name);

	if (length && name[length - 1] == '/')
		name[length - 1] = '\0';
}

static const char *below(const char *name)
{
	return name[strlen(TOP)] ? name + strlen(TOP) + 1 : ".";
}

static int give(struct unpacking *unpacking, struct archive_entry *entry, int fd)
{
	const char *user = archive_entry_uname(entry), *group = archive_entry_gname(entry);
	const struct passwd *account = user ? getpwnam(user) : NULL;
	const struct group *members = group ? getgrnam(group) : NULL;

	if (geteuid() == 0) {
		uid_t uid = account ? account->pw_uid : (uid_t)-1;
		gid_t gid = members ? members->gr_gid : (gid_t)-1;

		unpacking->strange_owners += !account || !members;
		if (fchown(fd, uid, gid) < 0)
			return -errno;
	}
	return fchmod(fd, archive_entry_mode(entry) & (S_ISGID | S_ISVTX | 0777)) < 0 ? -errno : 0;
}

/* ---- entries */

static int make_folder(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	const char *path = below(unpacking->name);
	int fd, r;

	if (unpacking->folder_fd < 0)
		return 0;
	if (strcmp(path, ".") != 0 && mkdirat(unpacking->folder_fd, path, 0700) < 0)
		return err_errno(err, -errno, "%s", unpacking->name);
	fd = openat(unpacking->folder_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "%s", unpacking->name);
	r = give(unpacking, entry, fd);
	close(fd);
	return r < 0 ? err_errno(err, r, "%s", unpacking->name) : 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (fd >= 0 && length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

static int copy_bytes(struct unpacking *unpacking, int fd, uint64_t *ret_bytes, struct err *err)
{
	uint64_t bytes = 0;
	la_ssize_t n;
	int r = 0;

	while (r == 0 &&
		(n = archive_read_data(unpacking->archive, unpacking->part, PART_BYTES)) != 0) {
		if (n == ARCHIVE_RETRY)
			continue;
		if (n < 0)
			return say(unpacking, err);
		bytes += (uint64_t)n;
		r = crypto_hash_add(unpacking->hash, unpacking->part, (size_t)n);
		if (r == 0)
			r = write_all(fd, unpacking->part, (size_t)n);
	}
	if (r < 0)
		return err_errno(err, r, "%s", unpacking->name);
	*ret_bytes = bytes;
	return 0;
}

static int read_file(
	struct unpacking *unpacking, struct archive_entry *entry, int fd, struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	uint64_t bytes = 0;
	int r = crypto_hash_begin(unpacking->hash);

	if (r == 0)
		r = copy_bytes(unpacking, fd, &bytes, err);
	else
		err_errno(err, r, "%s", unpacking->name);
	if (r < 0)
		return r;
	r = crypto_hash_end(unpacking->hash, digest);
	if (r == 0)
		r = manifest_add(unpacking->manifest, unpacking->name, bytes, digest);
	if (r == 0 && fd >= 0)
		r = give(unpacking, entry, fd);
	return r < 0 ? err_errno(err, r, "%s", unpacking->name) : 0;
}

static int make_file(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	int fd = -1, r;

	if (unpacking->folder_fd >= 0) {
		fd = openat(unpacking->folder_fd, below(unpacking->name),
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_errno(err, -errno, "%s", unpacking->name);
	}
	r = read_file(unpacking, entry, fd, err);
	if (fd >= 0 && close(fd) < 0 && r == 0)
		r = err_errno(err, -errno, "%s", unpacking->name);
	return r;
}

static int read_manifest(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	la_int64_t length = archive_entry_size(entry);
	char *text;
	int r;

	if (length < 0 || length > MANIFEST_MAX)
		return err_set(err, -EBADMSG, MANIFEST_NAME ": too long");
	text = malloc((size_t)length + 1);
	if (!text)
		return err_errno(err, -ENOMEM, MANIFEST_NAME);
	r = archive_read_data(unpacking->archive, text, (size_t)length) == length
		? manifest_compare(unpacking->manifest, text, (size_t)length, err)
		: say(unpacking, err);
	free(text);
	return r;
}

/* A backup has plain files and folders under names of its own, and no second name for a file. */
static bool is_part(struct archive_entry *entry, const char *name)
{
	mode_t kind = archive_entry_filetype(entry);

	return (kind == AE_IFREG || kind == AE_IFDIR) && !archive_entry_hardlink(entry) &&
		name_is_ours(name);
}

/* 1: the manifest, which is the last one. */
static int take_entry(struct unpacking *unpacking, struct archive_entry *entry, struct err *err)
{
	const char *name = archive_entry_pathname(entry);
	mode_t kind = archive_entry_filetype(entry);
	int r;

	snprintf(unpacking->name, sizeof(unpacking->name), "%s", name ? name : "");
	if (kind == AE_IFDIR)
		cut_slash(unpacking->name);
	if (!archive_entry_hardlink(entry) && kind == AE_IFREG &&
		!strcmp(unpacking->name, MANIFEST_NAME)) {
		r = read_manifest(unpacking, entry, err);
		return r < 0 ? r : 1;
	}
	if (!name || strlen(name) >= PART_NAME_BYTES || !is_part(entry, unpacking->name))
		return err_set(
			err, -EBADMSG, "\"%.100s\": no part that a backup has", name ? name : "");
	return kind == AE_IFDIR ? make_folder(unpacking, entry, err)
				: make_file(unpacking, entry, err);
}

/* ---- the whole */

static int open_archive(struct unpacking *unpacking, struct err *err)
{
	unpacking->archive = archive_read_new();
	if (!unpacking->archive || archive_read_support_format_tar(unpacking->archive) ||
		archive_read_support_filter_zstd(unpacking->archive))
		return err_set(err, -EIO, "libarchive with zstd");
	if (archive_read_open(unpacking->archive, unpacking, NULL, open_chunk, NULL))
		return say(unpacking, err);
	return 0;
}

static int read_entries(struct unpacking *unpacking, struct err *err)
{
	struct archive_entry *entry;
	int code, r = 0;

	while (r == 0) {
		code = archive_read_next_header(unpacking->archive, &entry);
		if (code == ARCHIVE_EOF)
			return err_set(err, -EBADMSG, "it ends without a manifest");
		r = code == ARCHIVE_OK || code == ARCHIVE_WARN ? take_entry(unpacking, entry, err)
							       : say(unpacking, err);
	}
	return r < 0 ? r : 0;
}

/* What lies behind the tar's end is authenticated, too: a file that was cut there is found out. */
static int read_rest(struct unpacking *unpacking, struct err *err)
{
	const uint8_t *bytes;
	size_t length;
	int r;

	while ((r = sealed_read(unpacking->sealed, &bytes, &length, err)) > 0)
		;
	return r;
}

static void done(struct unpacking *unpacking)
{
	archive_read_free(unpacking->archive);
	manifest_free(unpacking->manifest);
	crypto_hash_free(unpacking->hash);
	crypto_forget(unpacking->part, sizeof(unpacking->part));
	free(unpacking);
}

int unpack(
	struct sealed_reader *reader, int folder_fd, struct unpacked *ret_unpacked, struct err *err)
{
	struct unpacking *unpacking = calloc(1, sizeof(*unpacking));
	int r;

	if (!unpacking)
		return err_errno(err, -ENOMEM, "a backup");
	unpacking->sealed = reader;
	unpacking->folder_fd = folder_fd;
	unpacking->manifest = manifest_new();
	unpacking->hash = crypto_hash_new();
	r = unpacking->manifest && unpacking->hash ? open_archive(unpacking, err)
						   : err_errno(err, -ENOMEM, "a backup");
	if (r == 0)
		r = read_entries(unpacking, err);
	if (r == 0)
		r = read_rest(unpacking, err);
	if (r == 0)
		*ret_unpacked = (struct unpacked){
			.parts = manifest_count(unpacking->manifest),
			.bytes = manifest_bytes(unpacking->manifest),
			.strange_owners = unpacking->strange_owners,
		};
	done(unpacking);
	return r;
}
