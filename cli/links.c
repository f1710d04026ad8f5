/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/links.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/number.h"
#include "collector/desk/zone.h"
#include "common/civil.h"

enum column { DESA, PROVIDER, KIND, LAT, LON, ZONE, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {
	"desa", "provider", "kind", "lat", "lon", "zone"};

struct links {
	struct registry_link *items;
	unsigned *lines; /* where each was read */
	size_t count, room;
	const char *path; /* borrowed */
};

struct source {
	struct csv *csv;
	int columns[COLUMN_COUNT]; /* -1: the file has none */
};

static int find_columns(struct source *source, const char *path, struct err *err)
{
	const char *name;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		source->columns[i] = csv_column(source->csv, column_names[i]);
		if (source->columns[i] < 0 && i <= KIND)
			return err_set(
				err, -EINVAL, "%s:1: no column \"%s\"", path, column_names[i]);
	}
	for (size_t i = 0; (name = csv_column_name(source->csv, i)); i++) {
		int known = 0;

		for (int j = 0; j < COLUMN_COUNT; j++)
			known |= source->columns[j] == (int)i;
		if (!known)
			return err_set(err, -EINVAL,
				"%s:1: unknown column \"%.60s\"; known are desa, provider, kind, "
				"lat, lon, zone",
				path, name);
	}
	return 0;
}

static const char *field(const struct source *source, enum column column)
{
	return csv_field(source->csv, source->columns[column]);
}

static int read_text(
	const struct source *source, enum column column, char *ret, size_t size, struct err *err)
{
	const char *text = field(source, column);

	if (!*text)
		return csv_refuse(source->csv, source->columns[column], err, "is empty");
	if (strlen(text) >= size)
		return csv_refuse(source->csv, source->columns[column], err,
			"is longer than %zu bytes", size - 1);
	strcpy(ret, text);
	return 0;
}

static int read_degrees(
	const struct source *source, enum column column, int most, double *ret, struct err *err)
{
	int64_t value;

	if (number_parse(field(source, column), LINKS_DEGREE_DECIMALS, &value) ||
		value > most * LINKS_DEGREE || value < -most * LINKS_DEGREE)
		return csv_refuse(source->csv, source->columns[column], err,
			"must be degrees from -%d to %d with at most %d decimals", most, most,
			LINKS_DEGREE_DECIMALS);
	*ret = (double)value / LINKS_DEGREE;
	return 0;
}

static int read_position(const struct source *source, struct registry_link *link, struct err *err)
{
	int lat = *field(source, LAT) != '\0', lon = *field(source, LON) != '\0', rc;

	if (!lat && !lon)
		return 0;
	if (lat != lon)
		return csv_refuse(source->csv, source->columns[lat ? LAT : LON], err,
			"lat and lon belong together");
	link->has_position = true;
	rc = read_degrees(source, LAT, 90, &link->lat, err);
	return rc ? rc : read_degrees(source, LON, 180, &link->lon, err);
}

static int read_zone(const struct source *source, struct registry_link *link, struct err *err)
{
	const char *zone = field(source, ZONE);
	int32_t offset_s;

	if (!*zone)
		zone = zone_of_region(link->desa);
	if (!zone)
		return 0; /* a province that the table does not know: the registry's default */
	if (civil_zone(zone, &offset_s))
		return csv_refuse(
			source->csv, source->columns[ZONE], err, "must be WIB, WITA or WIT");
	strcpy(link->zone, zone);
	return 0;
}

static int read_kind(const struct source *source, struct registry_link *link, struct err *err)
{
	int kind = link_kind_parse(field(source, KIND));

	if (kind < 0)
		return csv_refuse(source->csv, source->columns[KIND], err,
			"must be one of fibre, 4g, vsat, starlink, wireless");
	link->kind = (enum link_kind)kind;
	return 0;
}

static int read_link(const struct source *source, struct registry_link *ret_link, struct err *err)
{
	struct registry_link link = {0};
	enum region_level level;
	struct err words = {0};
	int rc = read_text(source, DESA, link.desa, sizeof(link.desa), err);

	if (!rc && (region_level(link.desa, &level, &words) || level != REGION_DESA))
		rc = csv_refuse(source->csv, source->columns[DESA], err, "%s",
			words.text[0] ? words.text : "a desa's code looks like 64.08.05.2001");
	if (!rc)
		rc = read_text(source, PROVIDER, link.provider, sizeof(link.provider), err);
	if (!rc)
		rc = read_kind(source, &link, err);
	if (!rc)
		rc = read_position(source, &link, err);
	if (!rc)
		rc = read_zone(source, &link, err);
	if (!rc)
		*ret_link = link;
	return rc;
}

static int make_room(struct links *links)
{
	size_t room = links->room ? links->room * 2 : 256;
	struct registry_link *items = reallocarray(links->items, room, sizeof(*items));
	unsigned *lines;

	if (!items)
		return -ENOMEM;
	links->items = items;
	lines = reallocarray(links->lines, room, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	links->lines = lines;
	links->room = room;
	return 0;
}

static int read_rows(struct links *links, const struct source *source, struct err *err)
{
	int rc;

	while ((rc = csv_next(source->csv, err)) == 1) {
		if (links->count == links->room && make_room(links))
			return err_set(err, -ENOMEM, "%s: out of memory", links->path);
		rc = read_link(source, &links->items[links->count], err);
		if (rc)
			return rc;
		links->lines[links->count++] = csv_line(source->csv);
	}
	return rc;
}

int links_read(const char *path, struct links **ret_links, struct err *err)
{
	struct source source;
	struct links *links;
	int rc = csv_open(path, &source.csv, err);

	if (rc)
		return rc;
	links = calloc(1, sizeof(*links));
	rc = links ? find_columns(&source, path, err) : err_set(err, -ENOMEM, "out of memory");
	if (!rc) {
		links->path = path;
		rc = read_rows(links, &source, err);
	}
	csv_free(source.csv);
	if (rc)
		links_free(links);
	else
		*ret_links = links;
	return rc;
}

void links_free(struct links *links)
{
	if (!links)
		return;
	free(links->items);
	free(links->lines);
	free(links);
}

size_t links_count(const struct links *links)
{
	return links->count;
}

/* The registry checks this too, but only here is the line known. */
static int check_desa(
	const struct links *links, size_t i, struct registry *registry, struct err *err)
{
	struct region desa;
	int rc = registry_region_get(registry, links->items[i].desa, &desa, err);

	if (rc == -ENOENT)
		err_set(err, rc, "%s:%u: desa = '%s': is not in the regions; import them first",
			links->path, links->lines[i], links->items[i].desa);
	return rc;
}

int links_import(const struct links *links, struct registry *registry, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < links->count && !rc; i++)
		rc = check_desa(links, i, registry, err);
	if (rc)
		return rc;
	rc = registry_links_import(registry, links->items, links->count, err);
	if (rc)
		err_prefix(err, "%s", links->path);
	return rc;
}
