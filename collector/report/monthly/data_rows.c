/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of links, and their sums; worst first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/sums.h"
#include "collector/report/monthly/data.h"
#include "collector/report/monthly/names.h"
#include "collector/report/sla_parse.h"

/* ---- of links */

static int parse_row(struct report_making *making, const struct document_table *table, size_t i,
	struct sla_row *ret)
{
	const struct sla_cells cells = {
		table->keys, table->cells + i * table->column_count, table->column_count};
	int r = sla_row_parse(&cells, ret, making->err);

	if (r < 0)
		return err_prefix(making->err, "%s", making->ask->month);
	ret->open = !making->report->over;
	return 0;
}

static int name_row(struct report_making *making, struct report_row *row)
{
	struct report_names *names = making->report->names;
	int r = names_find(names, row->sla.desa, &row->desa, making->err);

	return r == 0 ? names_find(names, row->sla.kecamatan, &row->kecamatan, making->err) : r;
}

static int add_link(struct report_making *making, const struct sla_row *sla)
{
	struct report_rows *rows = &making->report->links;
	struct report_row *row = &rows->items[rows->count++];
	const struct report_link *link = report_find_link(making, sla->link);

	*row = (struct report_row){.sla = *sla, .links = 1, .desa = "", .kecamatan = ""};
	if (!link)
		return err_set(making->err, -EBADMSG, "%s: link %lld is not in the table of links",
			making->ask->month, (long long)sla->link);
	row->kind = link->kind;
	row->zone = link->zone;
	row->offset_s = link->offset_s;
	row->heard = link->heard;
	return name_row(making, row);
}

static int fill_links(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_ROWS);
	struct sla_row row;
	int r = 0;

	report->links.items = calloc(table->row_count + 1, sizeof(*report->links.items));
	if (!report->links.items)
		return report_no_memory(making);
	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		if (strcmp(report_text(table, i, "kabupaten"), report->kabupaten.code) != 0)
			continue;
		r = parse_row(making, table, i, &row);
		if (r == 0)
			r = add_link(making, &row);
	}
	return r;
}

/* ---- their contracts */

static void add_contract(struct report *report, const struct registry_contract *contract)
{
	/* rows go by link and beginning, contracts too, but not every contract has a row */
	for (size_t i = 0; i < report->links.count; i++) {
		struct report_row *row = &report->links.items[i];

		if (row->sla.contract != contract->id)
			continue;
		row->has_contract = true;
		row->fee = contract->terms.fee_rupiah;
		row->kbps_down = contract->kbps_down;
		row->kbps_up = contract->kbps_up;
	}
}

static int fill_contracts(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_CONTRACTS);
	struct registry_contract contract;
	int r = 0;

	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		if (!report_find_link(making, report_number(table, i, "link")))
			continue;
		r = contract_parse(table, i, &contract, making->err);
		if (r == 0)
			add_contract(report, &contract);
	}
	return r;
}

/* ---- sums */

struct folding {
	struct report_making *making;
	struct report_rows *rows;
	enum sla_by by;
};

/* A desa of several links has seconds of its own, which its row in the document says. */
static int read_desa(struct folding *folding, struct sla_row *row)
{
	const struct document_table *table = document_table(
		folding->making->report->document, TABLE_DESA);

	for (size_t i = 0; i < table->row_count; i++) {
		if (!strcmp(report_text(table, i, "desa"), row->desa))
			return parse_row(folding->making, table, i, row);
	}
	return err_set(folding->making->err, -EBADMSG, "%s: desa %s is not in the table of desa",
		folding->making->ask->month, row->desa);
}

static int add_sum(void *arg, const struct sum *sum)
{
	struct folding *folding = arg;
	struct report_row *row = &folding->rows->items[folding->rows->count++];
	int r = 0;

	*row = (struct report_row){
		.sla = sum->row, .links = sum->links, .desa = "", .kecamatan = "", .zone = ""};
	if (folding->by == SLA_BY_DESA && sum->links > 1)
		r = read_desa(folding, &row->sla);
	return r == 0 ? name_row(folding->making, row) : r;
}

static int fold(struct report_making *making, enum sla_by by, struct report_rows *rows)
{
	const struct report_rows *links = &making->report->links;
	struct sum_item *items = calloc(links->count + 1, sizeof(*items));
	struct folding folding = {making, rows, by};
	int r = 0;

	rows->items = calloc(links->count + 1, sizeof(*rows->items));
	if (!items || !rows->items)
		r = report_no_memory(making);
	for (size_t i = 0; r == 0 && i < links->count; i++)
		items[i] = (struct sum_item){links->items[i].sla, links->items[i].heard};
	if (r == 0)
		r = sums_fold(items, links->count, by, add_sum, &folding);
	free(items);
	return r;
}

static int fold_total(struct report_making *making)
{
	struct report_rows rows = {0};
	int r = fold(making, SLA_BY_KABUPATEN, &rows);

	making->report->total = (struct report_row){.desa = "", .kecamatan = "", .zone = ""};
	if (r == 0 && rows.count)
		making->report->total = rows.items[0];
	free(rows.items);
	return r;
}

int report_fill_rows(struct report_making *making)
{
	struct report *report = making->report;
	int r = fill_links(making);

	if (r == 0)
		r = fill_contracts(making);
	if (r == 0)
		r = fold(making, SLA_BY_DESA, &report->desa);
	if (r == 0)
		r = fold(making, SLA_BY_KECAMATAN, &report->kecamatan);
	if (r == 0)
		r = fold(making, SLA_BY_PROVIDER, &report->providers);
	return r == 0 ? fold_total(making) : r;
}

/* ---- worst first: what is proven, then what is possible. Shares are compared in integers. */

/* a/b against c/d; an undefined one is the greatest. */
static int compare_shares(int64_t a, int64_t b, int64_t c, int64_t d)
{
	__int128 left = (__int128)a * d, right = (__int128)c * b;

	if (!b || !d)
		return !b - !d;
	return (left > right) - (left < right);
}

static int compare_figures(const struct month_row *a, const struct month_row *b)
{
	int64_t of_a = a->s - a->e, of_b = b->s - b->e;
	int order = compare_shares(a->u + a->n, of_a, b->u + b->n, of_b);

	return order ? order : compare_shares(a->u, of_a, b->u, of_b);
}

static int compare_names(const struct sla_row *a, const struct sla_row *b)
{
	int order = strcmp(a->kecamatan, b->kecamatan);

	if (!order)
		order = strcmp(a->desa, b->desa);
	if (!order)
		order = strcmp(a->provider, b->provider);
	if (!order)
		order = (a->link > b->link) - (a->link < b->link);
	if (!order)
		order = (a->month.segment_from > b->month.segment_from) -
			(a->month.segment_from < b->month.segment_from);
	return order;
}

static int worst_sum(const void *left, const void *right)
{
	const struct report_row *a = left, *b = right;
	int order = compare_figures(&a->sla.month, &b->sla.month);

	return order ? order : compare_names(&a->sla, &b->sla);
}

static int worst_link(const void *left, const void *right)
{
	static const int places[] = {[VERDICT_MISSED] = 0,
		[VERDICT_UNDECIDED] = 1,
		[VERDICT_MET] = 2,
		[VERDICT_NOT_JUDGED] = 3};
	const struct report_row *a = left, *b = right;
	int order = places[a->sla.month.verdict] - places[b->sla.month.verdict];

	return order ? order : worst_sum(left, right);
}

static void sort(struct report_rows *rows, int (*worst)(const void *left, const void *right))
{
	if (rows->count)
		qsort(rows->items, rows->count, sizeof(*rows->items), worst);
}

void report_sort_rows(struct report *report)
{
	sort(&report->links, worst_link);
	sort(&report->desa, worst_sum);
	sort(&report->kecamatan, worst_sum);
	sort(&report->providers, worst_sum);
}
