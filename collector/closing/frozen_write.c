/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a month of which some rows stay as they were issued. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/frozen_private.h"
#include "collector/closing/sums.h"
#include "collector/report/sla_parse.h"
#include "collector/report/sla_report.h"

static bool is_kept_link(const struct kept_rows *kept, const char *link)
{
	int64_t id = strtoll(link, NULL, 10);

	for (size_t i = 0; i < kept->count; i++) {
		if (kept->items[i].link == id)
			return true;
	}
	return false;
}

/* ---- records copied as they stand */

struct copy {
	struct table_column *columns; /* of the table */
	struct table *table;
};

static void copy_done(struct copy *copy)
{
	table_free(copy->table);
	free(copy->columns);
}

static int copy_begin(const struct document_table *shape, struct copy *ret_copy)
{
	struct copy copy = {.columns = calloc(shape->column_count + 1, sizeof(*copy.columns))};

	if (!copy.columns)
		return -ENOMEM;
	for (size_t i = 0; i < shape->column_count; i++)
		copy.columns[i].key = shape->keys[i];
	copy.table = table_new(copy.columns);
	if (!copy.table) {
		copy_done(&copy);
		return -ENOMEM;
	}
	*ret_copy = copy;
	return 0;
}

/* Cells by the columns of the new table; one that the old program did not know is empty. */
static void copy_row(struct copy *copy, const struct document_table *from, size_t row)
{
	for (size_t i = 0; copy->columns[i].key; i++)
		table_text(copy->table,
			document_cell(from, row, document_column(from, copy->columns[i].key)));
}

static bool has_row(const struct document_table *table, const char *key, const char *value)
{
	int column = document_column(table, key);

	for (size_t i = 0; i < table->row_count; i++) {
		if (!strcmp(document_cell(table, i, column), value))
			return true;
	}
	return false;
}

/* The table as it comes out now, and what kept rows name that is not in it any more. */
static int write_named(const struct frozen *frozen, const struct kept_rows *kept, const char *name,
	const char *key, struct buf *content)
{
	const struct document_table *old = document_table(frozen->before, name);
	const struct document_table *new = document_table(frozen->after, name);
	int link = document_column(old, "link"), column = document_column(old, key);
	struct copy copy;
	int r = copy_begin(new, &copy);

	if (r < 0)
		return r;
	for (size_t i = 0; i < new->row_count; i++)
		copy_row(&copy, new, i);
	for (size_t i = 0; i < old->row_count; i++) {
		if (is_kept_link(kept, document_cell(old, i, link)) &&
			!has_row(new, key, document_cell(old, i, column)))
			copy_row(&copy, old, i);
	}
	r = document_put_table(content, name, copy.table);
	copy_done(&copy);
	return r;
}

/* As it comes out now, whole. */
static int write_plain(const struct frozen *frozen, const char *name, struct buf *content)
{
	const struct document_table *new = document_table(frozen->after, name);
	struct copy copy;
	int r = copy_begin(new, &copy);

	if (r < 0)
		return r;
	for (size_t i = 0; i < new->row_count; i++)
		copy_row(&copy, new, i);
	r = document_put_table(content, name, copy.table);
	copy_done(&copy);
	return r;
}

/* The next record from `row` on of a link that stays, or of one that does not. */
static size_t next_of(
	const struct document_table *table, size_t row, const struct kept_rows *kept, bool stays)
{
	int link = document_column(table, "link");

	while (row < table->row_count &&
		is_kept_link(kept, document_cell(table, row, link)) != stays)
		row++;
	return row;
}

static int64_t link_at(const struct document_table *table, size_t row)
{
	if (row >= table->row_count)
		return INT64_MAX;
	return strtoll(document_cell(table, row, document_column(table, "link")), NULL, 10);
}

/* By link: those of links that stay as they were issued, the others as they come out now. */
static int write_events(const struct frozen *frozen, const struct kept_rows *kept, const char *name,
	struct buf *content)
{
	const struct document_table *old = document_table(frozen->before, name);
	const struct document_table *new = document_table(frozen->after, name);
	size_t was = next_of(old, 0, kept, true), is = next_of(new, 0, kept, false);
	struct copy copy;
	int r = copy_begin(new, &copy);

	if (r < 0)
		return r;
	while (was < old->row_count || is < new->row_count) {
		if (link_at(old, was) < link_at(new, is)) {
			copy_row(&copy, old, was);
			was = next_of(old, was + 1, kept, true);
		} else {
			copy_row(&copy, new, is);
			is = next_of(new, is + 1, kept, false);
		}
	}
	r = document_put_table(content, name, copy.table);
	copy_done(&copy);
	return r;
}

/* ---- rows, and the sums of them */

struct rows {
	const struct frozen *frozen;
	const struct kept_rows *kept;
	struct sum_item *items;
	size_t count;
	struct buf *content;
	/* of the present sums */
	enum sla_by by;
	struct table *table;
	const struct document_table *old, *new; /* the sums as issued, and as they come out now */
	size_t likely_now, likely_before; /* where is_heard() looks first */
};

static int parse(const struct document_table *table, size_t row, struct sla_row *ret_row)
{
	const struct sla_cells cells = {
		table->keys, table->cells + row * table->column_count, table->column_count};

	return sla_row_parse(&cells, ret_row, NULL);
}

/* The link was heard of, says this document. Links are asked for in their order: mostly it is the
 * one that was found last, or the next. -1: it names no such link. */
static int is_heard(const struct document *document, const char *link, size_t *likely)
{
	const struct document_table *table = document_table(document, TABLE_LINKS);
	int id = document_column(table, "link"), first = document_column(table, "first_slot");

	for (size_t i = 0; i < table->row_count; i++) {
		size_t row = (*likely + i) % table->row_count;

		if (strcmp(document_cell(table, row, id), link) != 0)
			continue;
		*likely = row;
		return *document_cell(table, row, first) != '\0';
	}
	return -1;
}

static int take(struct rows *rows, const struct document *document, size_t row)
{
	const struct document_table *table = document_table(document, TABLE_ROWS);
	struct sum_item *item = &rows->items[rows->count++];
	const char *link = document_cell(table, row, document_column(table, "link"));
	int heard, r = parse(table, row, &item->row);

	item->row.revision = rows->frozen->revision;
	heard = is_heard(rows->frozen->after, link, &rows->likely_now);
	if (heard < 0)
		heard = is_heard(rows->frozen->before, link, &rows->likely_before);
	item->heard = heard > 0;
	return r;
}

static const struct kept_row *find_kept(const struct rows *rows, size_t now)
{
	for (size_t i = 0; i < rows->kept->count; i++) {
		if (rows->kept->items[i].now == (ssize_t)now)
			return &rows->kept->items[i];
	}
	return NULL;
}

static int by_link(const void *left, const void *right)
{
	const struct sla_row *a = &((const struct sum_item *)left)->row;
	const struct sla_row *b = &((const struct sum_item *)right)->row;

	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	return (a->month.segment_from > b->month.segment_from) -
		(a->month.segment_from < b->month.segment_from);
}

static int gather(struct rows *rows)
{
	const struct document_table *new = document_table(rows->frozen->after, TABLE_ROWS);
	int r = 0;

	rows->items = calloc(new->row_count + rows->kept->count + 1, sizeof(*rows->items));
	if (!rows->items)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < new->row_count; i++) {
		const struct kept_row *kept = find_kept(rows, i);

		r = kept ? take(rows, rows->frozen->before, kept->row)
			 : take(rows, rows->frozen->after, i);
	}
	for (size_t i = 0; r == 0 && i < rows->kept->count; i++) {
		if (rows->kept->items[i].now < 0)
			r = take(rows, rows->frozen->before, rows->kept->items[i].row);
	}
	qsort(rows->items, rows->count, sizeof(*rows->items), by_link);
	return r;
}

static int write_rows(struct rows *rows)
{
	struct table *table = sla_report_issued_new(SLA_BY_LINK);
	int r;

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		sla_report_issued_add(table, SLA_BY_LINK, &rows->items[i].row);
	r = document_put_table(rows->content, TABLE_ROWS, table);
	table_free(table);
	return r;
}

/* The sum of this key; false: the table has none. */
static bool find_sum(const struct document_table *table, enum sla_by by, const struct sum *sum,
	struct sla_row *ret_row)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (parse(table, i, ret_row) == 0 &&
			!strcmp(sum_key(by, ret_row), sum_key(by, &sum->row)))
			return true;
	}
	return false;
}

static bool has_kept(const struct rows *rows, const char *desa)
{
	for (size_t i = 0; i < rows->count; i++) {
		char link[24];

		snprintf(link, sizeof(link), "%lld", (long long)rows->items[i].row.link);
		if (!strcmp(rows->items[i].row.desa, desa) && is_kept_link(rows->kept, link))
			return true;
	}
	return false;
}

/* Percentiles, and the seconds of a desa of several rows, are not sums: they are taken from where
 * they were counted, as issued for a desa of which a link stays. */
static int put_sum(void *arg, const struct sum *sum)
{
	struct rows *rows = arg;
	bool desa = rows->by == SLA_BY_DESA;
	bool issued = desa && has_kept(rows, sum->row.desa);
	struct sla_row row = sum->row, counted;

	if (find_sum(issued ? rows->old : rows->new, rows->by, sum, &counted) ||
		find_sum(issued ? rows->new : rows->old, rows->by, sum, &counted)) {
		row.figures = counted.figures;
		if (desa && sum->rows > 1) {
			struct month_row own = counted.month;

			own.high_loss_intervals = row.month.high_loss_intervals;
			own.has_restitution = row.month.has_restitution;
			own.restitution_low = row.month.restitution_low;
			own.restitution_high = row.month.restitution_high;
			row.month = own;
		}
	}
	sla_report_issued_add(rows->table, rows->by, &row);
	return 0;
}

static int write_sums(struct rows *rows, enum sla_by by, const char *name)
{
	int r;

	rows->by = by;
	rows->old = document_table(rows->frozen->before, name);
	rows->new = document_table(rows->frozen->after, name);
	rows->table = sla_report_issued_new(by);
	if (!rows->table)
		return -ENOMEM;
	sums_fold(rows->items, rows->count, by, put_sum, rows);
	r = document_put_table(rows->content, name, rows->table);
	table_free(rows->table);
	return r;
}

static int write_all_rows(
	const struct frozen *frozen, const struct kept_rows *kept, struct buf *content)
{
	struct rows rows = {.frozen = frozen, .kept = kept, .content = content};
	int r = gather(&rows);

	if (r == 0)
		r = write_rows(&rows);
	if (r == 0)
		r = write_sums(&rows, SLA_BY_DESA, TABLE_DESA);
	if (r == 0)
		r = write_sums(&rows, SLA_BY_KECAMATAN, TABLE_KECAMATAN);
	if (r == 0)
		r = write_sums(&rows, SLA_BY_KABUPATEN, TABLE_KABUPATEN);
	if (r == 0)
		r = write_sums(&rows, SLA_BY_PROVIDER, TABLE_PROVIDERS);
	free(rows.items);
	return r;
}

int frozen_write(const struct frozen *frozen, const struct kept_rows *kept, struct buf *content)
{
	int r = write_named(frozen, kept, TABLE_LINKS, "link", content);

	if (r == 0)
		r = write_named(frozen, kept, TABLE_CONTRACTS, "contract", content);
	if (r == 0)
		r = write_plain(frozen, TABLE_EXCLUSIONS, content);
	if (r == 0)
		r = write_plain(frozen, TABLE_DECISIONS, content);
	if (r == 0)
		r = write_all_rows(frozen, kept, content);
	if (r == 0)
		r = write_events(frozen, kept, TABLE_OUTAGES, content);
	if (r == 0)
		r = write_events(frozen, kept, TABLE_HIGH_LOSS, content);
	return r == 0 ? write_plain(frozen, TABLE_EVIDENCE, content) : r;
}
