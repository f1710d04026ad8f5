/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/gather.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/gather_private.h"
#include "collector/report/sla_report.h"

void revision_name(int64_t revision, char ret_name[REVISION_NAME_BYTES])
{
	if (revision)
		snprintf(ret_name, REVISION_NAME_BYTES, "Revisi ke-%" PRId64, revision);
	else
		snprintf(ret_name, REVISION_NAME_BYTES, "final");
}

const struct scope_row *scope_find_link(const struct scope *scope, int64_t link)
{
	size_t low = 0, high = scope->row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (scope->rows[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scope->row_count && scope->rows[low].link == link ? &scope->rows[low] : NULL;
}

bool scope_has_contract(const struct scope *scope, int64_t link, int64_t contract)
{
	const struct scope_row *end = scope->rows + scope->row_count;
	const struct scope_row *row = scope_find_link(scope, link);

	for (; row && row < end && row->link == link; row++) {
		if (row->contract == contract)
			return true;
	}
	return false;
}

/* ---- rows and their sums */

struct rows {
	struct scope *scope;
	enum sla_by by;
	struct table *table;
};

static int add_to_scope(struct scope *scope, const struct sla_row *row)
{
	if (scope->row_count == scope->row_room) {
		size_t room = scope->row_room ? scope->row_room * 2 : 64;
		struct scope_row *items = realloc(scope->rows, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		scope->rows = items;
		scope->row_room = room;
	}
	scope->rows[scope->row_count++] = (struct scope_row){row->link, row->contract};
	return 0;
}

static int add_row(void *arg, const struct sla_row *row)
{
	struct rows *rows = arg;
	struct sla_row issued = *row;

	issued.open = false;
	issued.revision = rows->scope->gather->revision;
	sla_report_issued_add(rows->table, rows->by, &issued);
	return rows->by == SLA_BY_LINK ? add_to_scope(rows->scope, row) : 0;
}

static int render(struct scope *scope, const char *name, struct table *table)
{
	int r = document_put_table(scope->out, name, table);

	table_free(table);
	return r < 0 ? err_errno(scope->err, r, "table %s of the month", name) : 0;
}

int scope_no_memory(struct scope *scope)
{
	return err_errno(scope->err, -ENOMEM, "a closed month");
}

int scope_put(struct scope *scope, const char *name, struct table *table, int failed)
{
	if (failed < 0) {
		table_free(table);
		return failed;
	}
	return render(scope, name, table);
}

struct sla_query scope_query(const struct scope *scope)
{
	const struct gather *gather = scope->gather;

	return (struct sla_query){
		.month = gather->month,
		.as_of_s = gather->as_of_s ? gather->as_of_s : gather->span.to,
		.filter = gather->filter ? *gather->filter : (struct registry_filter){0},
		.no_quality = gather->no_quality,
	};
}

static int gather_rows(struct scope *scope, enum sla_by by, const char *name)
{
	struct sla_query query = scope_query(scope);
	struct rows rows = {.scope = scope, .by = by, .table = sla_report_issued_new(by)};
	int r;

	if (!rows.table)
		return scope_no_memory(scope);
	query.by = by;
	r = sla_rows(scope->gather->source, &query, add_row, &rows, scope->err);
	return scope_put(scope, name, rows.table, r);
}

/* ---- the whole: what the rows name comes before them */

static int gather_sums(struct scope *scope)
{
	int r = gather_rows(scope, SLA_BY_LINK, TABLE_ROWS);

	if (r == 0)
		r = gather_rows(scope, SLA_BY_DESA, TABLE_DESA);
	if (r == 0)
		r = gather_rows(scope, SLA_BY_KECAMATAN, TABLE_KECAMATAN);
	if (r == 0)
		r = gather_rows(scope, SLA_BY_KABUPATEN, TABLE_KABUPATEN);
	return r == 0 ? gather_rows(scope, SLA_BY_PROVIDER, TABLE_PROVIDERS) : r;
}

/* No report prints RTT, loss or PDV of a desa. */
static int gather_part_sums(struct scope *scope)
{
	const struct gather *asked = scope->gather;
	struct gather desa = *asked;
	int r = gather_rows(scope, SLA_BY_LINK, TABLE_ROWS);

	if (r < 0)
		return r;
	desa.no_quality = true;
	scope->gather = &desa;
	r = gather_rows(scope, SLA_BY_DESA, TABLE_DESA);
	scope->gather = asked;
	return r;
}

struct courses { /* of the whole month, or of a part of it */
	int (*sums)(struct scope *scope);
	int (*measured)(struct scope *scope);
};

static int gather_courses(struct scope *scope, struct courses courses)
{
	struct buf *out = scope->out, rows;
	int r;

	buf_init(&rows, DOCUMENT_MAX);
	scope->out = &rows;
	r = courses.sums(scope);
	scope->out = out;
	if (r == 0)
		r = gather_registry(scope);
	if (r == 0) {
		r = buf_append(out, buf_peek(&rows), buf_length(&rows));
		if (r < 0)
			err_errno(scope->err, r, "rows of a closed month");
	}
	if (r == 0)
		r = courses.measured(scope);
	buf_done(&rows);
	return r;
}

int gather_tables(const struct gather *gather, struct buf *out, struct err *err)
{
	const struct gather whole = {
		gather->source, gather->month, gather->span, gather->revision, NULL, 0, false};
	struct scope scope = {.gather = &whole, .out = out, .err = err};
	int r = gather_courses(&scope, (struct courses){gather_sums, gather_ledger});

	free(scope.rows);
	return r;
}

int gather_part(const struct gather *gather, struct buf *out, struct err *err)
{
	struct scope scope = {.gather = gather, .out = out, .err = err};
	int r = gather_courses(&scope, (struct courses){gather_part_sums, gather_outages});

	free(scope.rows);
	return r;
}
