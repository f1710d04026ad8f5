/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/regions.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"

struct origin { /* where an item was read, for the errors that show later */
	const char *path;
	unsigned line;
};

struct entry {
	struct region region;
	struct origin origin;
};

struct regions {
	struct entry *entries; /* sorted by code once checked */
	size_t count, room;
	struct region *items; /* the same regions without their origins, made by the check */
};

/* Which file it is follows from the column that names the parent. */
static const struct layout {
	const char *parent;
	enum region_level level;
} layouts[] = {
	{"province_code", REGION_KABUPATEN},
	{"regency_code", REGION_KECAMATAN},
	{"district_code", REGION_DESA},
};

struct columns {
	int code, parent, name;
	enum region_level level;
};

struct regions *regions_new(void)
{
	return calloc(1, sizeof(struct regions));
}

void regions_free(struct regions *regions)
{
	if (!regions)
		return;
	free(regions->entries);
	free(regions->items);
	free(regions);
}

static int find_columns(
	const struct csv *csv, const char *path, struct columns *ret, struct err *err)
{
	struct columns columns = {
		.code = csv_column(csv, "code"),
		.parent = -1,
		.name = csv_column(csv, "name"),
		.level = REGION_PROVINSI,
	};

	if (columns.code < 0 || columns.name < 0)
		return err_set(err, -EINVAL,
			"%s:1: no column \"%s\"; known are code,name with province_code, "
			"regency_code or district_code",
			path, columns.code < 0 ? "code" : "name");
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		int column = csv_column(csv, layouts[i].parent);

		if (column >= 0 && columns.parent >= 0)
			return err_set(err, -EINVAL, "%s:1: names two parents: %s and %s", path,
				csv_column_name(csv, (size_t)columns.parent), layouts[i].parent);
		if (column >= 0) {
			columns.parent = column;
			columns.level = layouts[i].level;
		}
	}
	*ret = columns;
	return 0;
}

static int check_code(const struct csv *csv, const struct columns *columns, struct err *err)
{
	static const char *const forms[] = {
		[REGION_PROVINSI] = "64",
		[REGION_KABUPATEN] = "64.08",
		[REGION_KECAMATAN] = "64.08.05",
		[REGION_DESA] = "64.08.05.2001",
	};
	const char *code = csv_field(csv, columns->code);
	enum region_level level;
	struct err words = {0};

	if (region_level(code, &level, &words))
		return csv_refuse(csv, columns->code, err, "%s", words.text);
	if (level != columns->level)
		return csv_refuse(csv, columns->code, err, "a code of this file looks like %s",
			forms[columns->level]);
	return 0;
}

static int check_row(const struct csv *csv, const struct columns *columns, struct err *err)
{
	const char *name = csv_field(csv, columns->name);
	char parent[REGION_CODE_BYTES];
	int rc = check_code(csv, columns, err);

	if (rc)
		return rc;
	if (!*name)
		return csv_refuse(csv, columns->name, err, "is empty");
	if (strlen(name) >= REGISTRY_NAME_BYTES)
		return csv_refuse(csv, columns->name, err, "is longer than %d bytes",
			REGISTRY_NAME_BYTES - 1);
	if (columns->level == REGION_PROVINSI)
		return 0;
	region_parent(csv_field(csv, columns->code), columns->level - 1, parent);
	if (strcmp(parent, csv_field(csv, columns->parent)))
		return csv_refuse(csv, columns->parent, err, "must be %s, as the code %s begins",
			parent, csv_field(csv, columns->code));
	return 0;
}

static struct entry *add_entry(struct regions *regions)
{
	if (regions->count == regions->room) {
		size_t room = regions->room ? regions->room * 2 : 1024;
		struct entry *entries = reallocarray(regions->entries, room, sizeof(*entries));

		if (!entries)
			return NULL;
		regions->entries = entries;
		regions->room = room;
	}
	return &regions->entries[regions->count++];
}

static int read_row(struct regions *regions, const struct csv *csv, const struct columns *columns,
	const char *path, struct err *err)
{
	struct entry *entry;
	int rc = check_row(csv, columns, err);

	if (rc)
		return rc;
	entry = add_entry(regions);
	if (!entry)
		return err_set(err, -ENOMEM, "%s: out of memory", path);
	memset(entry, 0, sizeof(*entry));
	entry->region.level = columns->level;
	strcpy(entry->region.code, csv_field(csv, columns->code));
	strcpy(entry->region.name, csv_field(csv, columns->name));
	entry->origin = (struct origin){path, csv_line(csv)};
	return 0;
}

static int read_rows(struct regions *regions, struct csv *csv, const char *path, struct err *err)
{
	struct columns columns;
	int rc;

	if (csv_column(csv, "coordinate") >= 0)
		return REGIONS_ISLANDS;
	rc = find_columns(csv, path, &columns, err);
	while (!rc) {
		rc = csv_next(csv, err);
		if (rc <= 0)
			break;
		rc = read_row(regions, csv, &columns, path, err);
	}
	return rc;
}

int regions_read(struct regions *regions, const char *path, struct err *err)
{
	struct csv *csv;
	int rc = csv_open(path, &csv, err);

	if (rc)
		return rc;
	rc = read_rows(regions, csv, path, err);
	csv_free(csv);
	return rc;
}

static int compare(const void *a, const void *b)
{
	return strcmp(
		((const struct entry *)a)->region.code, ((const struct entry *)b)->region.code);
}

static bool holds(const struct regions *regions, const char *code)
{
	struct entry key = {0};

	strcpy(key.region.code, code);
	return bsearch(&key, regions->entries, regions->count, sizeof(key), compare) != NULL;
}

/* 1: nobody knows what the entry lies in; 0, or a negative errno. */
static int is_orphan(const struct regions *regions, const struct entry *entry,
	struct registry *registry, struct err *err)
{
	struct region found;
	char parent[REGION_CODE_BYTES];
	int rc;

	if (entry->region.level == REGION_PROVINSI)
		return 0;
	region_parent(entry->region.code, entry->region.level - 1, parent);
	if (holds(regions, parent))
		return 0;
	rc = registry_region_get(registry, parent, &found, err);
	return rc == -ENOENT ? 1 : rc;
}

static int make_items(struct regions *regions, struct err *err)
{
	struct region *items = calloc(regions->count + 1, sizeof(*items));

	if (!items)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < regions->count; i++)
		items[i] = regions->entries[i].region;
	free(regions->items);
	regions->items = items;
	return 0;
}

int regions_check(struct regions *regions, struct err *err)
{
	if (regions->count)
		qsort(regions->entries, regions->count, sizeof(struct entry), compare);
	for (size_t i = 0; i < regions->count; i++) {
		const struct entry *entry = &regions->entries[i];

		if (i && !compare(entry - 1, entry))
			return err_set(err, -EINVAL, "%s:%u: code = '%s': is also in %s:%u",
				entry->origin.path, entry->origin.line, entry->region.code,
				entry[-1].origin.path, entry[-1].origin.line);
	}
	return make_items(regions, err);
}

int regions_orphans(struct regions *regions, struct registry *registry, size_t *ret_count,
	struct err *ret_first, struct err *err)
{
	size_t count = 0;

	for (size_t i = 0; i < regions->count; i++) {
		const struct entry *entry = &regions->entries[i];
		int rc = is_orphan(regions, entry, registry, err);

		if (rc < 0)
			return rc;
		if (rc && count++ == 0)
			err_set(ret_first, 0, "%s:%u: code = '%s'", entry->origin.path,
				entry->origin.line, entry->region.code);
	}
	*ret_count = count;
	return 0;
}

const struct region *regions_items(const struct regions *regions)
{
	return regions->items;
}

size_t regions_total(const struct regions *regions)
{
	return regions->count;
}

size_t regions_count(const struct regions *regions, enum region_level level)
{
	size_t count = 0;

	for (size_t i = 0; i < regions->count; i++)
		count += regions->entries[i].region.level == level;
	return count;
}
