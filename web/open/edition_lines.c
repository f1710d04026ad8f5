/* SPDX-License-Identifier: Apache-2.0 */
/* A month's rows in the few bytes that the page needs of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/contract_text.h"
#include "collector/report/sla_parse.h"
#include "web/open/edition.h"

static int by_place(const void *left, const void *right)
{
	const struct edition_line *a = left, *b = right;
	int order = strcmp(a->desa, b->desa);

	if (order)
		return order;
	if (a->link != b->link)
		return (a->link > b->link) - (a->link < b->link);
	return (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

static int by_link(const void *left, const void *right)
{
	const struct edition_line *a = left, *b = right;

	if (a->link != b->link)
		return (a->link > b->link) - (a->link < b->link);
	return (a->contract > b->contract) - (a->contract < b->contract);
}

static struct edition_line line_of(const struct sla_row *row)
{
	const struct month_row *month = &row->month;
	struct edition_line line = {
		.link = row->link,
		.contract = row->contract,
		.from_s = month->segment_from,
		.to_s = month->segment_to,
		.s = month->s,
		.e = month->e,
		.u = month->u,
		.d = month->d,
		.n = month->n,
		.outages = month->outages,
		.longest_s = month->longest_s,
		.has_target = row->has_target,
		.has_verdict = row->has_verdict,
		.has_down = row->figures.has_down,
		.has_up = row->figures.has_up,
		.target_ppm = row->target_ppm,
		.verdict = month->verdict,
		.down_kbps = row->figures.down_median_kbps,
		.up_kbps = row->figures.up_median_kbps,
	};

	snprintf(line.desa, sizeof(line.desa), "%s", row->desa);
	return line;
}

static int read_rows(struct edition_making *making)
{
	const struct document_table *table = document_table(making->document, TABLE_ROWS);
	struct edition *edition = making->edition;
	int r = 0;

	edition->lines = calloc(table->row_count + 1, sizeof(*edition->lines));
	if (!edition->lines)
		return err_errno(making->err, -ENOMEM, "open data of %s", edition->about.month);
	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		const struct sla_cells cells = {
			table->keys, table->cells + i * table->column_count, table->column_count};
		struct sla_row row;

		r = sla_row_parse(&cells, &row, making->err);
		if (r == 0)
			edition->lines[edition->line_count++] = line_of(&row);
	}
	return r;
}

/* What each row's contract promises. Lines are sorted by link meanwhile. */
static int read_promises(struct edition_making *making)
{
	const struct document_table *table = document_table(making->document, TABLE_CONTRACTS);
	struct edition *edition = making->edition;
	int r = 0;

	for (size_t i = 0; table && edition->line_count && r == 0 && i < table->row_count; i++) {
		struct registry_contract contract;
		struct edition_line key, *line;

		r = contract_parse(table, i, &contract, making->err);
		if (r < 0)
			break;
		key = (struct edition_line){.link = contract.link, .contract = contract.id};
		line = bsearch(&key, edition->lines, edition->line_count, sizeof(key), by_link);
		if (line) {
			line->promised_down_kbps = contract.kbps_down;
			line->promised_up_kbps = contract.kbps_up;
		}
	}
	return r;
}

int edition_read_lines(struct edition_making *making)
{
	struct edition *edition = making->edition;
	int r = read_rows(making);

	if (r == 0 && edition->line_count) {
		qsort(edition->lines, edition->line_count, sizeof(*edition->lines), by_link);
		r = read_promises(making);
		qsort(edition->lines, edition->line_count, sizeof(*edition->lines), by_place);
	}
	return r;
}
