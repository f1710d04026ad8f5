/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cuts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"
#include "collector/desk/zone.h"
#include "common/civil.h"

enum column { KECAMATAN, FROM, TO, NOTE, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {"kecamatan", "from", "to", "note"};

#define TIME_BYTES 64 /* longer is no time */

struct reader {
	const struct cuts_how *how;
	struct csv *csv;
	int columns[COLUMN_COUNT]; /* -1: the file has none */
	struct cuts cuts;
	size_t room, refused;
	struct err *err;
};

static int find_columns(struct reader *reader, const char *path)
{
	const char *name;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		reader->columns[i] = csv_column(reader->csv, column_names[i]);
		if (reader->columns[i] < 0 && i != NOTE)
			return err_set(reader->err, -EINVAL, "%s:1: no column \"%s\"", path,
				column_names[i]);
	}
	for (size_t i = 0; (name = csv_column_name(reader->csv, i)); i++) {
		bool known = false;

		for (int k = 0; k < COLUMN_COUNT; k++)
			known |= reader->columns[k] == (int)i;
		if (!known)
			return err_set(reader->err, -EINVAL,
				"%s:1: unknown column \"%.60s\"; known are kecamatan, from, to, "
				"note",
				path, name);
	}
	return 0;
}

static const char *field(const struct reader *reader, enum column column)
{
	return csv_field(reader->csv, reader->columns[column]);
}

/* -EINVAL with words; any other failure is not the line's. */
static int read_kecamatan(const struct reader *reader, struct registry_exclusion *cut)
{
	const char *code = field(reader, KECAMATAN);
	int column = reader->columns[KECAMATAN];
	enum region_level level;
	struct region region;
	int rc;

	if (region_level(code, &level, NULL) || level != REGION_KECAMATAN)
		return csv_refuse(
			reader->csv, column, reader->err, "a kecamatan's code looks like 64.08.05");
	rc = registry_region_get(reader->how->registry, code, &region, reader->err);
	if (rc == -ENOENT)
		return csv_refuse(reader->csv, column, reader->err,
			"is not in the regions; import them first");
	snprintf(cut->value, sizeof(cut->value), "%s", code);
	return rc;
}

/* "2026-01-05 13:00" is what spreadsheets write for "2026-01-05T13:00". */
static int read_time(
	const struct reader *reader, enum column column, int32_t offset_s, int64_t *ret_utc_s)
{
	const char *text = field(reader, column);
	char copy[TIME_BYTES];

	snprintf(copy, sizeof(copy), "%s", text);
	if (strlen(copy) > 10 && copy[10] == ' ')
		copy[10] = 'T';
	if (strlen(text) < sizeof(copy) && !civil_parse(copy, offset_s, ret_utc_s, NULL))
		return 0;
	return csv_refuse(reader->csv, reader->columns[column], reader->err,
		"is not a time: write 2026-02-01T08:00, or end it with Z or +08:00");
}

static int32_t offset_of(const struct cuts_how *how, const char *code)
{
	int32_t offset_s = how->offset_s;
	const char *zone = zone_of_region(code);

	if (!how->has_zone && zone)
		civil_zone(zone, &offset_s);
	return offset_s;
}

static int read_note(const struct reader *reader, struct registry_exclusion *cut)
{
	const char *more = field(reader, NOTE);
	size_t length = strlen(cut->note);

	if (!*more)
		return 0;
	if (length + strlen(more) + 2 >= sizeof(cut->note))
		return csv_refuse(reader->csv, reader->columns[NOTE], reader->err,
			"is too long: %zu bytes are left", sizeof(cut->note) - length - 3);
	snprintf(cut->note + length, sizeof(cut->note) - length, ": %s", more);
	return 0;
}

static int check_again(const struct reader *reader, const struct registry_exclusion *cut)
{
	for (size_t i = 0; i < reader->cuts.count; i++) {
		const struct registry_exclusion *other = &reader->cuts.items[i];
		if (other->from_s == cut->from_s && other->to_s == cut->to_s &&
			!strcmp(other->value, cut->value))
			return csv_refuse(reader->csv, reader->columns[KECAMATAN], reader->err,
				"line %u says the same", reader->cuts.lines[i]);
	}
	return 0;
}

static int read_cut(const struct reader *reader, struct registry_exclusion *ret_cut)
{
	struct registry_exclusion cut = reader->how->common;
	int32_t offset_s;
	int rc = read_kecamatan(reader, &cut);

	if (rc)
		return rc;
	cut.scope = SCOPE_KECAMATAN;
	offset_s = offset_of(reader->how, cut.value);
	rc = read_time(reader, FROM, offset_s, &cut.from_s);
	if (!rc)
		rc = read_time(reader, TO, offset_s, &cut.to_s);
	if (!rc && cut.to_s <= cut.from_s)
		rc = csv_refuse(reader->csv, reader->columns[TO], reader->err,
			"must lie after from, '%.40s'", field(reader, FROM));
	if (!rc)
		rc = read_note(reader, &cut);
	if (!rc)
		rc = check_again(reader, &cut);
	if (!rc)
		*ret_cut = cut;
	return rc;
}

static int make_room(struct reader *reader)
{
	struct cuts *cuts = &reader->cuts;
	size_t room = reader->room ? reader->room * 2 : 64;
	struct registry_exclusion *items;
	unsigned *lines;

	if (cuts->count < reader->room)
		return 0;
	if (cuts->count == CUTS_MAX)
		return err_set(reader->err, -EFBIG, "more than %d lines", CUTS_MAX);
	items = reallocarray(cuts->items, room, sizeof(*items));
	if (!items)
		return err_set(reader->err, -ENOMEM, "out of memory");
	cuts->items = items;
	lines = reallocarray(cuts->lines, room, sizeof(*lines));
	if (!lines)
		return err_set(reader->err, -ENOMEM, "out of memory");
	cuts->lines = lines;
	reader->room = room;
	return 0;
}

static int read_row(struct reader *reader)
{
	struct cuts *cuts = &reader->cuts;
	int rc = make_room(reader);

	if (rc)
		return rc;
	rc = read_cut(reader, &cuts->items[cuts->count]);
	if (rc == -EINVAL) {
		reader->refused++;
		reader->how->refuse(reader->how->arg, reader->err);
		return 0;
	}
	if (!rc)
		cuts->lines[cuts->count++] = csv_line(reader->csv);
	return rc;
}

static int read_rows(struct reader *reader, const char *path)
{
	size_t rows = 0;
	int rc;

	while ((rc = csv_next(reader->csv, reader->err)) == 1) {
		rows++;
		rc = read_row(reader);
		if (rc)
			return rc;
	}
	if (!rc && reader->refused)
		return err_set(reader->err, -EINVAL,
			"%s: %zu of %zu lines are refused; nothing was entered", path,
			reader->refused, rows);
	if (!rc && !rows)
		return err_set(reader->err, -EINVAL, "%s: has no line but the first", path);
	return rc;
}

int cuts_read(const char *path, const struct cuts_how *how, struct cuts *ret_cuts, struct err *err)
{
	struct reader reader = {.how = how, .err = err};
	int rc = csv_open(path, &reader.csv, err);

	if (rc)
		return rc;
	rc = find_columns(&reader, path);
	if (!rc)
		rc = read_rows(&reader, path);
	csv_free(reader.csv);
	if (rc)
		cuts_done(&reader.cuts);
	else
		*ret_cuts = reader.cuts;
	return rc;
}

void cuts_done(struct cuts *cuts)
{
	free(cuts->items);
	free(cuts->lines);
	*cuts = (struct cuts){0};
}
