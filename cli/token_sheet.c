/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/token_sheet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "collector/report/monthly/clean.h"
#include "collector/report/monthly/paper/labels.h"
#include "collector/report/monthly/say.h"
#include "collector/report/table.h"
#include "common/civil.h"

struct sheet_row { /* what is told of one token */
	struct registry_link link;
	struct region_place place;
};

static int read_row(struct registry *registry, int64_t link, struct sheet_row *ret, struct err *err)
{
	int r = registry_link_get(registry, link, &ret->link, err);

	return r < 0 ? r : registry_place(registry, ret->link.desa, &ret->place, err);
}

/* ---- the table */

static void put_row(struct table *table, const struct tokens_order *order,
	const struct tokens *tokens, size_t i, const struct sheet_row *row)
{
	char expires[CIVIL_TIME_BYTES];

	civil_format(order->expires_s, expires);
	table_number(table, tokens->ids[i]);
	table_number(table, order->links[i]);
	table_text(table, order->wan);
	table_text(table, expires);
	table_text(table, tokens->texts[i]);
	table_text(table, row->link.desa);
	table_text(table, row->place.desa.name);
}

int token_sheet_csv(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct buf *out, struct err *err)
{
	static const struct table_column made[] = {
		{"token"}, {"link"}, {"wan"}, {"expires"}, {"text"}, {"desa"}, {"name"}, {NULL}};
	struct table *table = table_new(made);
	struct sheet_row row;
	int r = table ? 0 : err_set(err, -ENOMEM, "out of memory");

	for (size_t i = 0; r == 0 && i < tokens->count; i++) {
		r = read_row(registry, order->links[i], &row, err);
		if (r == 0)
			put_row(table, order, tokens, i, &row);
	}
	if (r == 0 && (r = table_render_csv(table, out)) < 0)
		err_errno(err, r, "the table of tokens");
	table_free(table);
	return r;
}

/* ---- the labels */

struct label_text {
	char title[REGISTRY_NAME_BYTES];
	char lines[LABEL_LINES][2 * REGISTRY_NAME_BYTES + 32];
};

static void write_label(const struct tokens_order *order, int64_t token,
	const struct sheet_row *row, struct label_text *ret)
{
	const struct say say = {REPORT_ID, row->link.offset_s};
	char moment[SAY_BYTES];

	snprintf(ret->title, sizeof(ret->title), "%s", row->place.desa.name);
	snprintf(ret->lines[0], sizeof(ret->lines[0]), "%s, %s", row->place.kecamatan.name,
		row->place.kabupaten.name);
	snprintf(ret->lines[1], sizeof(ret->lines[1]), "Link %" PRId64 " \u00b7 %s \u00b7 %s",
		row->link.id, order->wan, row->link.provider);
	snprintf(ret->lines[2], sizeof(ret->lines[2]), "Berlaku s.d. %s %s",
		say_stamp(&say, order->expires_s, moment), row->link.zone);
	snprintf(ret->lines[3], sizeof(ret->lines[3]),
		"Token %" PRId64 ": pantau-agent enrol TOKEN", token);
	clean_text(ret->title);
	for (int i = 0; i < LABEL_LINES; i++)
		clean_text(ret->lines[i]);
}

static int write_labels(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct label_text *texts, struct err *err)
{
	struct sheet_row row;
	int r = 0;

	for (size_t i = 0; r == 0 && i < tokens->count; i++) {
		r = read_row(registry, order->links[i], &row, err);
		if (r == 0)
			write_label(order, tokens->ids[i], &row, &texts[i]);
	}
	return r;
}

static int draw(const struct tokens *tokens, const struct label_text *texts, struct label *items,
	struct buf *out, struct err *err)
{
	const struct labels labels = {
		.items = items,
		.count = tokens->count,
		.title = "Label pendaftaran router \u2014 Pantau Desa",
		.foot = "Setiap kode mendaftarkan satu router, satu kali. Simpan seperti kunci.",
		.dated_s = time(NULL),
	};

	for (size_t i = 0; i < tokens->count; i++) {
		items[i].code = tokens->texts[i];
		items[i].title = texts[i].title;
		for (int j = 0; j < LABEL_LINES; j++)
			items[i].lines[j] = texts[i].lines[j];
	}
	return paper_labels(&labels, out, err);
}

int token_sheet_labels(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct buf *out, struct err *err)
{
	struct label_text *texts = calloc(tokens->count, sizeof(*texts));
	struct label *items = calloc(tokens->count, sizeof(*items));
	int r = texts && items ? write_labels(registry, order, tokens, texts, err)
			       : err_set(err, -ENOMEM, "out of memory");

	if (r == 0)
		r = draw(tokens, texts, items, out, err);
	free(texts);
	free(items);
	return r;
}
