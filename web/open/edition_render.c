/* SPDX-License-Identifier: Apache-2.0 */
/* A month's tables as CSV and JSON: columns of the dictionary, cells of the document. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "collector/report/monthly/csv.h"
#include "collector/report/table.h"
#include "common/civil.h"
#include "web/open/metadata.h"

#define COLUMNS_MAX 72
#define PATH_BYTES 128

struct view { /* one table of the dictionary over the document */
	struct edition_making *making;
	const struct open_table *open;
	const struct document_table *source, *links, *contracts;
	const struct open_column *columns[COLUMNS_MAX]; /* those that are shown */
	int places[COLUMNS_MAX]; /* of their cells in the document; -1 none */
	struct table_column titles[COLUMNS_MAX + 1];
	size_t count;
	int desa, link, contract; /* columns of the source */
	struct table *tables[OPEN_FORMATS];
};

long edition_row_of(const struct document_table *table, const char *column, const char *number)
{
	int place = table ? document_column(table, column) : -1;
	long long wanted = strtoll(number, NULL, 10);
	size_t low = 0, high = place < 0 ? 0 : table->row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		long long here = strtoll(document_cell(table, middle, place), NULL, 10);

		if (here == wanted)
			return (long)middle;
		if (here < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/* Contracts come by link and beginning: their numbers are in no order. */
static long find_contract(const struct view *view, const char *link, const char *contract)
{
	const struct document_table *table = view->contracts;
	long row = edition_row_of(table, "link", link);
	int by_link = row < 0 ? -1 : document_column(table, "link");
	int by_id = row < 0 ? -1 : document_column(table, "contract");

	while (row > 0 && !strcmp(document_cell(table, (size_t)row - 1, by_link), link))
		row--;
	for (; row >= 0 && (size_t)row < table->row_count &&
		!strcmp(document_cell(table, (size_t)row, by_link), link);
		row++) {
		if (!strcmp(document_cell(table, (size_t)row, by_id), contract))
			return row;
	}
	return -1;
}

static const struct document_table *table_of(const struct view *view, enum open_from from)
{
	switch (from) {
	case FROM_ROW: return view->source;
	case FROM_LINK: return view->links;
	case FROM_CONTRACT: return view->contracts;
	default: return NULL;
	}
}

static void choose_columns(struct view *view)
{
	for (const struct open_column *column = view->open->columns; column->key; column++) {
		const struct document_table *table = table_of(view, column->from);
		size_t i = view->count;

		if (!open_column_shown(column, view->making->publisher->money))
			continue;
		view->columns[i] = column;
		view->places[i] = table ? document_column(table, column->source) : -1;
		view->titles[i] = (struct table_column){.key = column->key,
			.kind = !strcmp(column->type, "integer") || !strcmp(column->type, "number")
				? TABLE_NUMBER
				: TABLE_TEXT};
		view->count++;
	}
}

static const char *status(const struct edition_about *about, char room[REVISION_NAME_BYTES])
{
	if (!about->closed)
		return "sementara";
	revision_name(about->issue.revision, room);
	return room;
}

/* Into both tables. Who opens a CSV in a spreadsheet must not run what stands in a name: there it
 * gets an apostrophe, as in the reports; programs that want it as it is read JSON. */
static int put(struct view *view, size_t i, const char *text)
{
	char *guarded;

	table_text(view->tables[OPEN_JSON], text);
	if (strcmp(view->columns[i]->type, "string") != 0 || !csv_is_formula(text)) {
		table_text(view->tables[OPEN_CSV], text);
		return 0;
	}
	if (asprintf(&guarded, "'%s", text) < 0)
		return err_errno(view->making->err, -ENOMEM, "open data");
	table_text(view->tables[OPEN_CSV], guarded);
	free(guarded);
	return 0;
}

static int put_place(struct view *view, size_t i, const char *desa)
{
	static const enum region_level levels[] = {
		[FROM_DESA_NAME] = REGION_DESA,
		[FROM_KECAMATAN] = REGION_KECAMATAN,
		[FROM_KECAMATAN_NAME] = REGION_KECAMATAN,
		[FROM_KABUPATEN] = REGION_KABUPATEN,
		[FROM_KABUPATEN_NAME] = REGION_KABUPATEN,
	};
	enum open_from from = view->columns[i]->from;
	bool named = from != FROM_KECAMATAN && from != FROM_KABUPATEN;
	char code[REGION_CODE_BYTES];
	const char *name = "";
	int r = 0;

	region_parent(desa, levels[from], code);
	if (named)
		r = names_find(view->making->names, code, &name, view->making->err);
	return r == 0 ? put(view, i, named ? name : code) : r;
}

static int put_cell(struct view *view, size_t row, size_t i)
{
	const struct edition_about *about = &view->making->edition->about;
	const char *link = document_cell(view->source, row, view->link);
	char room[REVISION_NAME_BYTES];
	long other;

	switch (view->columns[i]->from) {
	case FROM_ROW: return put(view, i, document_cell(view->source, row, view->places[i]));
	case FROM_PERIOD: return put(view, i, about->month);
	case FROM_STATUS: return put(view, i, status(about, room));
	case FROM_LINK: other = edition_row_of(view->links, "link", link); break;
	case FROM_CONTRACT:
		other = find_contract(view, link, document_cell(view->source, row, view->contract));
		break;
	default: return put_place(view, i, document_cell(view->source, row, view->desa));
	}
	if (other < 0)
		return put(view, i, "");
	return put(view, i,
		document_cell(
			table_of(view, view->columns[i]->from), (size_t)other, view->places[i]));
}

static int fill_tables(struct view *view)
{
	int r = 0;

	for (size_t row = 0; r == 0 && row < view->source->row_count; row++) {
		for (size_t i = 0; r == 0 && i < view->count; i++)
			r = put_cell(view, row, i);
	}
	return r;
}

/* ---- files */

static void put_issue(struct json *json, const struct view *view)
{
	const struct edition_about *about = &view->making->edition->about;
	char as_of[CIVIL_TIME_BYTES];

	civil_format(about->as_of_s, as_of);
	json_text(json, "period", about->month);
	json_text(json, "as_of", as_of);
	metadata_issue(json, view->making->publisher, about->closed ? &about->issue : NULL);
}

static int write_json(const struct view *view, struct buf *out)
{
	const struct table *table = view->tables[OPEN_JSON];
	const struct publisher *publisher = view->making->publisher;
	char path[PATH_BYTES], url[OPEN_URL_BYTES];
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "title", view->open->title[OPEN_ID]);
	json_text(&json, "publisher", publisher_name(publisher));
	if (*publisher->banner)
		json_text(&json, "warning", publisher->banner);
	put_issue(&json, view);
	publisher_terms(&json, publisher);
	snprintf(path, sizeof(path), "/open/v1/schema/%s.json", view->open->name);
	json_text(&json, "schema", publisher_url(publisher, path, url));
	json_array(&json, "key");
	for (const char *const *key = view->open->key; *key; key++)
		json_text(&json, NULL, *key);
	json_array_end(&json);
	json_number(&json, "total", (int64_t)table_rows(table));
	r = table_render_json(table, &json, "rows");
	json_object_end(&json);
	if (r == 0)
		r = json_end(&json);
	return r == 0 ? buf_append(out, "\n", 1) : r;
}

static int write_files(struct view *view, struct packed *files)
{
	struct buf out;
	int r;

	buf_init(&out, OPEN_FILE_MAX);
	r = table_render_csv(view->tables[OPEN_CSV], &out);
	if (r == 0)
		r = packed_make(&out, &files[OPEN_CSV]);
	buf_clear(&out);
	if (r == 0)
		r = write_json(view, &out);
	if (r == 0)
		r = packed_make(&out, &files[OPEN_JSON]);
	buf_done(&out);
	return r < 0
		? err_errno(view->making->err, r, "table %s of the open data", view->open->name)
		: 0;
}

static int render_table(struct edition_making *making, int which)
{
	const struct open_table *open = &open_tables[which];
	struct view view = {.making = making,
		.open = open,
		.source = document_table(making->document, open->source),
		.links = document_table(making->document, TABLE_LINKS),
		.contracts = document_table(making->document, TABLE_CONTRACTS)};
	int r = 0;

	view.desa = document_column(view.source, "desa");
	view.link = document_column(view.source, "link");
	view.contract = document_column(view.source, "contract");
	choose_columns(&view);
	for (int i = 0; i < OPEN_FORMATS; i++) {
		view.tables[i] = table_new(view.titles);
		if (!view.tables[i])
			r = err_errno(
				making->err, -ENOMEM, "table %s of the open data", open->name);
	}
	if (r == 0)
		r = fill_tables(&view);
	if (r == 0)
		r = write_files(&view, making->edition->files[which]);
	for (int i = 0; i < OPEN_FORMATS; i++)
		table_free(view.tables[i]);
	return r;
}

int edition_render(struct edition_making *making)
{
	int r = 0;

	for (int i = 0; r == 0 && i < OPEN_TABLES; i++)
		r = render_table(making, i);
	return r;
}
