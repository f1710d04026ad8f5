/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/imports.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/archive/archive_reader.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define KEEP_S (2 * 86400) /* as long as the journal is kept */
#define RETRY_US 10000000 /* after a file could not be opened: its owner may be the wrong one */
#define CLEAN_US 3600000000 /* between two looks for files that are not needed any more */

struct pending {
	struct import_entry entry;
	struct import_place place, safe; /* as read; in the ledger */
};

struct imports {
	char folder[PATH_MAX];
	struct registry *registry;
	int64_t sequence; /* of the log of changes: known up to here */
	struct pending *items;
	size_t count, room;
	size_t at, safe_at; /* the file being read; in the ledger */
	/* of the file being read */
	struct archive_reader *reader; /* NULL: to be opened */
	struct items part;
	bool waits; /* `waiting` is there */
	struct item waiting;
	uint64_t retry_us; /* not before; 0: nothing is wrong */
	uint64_t cleaned_us;
};

int imports_new(const char *state, struct imports **ret_imports, struct err *err)
{
	struct imports *imports = calloc(1, sizeof(*imports));
	int r;

	if (!imports)
		return err_errno(err, -ENOMEM, "%s", state);
	r = file_join(imports->folder, sizeof(imports->folder), state, IMPORT_FOLDER);
	if (r < 0)
		err_errno(err, r, "%s", state);
	else
		r = registry_open(state, REGISTRY_READ, NULL, &imports->registry, err);
	if (r < 0) {
		imports_free(imports);
		return r;
	}
	*ret_imports = imports;
	return 0;
}

void imports_free(struct imports *imports)
{
	if (!imports)
		return;
	archive_reader_close(imports->reader);
	registry_close(imports->registry);
	free(imports->items);
	free(imports);
}

/* ---- what was accepted */

struct look {
	struct imports *imports;
	struct ledger_db *db;
	struct err *err;
};

static int add(struct imports *imports, const struct pending *pending, struct err *err)
{
	if (imports->count == imports->room) {
		size_t room = imports->room ? imports->room * 2 : 8;
		struct pending *items = realloc(imports->items, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "%s", imports->folder);
		imports->items = items;
		imports->room = room;
	}
	imports->items[imports->count++] = *pending;
	return 0;
}

static int add_entry(void *arg, const struct import_entry *entry)
{
	const struct look *look = arg;
	struct pending pending = {.entry = *entry};
	int r = 0;

	if (entry->file[0] && !strchr(entry->file, '/'))
		r = ledger_import_place(look->db, entry, &pending.safe, look->err);
	else
		pending.safe.part = IMPORT_DONE;
	pending.place = pending.safe;
	if (r == 0 && pending.safe.part != IMPORT_DONE)
		r = add(look->imports, &pending, look->err);
	if (r == 0)
		look->imports->sequence = entry->sequence;
	return r;
}

static bool is_held(const struct imports *imports)
{
	return imports->retry_us && clock_boot_us() < imports->retry_us;
}

bool imports_wait(const struct imports *imports)
{
	return (imports->at < imports->count && !is_held(imports)) ||
		imports->safe_at < imports->at;
}

/* ---- reading */

static void close_file(struct imports *imports)
{
	archive_reader_close(imports->reader);
	imports->reader = NULL;
	imports->part = (struct items){0};
	imports->waits = false;
}

static void end_file(struct imports *imports)
{
	close_file(imports);
	imports->items[imports->at++].place.part = IMPORT_DONE;
}

/* What cannot be read is said, once, and not waited for: the import can be made again. */
static void give_up(struct imports *imports, const struct err *err)
{
	const struct pending *pending = &imports->items[imports->at];

	log_error("ledger: the import of %s is not in this ledger as a whole: %s; import the file "
		  "with SHA-256 %.16s... again",
		pending->entry.file, err->text, pending->entry.digest);
	end_file(imports);
}

/* The next part with facts, as far as the place says. 1, 0: the file's end. */
static int open_part(struct imports *imports, struct err *err)
{
	const struct import_place *place = &imports->items[imports->at].place;
	struct archive_part part;
	struct item item;
	int r;

	do
		r = archive_read_only(imports->reader, PART_FACTS, &part, err);
	while (r > 0 && (part.kind != PART_FACTS || part.number < place->part));
	if (r == -EBADMSG && archive_skip_damaged(imports->reader, NULL) == 0) {
		log_error("ledger: import: %s: that part is passed over", err->text);
		return open_part(imports, err);
	}
	if (r <= 0)
		return r;
	imports->part = (struct items){part.bytes, part.length, 0, 0};
	if (part.number > place->part)
		imports->items[imports->at].place = (struct import_place){part.number, 0};
	while (imports->part.next < place->item && items_next(&imports->part, &item) > 0)
		;
	return 1;
}

static int open_file(struct imports *imports, struct err *err)
{
	char path[PATH_MAX];
	int r = file_join(
		path, sizeof(path), imports->folder, imports->items[imports->at].entry.file);

	if (r < 0)
		return err_errno(err, r, "%s", imports->folder);
	return archive_reader_open(path, &imports->reader, err);
}

/* 1: an item of the present file; 0: it has no more. */
static int next_item(struct imports *imports, struct err *err)
{
	int r = imports->reader ? 0 : open_file(imports, err);

	while (r == 0) {
		r = items_next(&imports->part, &imports->waiting);
		if (r == -EBADMSG)
			return err_set(err, r, "a part ends within an item");
		if (r == 1)
			return 1;
		r = open_part(imports, err);
		if (r == 0)
			return 0;
		r = r < 0 ? r : 0;
	}
	return r;
}

/* Agents' records do not wait for a file that cannot be read: it is tried again. */
static void hold(struct imports *imports, const struct err *err)
{
	if (!imports->retry_us)
		log_error("ledger: an import waits: %s", err->text);
	imports->retry_us = clock_boot_us() + RETRY_US;
	close_file(imports);
}

int imports_peek(struct imports *imports, struct item *ret_item, struct err *err)
{
	int r;

	while (!imports->waits && imports->at < imports->count && !is_held(imports)) {
		r = next_item(imports, err);
		if (r == -ENOENT || r == -EBADMSG)
			give_up(imports, err);
		else if (r < 0)
			hold(imports, err);
		else if (r == 0)
			end_file(imports);
		else
			imports->waits = true;
	}
	if (!imports->waits)
		return 0;
	imports->retry_us = 0;
	*ret_item = imports->waiting;
	return 1;
}

void imports_next(struct imports *imports)
{
	imports->waits = false;
	imports->items[imports->at].place.item = imports->part.next;
}

/* ---- the batch */

int imports_put(struct imports *imports, struct ledger_writer *writer, struct err *err)
{
	int r = 0;

	for (size_t i = imports->safe_at; r == 0 && i <= imports->at && i < imports->count; i++) {
		const struct pending *pending = &imports->items[i];
		if (pending->place.part != pending->safe.part ||
			pending->place.item != pending->safe.item)
			r = ledger_put_import(writer, &pending->entry, pending->place, err);
	}
	return r;
}

void imports_commit(struct imports *imports)
{
	for (size_t i = imports->safe_at; i <= imports->at && i < imports->count; i++) {
		struct pending *pending = &imports->items[i];
		if (pending->place.part == IMPORT_DONE)
			log_info("ledger: import of %" PRId64 " records (SHA-256 %.16s...): done",
				pending->entry.records, pending->entry.digest);
		pending->safe = pending->place;
	}
	imports->safe_at = imports->at;
}

void imports_back(struct imports *imports)
{
	close_file(imports);
	for (size_t i = imports->safe_at; i <= imports->at && i < imports->count; i++)
		imports->items[i].place = imports->items[i].safe;
	imports->at = imports->safe_at;
}

/* ---- files that are not needed any more */

struct find {
	const char *file;
	struct ledger_db *db;
	bool needed;
	struct err *err;
};

static int is_needed(void *arg, const struct import_entry *entry)
{
	struct find *find = arg;
	struct import_place place;
	int r;

	if (strcmp(entry->file, find->file))
		return 0;
	r = ledger_import_place(find->db, entry, &place, find->err);
	find->needed = r < 0 || place.part != IMPORT_DONE;
	return r;
}

static int clean_file(
	struct imports *imports, struct ledger_db *db, const char *name, struct err *err)
{
	struct find find = {name, db, false, err};
	char path[PATH_MAX];
	struct stat about;
	int r = file_join(path, sizeof(path), imports->folder, name);

	if (r < 0 || stat(path, &about) < 0 || !S_ISREG(about.st_mode) ||
		about.st_mtime + KEEP_S > clock_utc_us() / 1000000)
		return 0;
	r = registry_imports(imports->registry, 0, is_needed, &find, err);
	if (r == 0 && !find.needed && unlink(path) < 0)
		log_warn("ledger: %s: %s", path, strerror(errno));
	return r;
}

/* What is in the ledger, or was never named by an import. */
static int clean(struct imports *imports, struct ledger_db *db, struct err *err)
{
	uint64_t at_us = clock_boot_us();
	const struct dirent *entry;
	DIR *folder;
	int r = 0;

	if (imports->cleaned_us && at_us - imports->cleaned_us < CLEAN_US)
		return 0;
	imports->cleaned_us = at_us;
	folder = opendir(imports->folder);
	if (!folder)
		return errno == ENOENT ? 0 : err_errno(err, -errno, "%s", imports->folder);
	while (r == 0 && (entry = readdir(folder)))
		r = clean_file(imports, db, entry->d_name, err);
	closedir(folder);
	return r;
}

int imports_follow(struct imports *imports, struct ledger_db *db, struct err *err)
{
	struct look look = {imports, db, err};
	int r = registry_imports(imports->registry, imports->sequence, add_entry, &look, err);

	return r < 0 ? r : clean(imports, db, err);
}
