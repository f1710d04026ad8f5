/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/archive_import.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/json.h"

#define FOLDER_MODE 0770 /* the group of the service works in it */
#define FILE_MODE 0660
#define FILE_PATTERN "evidence-XXXXXX"
#define COPY_BYTES 65536
#define NOTE_MAX 4096

struct import {
	const struct archive_order *order;
	struct archive_imported imported;
	struct registry_merge *merge;
	char copy[PATH_MAX]; /* "": there is none yet */
};

/* ---- the copy */

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

static int copy_bytes(int from, int to)
{
	uint8_t bytes[COPY_BYTES];
	ssize_t got;
	int r = 0;

	while (r == 0 && (got = read(from, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		r = got < 0 ? -errno : write_all(to, bytes, (size_t)got);
	}
	return r;
}

static int check_space(const struct archive_order *order, uint64_t bytes, struct err *err)
{
	uint64_t free_bytes, inodes;
	int r = file_space(order->state, &free_bytes, &inodes, err);

	if (r < 0 || free_bytes >= bytes + order->reserve_bytes)
		return r;
	return err_set(err, -ENOSPC,
		"%s: %" PRIu64 " MiB free, %" PRIu64 " MiB wanted and %" PRIu64 " MiB in reserve",
		order->state, free_bytes >> 20, (bytes >> 20) + 1, order->reserve_bytes >> 20);
}

/* The superuser may have typed the command; the ledger's process is not one. */
static int give_away(const struct archive_order *order, int fd)
{
	struct stat state;

	if (geteuid() != 0 || stat(order->state, &state) < 0)
		return 0;
	return fchown(fd, state.st_uid, state.st_gid);
}

static int make_folder(const struct archive_order *order, const char *folder, struct err *err)
{
	int fd, r = file_make_folder(folder, FOLDER_MODE, err);

	if (r < 0)
		return r;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || give_away(order, fd) < 0)
		r = err_errno(err, -errno, "%s", folder);
	if (fd >= 0)
		close(fd);
	return r;
}

static int fill_copy(const struct archive_order *order, const char *copy, int to, struct err *err)
{
	int from = open(order->path, O_RDONLY | O_CLOEXEC), r;

	if (from < 0)
		return err_errno(err, -errno, "%s", order->path);
	r = copy_bytes(from, to);
	close(from);
	if (r == 0 && (fchmod(to, FILE_MODE) < 0 || give_away(order, to) < 0 || fsync(to) < 0))
		r = -errno;
	return r < 0 ? err_errno(err, r, "%s", copy) : 0;
}

static int make_copy(struct import *import, struct err *err)
{
	const struct archive_order *order = import->order;
	char folder[PATH_MAX];
	int fd, r = file_join(folder, sizeof(folder), order->state, IMPORT_FOLDER);

	if (r == 0)
		r = file_join(import->copy, sizeof(import->copy), folder, FILE_PATTERN);
	if (r < 0)
		return err_errno(err, r, "%s", order->state);
	r = make_folder(order, folder, err);
	if (r == 0)
		r = check_space(order, import->imported.summary.bytes, err);
	if (r < 0) {
		import->copy[0] = '\0';
		return r;
	}
	fd = mkostemp(import->copy, O_CLOEXEC);
	if (fd < 0) {
		import->copy[0] = '\0';
		return err_errno(err, -errno, "%s", folder);
	}
	r = fill_copy(order, import->copy, fd, err);
	if (close(fd) < 0 && r == 0)
		r = err_errno(err, -errno, "%s", import->copy);
	return r < 0 ? r : file_sync_folder(folder, err);
}

/* ---- the transaction */

static int merge_row(void *arg, const struct table_row *row, struct err *err)
{
	struct import *import = arg;

	return registry_merge_row(import->merge, row, err);
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int write_note(const struct import *import, struct buf *out)
{
	const struct archive_summary *summary = &import->imported.summary;
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	if (import->copy[0])
		json_text(&json, "file", base_of(import->copy));
	json_text(&json, "name", base_of(import->order->path));
	json_text(&json, "month", summary->month);
	json_text(&json, "made", summary->made);
	json_number(&json, "rows", summary->rows);
	json_number(&json, "records", summary->records);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "", 1);
}

/* Reads the copy, not the file: what was checked here is what the ledger will read. */
static int merge_rows(struct import *import, struct err *err)
{
	struct archive_summary again;
	const char *path = import->copy[0] ? import->copy : import->order->path;
	int r = archive_check(path, merge_row, import, &again, err);

	if (r == 0 && strcmp(again.digest, import->imported.summary.digest))
		r = err_set(
			err, -EBADMSG, "%s: has changed while it was read", import->order->path);
	if (r == 0)
		r = registry_merge_check(import->merge, err);
	return r;
}

static void fill_entry(struct import *import)
{
	struct import_entry *entry = &import->imported.entry;

	strcpy(entry->digest, import->imported.summary.digest);
	entry->records = import->imported.summary.records;
	if (import->copy[0])
		snprintf(entry->file, sizeof(entry->file), "%.*s", (int)sizeof(entry->file) - 1,
			base_of(import->copy));
}

static int merge(struct import *import, struct err *err)
{
	struct merge_note note = {IMPORT_TABLE, import->imported.summary.digest, NULL};
	struct buf text;
	int r = registry_merge_begin(import->order->registry, &import->merge, err);

	if (r < 0)
		return r;
	buf_init(&text, NOTE_MAX);
	r = merge_rows(import, err);
	if (r == 0) {
		r = write_note(import, &text);
		if (r < 0)
			err_errno(err, r, "%s", import->order->path);
	}
	if (r == 0)
		note.after = (const char *)buf_peek(&text);
	import->imported.rows = registry_merge_counts(import->merge);
	r = registry_merge_end(import->merge, r, &note, &import->imported.entry.sequence, err);
	buf_done(&text);
	return r;
}

int archive_import(
	const struct archive_order *order, struct archive_imported *ret_imported, struct err *err)
{
	struct import import = {.order = order};
	struct archive_summary *summary = &import.imported.summary;
	int r = archive_check(order->path, NULL, NULL, summary, err);

	if (r == 0 && summary->records)
		r = make_copy(&import, err);
	if (r == 0)
		r = merge(&import, err);
	if (r < 0) {
		if (import.copy[0] && !import.imported.entry.sequence)
			unlink(import.copy); /* it does not count */
		return r;
	}
	fill_entry(&import);
	*ret_imported = import.imported;
	return 0;
}
